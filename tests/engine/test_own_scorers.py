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


class _Floats(Scorer):
    """Gives floats."""

    id = "floats"

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        return values.group_by(*keys.cell).agg(num=nw.col("value").mean(), den=nw.len())


class _Nameless(Scorer):
    """Forgets the denominator."""

    id = "nameless"

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        return values.group_by(*keys.cell).agg(num=nw.col("value").sum())


class _Nought(Scorer):
    """Divides by nothing."""

    id = "nought"

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        summed = values.group_by(*keys.cell).agg(num=nw.col("value").sum())
        return summed.with_columns(den=nw.lit(0))


class _HalfFloats(FieldScorer):
    """Gives floats, one proposal at a time."""

    id = "half_floats"

    def score_field(self, field: Field) -> FieldScores:
        return FieldScores(dict.fromkeys(field.proposals, 0.5))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scorer", "told"),
    [
        (_Floats, "score() gave `num` as Float64; a score is exact: whole numbers"),
        (_Nameless, "score() gave no column den"),
        (_Nought, "score() gave a `den` that is not above 0"),
        (_HalfFloats, "score_field() gave a float for p1; a score is an int, Fraction or Decimal"),
    ],
)
def test_score_that_is_no_exact_fraction_is_refused(
    scorer: type[Scorer | FieldScorer], told: str
) -> None:
    loaded = competition({"p1": {"j1": 8}}, rubric={"scorer": scorer.id})
    with pytest.raises(PluginError) as refused:
        run(loaded, scorer)
    assert told in str(refused.value)
