"""Scorers of others, on both ways to score: frames and lists."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pytest

from review import FieldScorer, FieldScores, PluginError, Scorer
from review.errors import HeadroomError
from review.testing import competition, run

if TYPE_CHECKING:
    from review import Field, Keys

MARKS = {"p1": {"j1": "8.5", "j2": "7.5"}, "p2": {"j1": "9.5"}}


class Ballots(Scorer):
    """How many ballots there are: points of their own, whatever the unit of the marks."""

    id = "test_ballots"
    title = {"en": "Ballots", "zh-Hans": "票数"}  # noqa: RUF012
    unit = "points"

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        one = nw.lit(1, dtype=nw.Int64)
        counts = values.group_by(*keys.cell).agg(num=nw.len().cast(nw.Int64))
        return counts.with_columns(den=one)


class Fine(FieldScorer):
    """A score too fine for 64 bits."""

    id = "test_fine"
    title = {"en": "Fine", "zh-Hans": "过细"}  # noqa: RUF012

    def score_field(self, field: Field) -> FieldScores:
        return FieldScores({field.proposals[0]: Fraction(1, 3**50)})


class Broken(FieldScorer):
    """A scorer that raises."""

    id = "test_broken"
    title = {"en": "Broken", "zh-Hans": "损坏"}  # noqa: RUF012

    def score_field(self, field: Field) -> FieldScores:
        raise RuntimeError(f"no answer for {len(field.values)} values")


def test_points_are_not_divided_by_the_unit_of_the_marks() -> None:
    (found,) = run(competition(MARKS, rubric={"scorer": "test_ballots"}), Ballots).rounds
    assert {s.proposal: s.score for s in found.standings} == {
        "p1": Decimal("2.00"), "p2": Decimal("1.00"),
    }  # fmt: skip


def test_a_score_that_does_not_fit_is_refused() -> None:
    with pytest.raises(HeadroomError, match="criterion does not fit"):
        run(competition(MARKS, rubric={"scorer": "test_fine"}), Fine)


def test_a_scorer_that_raises_is_named() -> None:
    with pytest.raises(PluginError, match=r"test_own_scorers.*no answer for 3 values"):
        run(competition(MARKS, rubric={"scorer": "test_broken"}), Broken)
