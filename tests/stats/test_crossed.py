"""Who gave what to whom, as arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats.crossed import Crossed
from tests.stats.two_way import drawn


def small() -> Crossed:
    return Crossed.of(["b", "a", "b", "c"], ["y", "x", "x", "z"], [1, 2, 3, 4])


def test_codes_point_to_sorted_names() -> None:
    data = small()
    assert (data.proposals, data.judges) == (("a", "b", "c"), ("x", "y", "z"))
    assert data.proposal.tolist() == [1, 0, 1, 2]
    assert data.judge.tolist() == [1, 0, 0, 2]
    assert data.value.dtype == np.float64
    assert (len(data), data.shape) == (4, (3, 3))


def test_values_are_counted_by_proposal_and_judge() -> None:
    assert small().by_proposal.tolist() == [1, 2, 1]
    assert small().by_judge.tolist() == [2, 1, 1]


def test_matrix_has_nan_where_there_is_no_value() -> None:
    expected = [[2, np.nan, np.nan], [3, 1, np.nan], [np.nan, np.nan, 4]]
    assert np.array_equal(small().matrix(), expected, equal_nan=True)


@pytest.mark.parametrize(("share", "complete"), [(1.0, True), (0.5, False)])
def test_complete_is_a_table_without_gaps(share: float, complete: bool) -> None:  # noqa: FBT001
    assert drawn(6, 4, share).is_complete is complete


@pytest.mark.parametrize("rows", [np.array([0, 3]), np.array([True, False, False, True])])
def test_rows_taken_keep_no_name_without_a_value(rows: np.ndarray) -> None:
    taken = small().take(rows)
    assert (taken.proposals, taken.judges) == (("b", "c"), ("y", "z"))
    assert taken.matrix()[[0, 1], [0, 1]].tolist() == [1, 4]


def test_components_are_what_judges_connect() -> None:
    assert small().components.tolist() == [0, 0, 1]
    assert not small().is_connected
    assert drawn(6, 4).is_connected


@given(st.permutations(range(12)))
def test_order_of_rows_changes_no_matrix(order: list[int]) -> None:
    data = drawn(4, 3)
    assert np.array_equal(data.take(np.array(order)).matrix(), data.matrix())
