"""Scores that a scorer hands back as an array: ranked like any other."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest

from review import FieldScorer, FieldScores, HeadroomError
from review.testing import competition, run

if TYPE_CHECKING:
    from review import Field
    from review.testing.build import Marks

MARKS: Marks = {
    "p1": {"a": "7.5", "b": 8},
    "p2": {"a": 9, "b": "8.5"},
    "p3": {"a": "7.5", "b": 8},
    "p4": {"b": 3},
}


class Mean(FieldScorer):
    """The mean mark, with numpy."""

    id = "array_mean"
    title = {"en": "Mean", "zh-Hans": "平均"}  # noqa: RUF012
    factor: ClassVar[float] = 1

    def score_field(self, field: Field) -> FieldScores:
        crossed = field.crossed()
        sums = np.bincount(crossed.proposal, weights=crossed.value)
        means = self.factor * sums / crossed.by_proposal
        return FieldScores.held(crossed.proposals, means, unit=field.unit)


class Points(FieldScorer):
    """Ten points for each mark above 8."""

    id = "array_points"
    title = {"en": "Points", "zh-Hans": "计分"}  # noqa: RUF012
    unit = "points"

    def score_field(self, field: Field) -> FieldScores:
        crossed = field.crossed()
        above = np.bincount(crossed.proposal, weights=crossed.value > 8)
        return FieldScores.held(crossed.proposals, 10 * above.astype(np.float64), places=0)


class Finer(FieldScorer):
    """All the same, but told apart."""

    id = "array_finer"
    title = {"en": "Finer", "zh-Hans": "细分"}  # noqa: RUF012

    def score_field(self, field: Field) -> FieldScores:  # noqa: ARG002
        found = FieldScores.held(["p1", "p2"], np.ones(2))
        return FieldScores(found.scores, finer={"p1": 1, "p2": 2})


def standings(scorer: type[FieldScorer], **rules: Any) -> list[tuple[str, int | None, Any]]:
    rubric = {"scorer": scorer.id, "decimals": 3, **rules.pop("rubric", {})}
    (found,) = run(competition(MARKS, rubric=rubric, **rules), scorer).rounds
    return [(s.proposal, s.rank, s.score) for s in found.standings]


@pytest.mark.parametrize("order", ["judge-first", "criterion-first"])
def test_array_of_scores_is_ranked_as_exact_ones_are(order: str) -> None:
    expected = standings_of_mean(order)
    assert standings(Mean, rubric={"order": order}) == expected
    assert [score for _, _, score in expected] == [
        Fraction(x) for x in ("8.75", "7.75", "7.75", "3")
    ]


def standings_of_mean(order: str) -> list[tuple[str, int | None, Any]]:
    rubric = {"scorer": "weighted_mean", "decimals": 3, "order": order}
    (found,) = run(competition(MARKS, rubric=rubric)).rounds
    return [(s.proposal, s.rank, s.score) for s in found.standings]


def test_array_of_points_needs_no_unit() -> None:
    assert standings(Points) == [("p2", 1, 20), ("p1", 2, 0), ("p3", 2, 0), ("p4", 2, 0)]


def test_array_may_be_ordered_finer() -> None:
    found = standings(Finer)
    assert found[:2] == [("p2", 1, Fraction("0.1")), ("p1", 2, Fraction("0.1"))]


def test_array_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mean, "factor", 1e13)
    with pytest.raises(HeadroomError):
        standings(Mean)
