"""Judge effects by least squares: against a dense solution, and what must not change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats.additive import fit
from review.stats.crossed import Crossed
from tests.stats.drawing import drawn

if TYPE_CHECKING:
    from review.stats.crossed import Floats


def by_lstsq(crossed: Crossed) -> Floats:
    """Qualities of the same model with all unknowns in one table, Σ b = 0 as one more row."""
    n, m = crossed.shape
    rows = np.arange(len(crossed))
    table = np.zeros((len(crossed) + 1, n + m))
    table[rows, crossed.proposal] = table[rows, n + crossed.judge] = 1
    table[-1, n:] = 1
    found: Floats = np.linalg.lstsq(table, np.append(crossed.value, 0))[0][:n]
    return found


@pytest.mark.parametrize("dense", [500, 0])
@pytest.mark.parametrize(("proposals", "judges", "ballots"), [(40, 12, 3), (9, 5, 5), (6, 20, 7)])
def test_additive_is_least_squares(dense: int, proposals: int, judges: int, ballots: int) -> None:
    crossed = drawn(1, proposals, judges, ballots)
    found = fit(crossed, dense=dense)
    assert found.quality == pytest.approx(by_lstsq(crossed), abs=1e-9)
    assert found.effect.sum() == pytest.approx(0, abs=1e-12)


def test_additive_takes_few_steps_where_judges_are_mixed() -> None:
    crossed = drawn(2, 2000, 600, 5)
    found = fit(crossed)
    assert found.steps <= 20
    assert found.quality == pytest.approx(fit(crossed, dense=600).quality, abs=1e-9)


def test_additive_of_a_complete_table_is_the_mean() -> None:
    crossed = drawn(3, 8, 4, 4)
    assert fit(crossed).quality == pytest.approx(crossed.matrix().mean(axis=1))


def test_additive_keeps_the_marks_of_a_single_judge() -> None:
    crossed = Crossed.of(["a", "b"], ["x", "x"], [3, 5])
    found = fit(crossed)
    assert (found.quality.tolist(), found.effect.tolist(), found.steps) == ([3, 5], [0], 0)


def test_additive_of_identical_judges_is_their_mark() -> None:
    crossed = drawn(4, 30, 10, 3)
    same = np.linspace(1, 9, 30)
    marks = Crossed(
        crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, same[crossed.proposal]
    )
    assert fit(marks).quality == pytest.approx(same, abs=1e-9)


@given(st.integers(0, 1000), st.integers(0, 6), st.floats(-5, 5))
def test_additive_keeps_its_order_when_a_judge_adds_a_constant(
    seed: int, judge: int, more: float
) -> None:
    crossed = drawn(seed, 12, 7, 4)
    if not crossed.is_connected:
        return
    value = crossed.value + np.where(crossed.judge == judge, more, 0)
    moved = Crossed(crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, value)
    before, after = fit(crossed).quality, fit(moved).quality
    assert after - before == pytest.approx(np.full(12, more / 7), abs=1e-8)


@given(st.permutations(range(36)))
def test_additive_does_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    crossed = drawn(5, 12, 6, 3)
    assert fit(crossed.take(np.array(order))).quality == pytest.approx(
        fit(crossed).quality, abs=1e-9
    )


def test_additive_refuses_parts_that_no_judge_connects() -> None:
    crossed = Crossed.of(["a", "b"], ["x", "y"], [3, 5])
    with pytest.raises(ValueError, match="no chain of judges connects"):
        fit(crossed)


def test_additive_says_when_it_did_not_settle() -> None:
    with pytest.raises(RuntimeError, match="did not settle in 2 steps"):
        fit(drawn(6, 40, 12, 3), dense=0, most_steps=2)
