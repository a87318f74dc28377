"""Judging by order: who was placed above whom, as a scorer of rankings sees it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from review.plugin.parts import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.plugin.parts import FieldScores


@dataclass(frozen=True, slots=True)
class Ranking:
    """How one judge ordered some proposals: groups of equals, the best group first.

    `places` has at least two proposals, each once, sorted within a group. A comparison of two is a
    ranking of two groups of one, a draw one group of two.
    """

    judge: str
    places: tuple[tuple[str, ...], ...]


class RankingScorer(Part, ABC):
    """A scorer of rankings: of comparisons, of whole rankings, or of the order of marks.

    Where a round is judged by comparisons or rankings, it is handed those. Where it is judged by
    marks, it is handed one ranking per judge: ballots (judge-first) or the marks on one criterion
    (criterion-first), highest first, equal ones tied.
    """

    unit: ClassVar[Literal["points"]] = "points"

    @abstractmethod
    def score_rankings(self, proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores:
        """One exact score per proposal of the field; a proposal left out has no score.

        `proposals`: those that were judged, sorted; one may be in no ranking. `rankings`: sorted by
        judge and places, equal ones as often as they were given.
        """


def by_value(
    proposals: Sequence[str], judges: Sequence[str], values: Sequence[int]
) -> list[Ranking]:
    """One ranking per judge of what they gave values, the highest first and equal ones tied.

    A judge of one proposal alone ranks nothing.
    """
    ballots: dict[str, dict[int, list[str]]] = {}
    for proposal, judge, value in zip(proposals, judges, values, strict=True):
        ballots.setdefault(judge, {}).setdefault(value, []).append(proposal)
    places = {
        judge: tuple(tuple(sorted(ballot[value])) for value in sorted(ballot, reverse=True))
        for judge, ballot in sorted(ballots.items())
    }
    return [Ranking(judge, order) for judge, order in places.items() if sum(map(len, order)) > 1]
