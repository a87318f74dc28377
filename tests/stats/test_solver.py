"""Equations with one side eliminated, against the model written down in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats import solver
from review.stats.crossed import Crossed
from review.stats.solver import Layout, solve
from tests.stats.two_way import Full, drawn


@pytest.mark.parametrize(("n", "m", "share"), [(9, 4, 1.0), (4, 9, 0.5), (12, 6, 0.4)])
@pytest.mark.parametrize(("a", "c"), [(1.0, 0.5), (0.0, 2.0), (3.0, 0.0), (1e3, 1e-3), (0.0, 0.0)])
def test_solution_is_that_of_the_full_model(
    n: int, m: int, share: float, a: float, c: float
) -> None:
    data = drawn(n, m, share)
    layout = Layout(data)
    ratios = (a, c) if layout.rows_are_proposals else (c, a)
    solution = solve(layout, *ratios)
    full = Full(data, a, c)
    assert solution.rss * layout.scale**2 == pytest.approx(full.rss)
    assert solution.log_determinant == pytest.approx(full.log_determinant)
    assert solution.criterion == pytest.approx(full.criterion)
    assert layout.centre + layout.scale * solution.effects[-1] == pytest.approx(full.mean)


@pytest.mark.parametrize("full", [0.0, 2.0])
@pytest.mark.parametrize("kept", [0, 10**6])
def test_sums_over_rows_are_the_same_by_tables_and_by_pairs(
    full: float, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solver, "FULL", full)
    monkeypatch.setattr(solver, "KEPT", kept)
    layout = Layout(drawn(14, 6, 0.5))
    table = np.zeros((layout.rows, layout.columns))
    table[layout.row, layout.column] = 1
    weights = 1 / (1 + 0.7 * layout.by_row)
    assert layout.gram(weights) == pytest.approx(table.T @ (table * weights[:, None]))
    square = np.arange(layout.columns**2).reshape(layout.columns, -1) / 7
    square += square.T
    assert layout.quadratic(square) == pytest.approx(np.diag(table @ square @ table.T))


def test_rows_of_one_value_have_no_pairs() -> None:
    layout = Layout(Crossed.of(list("abcdefghijkl"), list("xyzxyzxyzxyz"), np.arange(12.0)))
    assert [len(found) for found in layout.pairs] == [0, 0]


def test_longer_side_is_eliminated() -> None:
    sides = [Layout(drawn(n, m)) for n, m in ((7, 3), (3, 7), (4, 4))]
    assert [(side.rows, side.columns) for side in sides] == [(7, 3), (7, 3), (4, 4)]
    assert [side.rows_are_proposals for side in sides] == [True, False, True]


@given(st.permutations(range(20)))
def test_order_of_values_changes_nothing(order: list[int]) -> None:
    data = drawn(5, 4)
    again = Crossed(
        data.proposals, data.judges, data.proposal[order], data.judge[order], data.value[order]
    )
    first, second = (solve(Layout(each), 1.0, 0.5) for each in (data, again))
    assert second.effects == pytest.approx(first.effects, rel=1e-12)
