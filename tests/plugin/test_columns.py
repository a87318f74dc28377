"""Columns and arrays in the place of lists: the same to whoever looks into them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from review import Field, FieldScores
from review.plugin.columns import Listed


def field() -> Field:
    proposals, judges, values = ["p1", "p1", "p2"], ["b", "a", "b"], [75, 80, 90]
    return Field(
        Listed(pl.Series(proposals)), Listed(pl.Series(judges)), Listed(pl.Series(values)), 10
    )


def test_column_is_a_list_to_whoever_looks() -> None:
    column = Listed(pl.Series(["b", "a", "c"]))
    assert list(column) == ["b", "a", "c"]
    assert (column[0], column[-1], column[1:], len(column)) == ("b", "c", ["a", "c"], 3)
    assert column == ["b", "a", "c"]
    assert len({column, column}) == 1


def test_field_of_columns_is_the_field_of_lists() -> None:
    assert field().by_judge() == {"b": {"p1": 75, "p2": 90}, "a": {"p1": 80}}
    assert field().by_proposal() == {"p1": {"b": 75, "a": 80}, "p2": {"b": 90}}


@pytest.mark.parametrize(
    "of", [field(), Field(["p1", "p1", "p2"], ["b", "a", "b"], [75, 80, 90], 10)]
)
def test_field_as_arrays_is_in_marks(of: Field) -> None:
    crossed = of.crossed()
    assert (crossed.proposals, crossed.judges) == (("p1", "p2"), ("a", "b"))
    assert crossed.proposal.tolist() == [0, 0, 1]
    assert crossed.judge.tolist() == [1, 0, 1]
    assert crossed.value.tolist() == [7.5, 8, 9]


def test_held_scores_are_rounded_away_from_zero() -> None:
    scores = np.array([0.0000005, -0.0000005, 0.0000004999, 2.675, -0.0])
    found = FieldScores.held(list("abcde"), scores).scores
    millionths = Fraction(1, 10**6)
    assert found == {
        "a": millionths,
        "b": -millionths,
        "c": millionths,
        "d": Fraction("2.675"),
        "e": 0,
    }
    assert FieldScores.held(["a"], np.array([0.0000004994])).scores == {"a": 0}


def test_half_that_floats_cannot_hold_is_a_half() -> None:
    """1.005 is a little less than that as a float."""
    assert FieldScores.held(["a"], np.array([1.005]), places=2).scores == {"a": Fraction("1.01")}


def test_held_scores_are_in_the_unit_of_the_field() -> None:
    assert FieldScores.held(["a", "b"], np.array([7.25, 1]), unit=100).scores == {
        "a": 725,
        "b": 100,
    }


@pytest.mark.parametrize(
    ("scores", "told"),
    [([1.0, np.nan], "the score of b is no finite number"), ([1.0], "2 proposals, but scores of")],
)
def test_scores_that_cannot_be_held_are_refused(scores: list[float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FieldScores.held(["a", "b"], np.array(scores))
