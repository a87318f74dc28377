"""A scorer that is an expression on frames, and one that iterates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

import review
from review import FieldScorer, FieldScores, Message, Scorer

if TYPE_CHECKING:
    from review import Field, Keys


class Peak(Scorer):
    """The highest mark of any judge."""

    id = "peak"
    title = {"en": "Highest mark", "zh-Hans": "最高分"}

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """The maximum over judges, over 1."""
        highest = values.group_by(*keys.cell).agg(num=nw.col("value").max())
        return highest.with_columns(den=nw.lit(1, nw.Int64))


class Approval(FieldScorer):
    """How many judges put a proposal among their best `among`."""

    id = "approval"
    title = {"en": "Approval", "zh-Hans": "认可票"}
    unit = "points"

    class Options(review.Options):
        """`among`: how many places of a judge's list are an approval."""

        among: int = 2

    def score_field(self, field: Field) -> FieldScores:
        """One point from each judge who has fewer than `among` better proposals."""
        points = dict.fromkeys(field.proposals, 0)
        for ballot in field.by_judge().values():
            for proposal, mark in ballot.items():
                better = sum(other > mark for other in ballot.values())
                points[proposal] += better < self.options.among
        if len(set(field.judges)) > 1:
            return FieldScores(points)
        text = {"en": "one judge alone approved", "zh-Hans": "只有一位评委投了认可票"}
        return FieldScores(points, warnings=[Message("approval_alone", {}, text)])
