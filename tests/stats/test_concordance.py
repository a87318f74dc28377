"""Kendall's W: published, with ties, with gaps, by random orders."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats import concordance as module
from review.stats.concordance import concordance, largest_block
from tests.stats.agreement_tables import WINES, by_judge, crossed


def test_published_wine_panel_comes_out() -> None:
    found = concordance(by_judge(WINES))
    assert found is not None
    assert list(found.rank_sums) == [31, 25, 24, 19, 27, 39, 31]
    assert found.w == pytest.approx(0.1793, abs=5e-5)
    assert found.p == pytest.approx(0.2745, abs=5e-5)
    assert (found.p_drawn, found.draws) == (None, 0)


def test_ties_have_their_mean_rank_and_are_corrected_for() -> None:
    """12 · Σ(R - mean)² ÷ (m²(n³ - n) - m Σ(t³ - t)) by hand: rank sums 3, 4.5, 4.5, 8."""
    found = concordance(crossed([(1, 1), (2, 2), (2, 2), (5, 4)]))
    assert found is not None
    assert list(found.rank_sums) == [2, 5, 5, 8]
    assert found.w == 1.0
    other = concordance(crossed([(1, 2), (2, 1), (2, 3), (5, 4)]))
    assert other is not None
    assert list(other.rank_sums) == [3, 3.5, 5.5, 8]
    assert other.w == pytest.approx(12 * 15.5 / (4 * 60 - 2 * 6))


def test_small_panels_are_told_by_random_orders() -> None:
    """As exact as 9,999 draws are: all orders of three proposals by three judges."""
    table = [(1, 1, 2), (2, 3, 1), (3, 2, 3)]
    sums = np.array(table).sum(axis=1)
    least = ((sums - 6) ** 2).sum()
    orders = list(permutations((1, 2, 3)))
    every = [np.sum(each, axis=0) for each in product(orders, repeat=3)]
    exact = np.mean([((each - 6) ** 2).sum() >= least for each in every])
    found = concordance(crossed(table), seed=3)
    assert found is not None
    assert found.draws == 9_999
    assert found.p_drawn == pytest.approx(exact, abs=0.015)
    assert found == concordance(crossed(table), seed=3)
    assert found.p_drawn != concordance(crossed(table), seed=4).p_drawn  # type: ignore[union-attr]


def test_draws_are_fewer_on_wide_tables_and_none_on_huge_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = crossed([(i, (i * 7) % 40) for i in range(40)])
    monkeypatch.setattr(module, "MOST_RANKS", 1_000 * 80)
    monkeypatch.setattr(module, "CHUNK", 300 * 80)
    found = concordance(table)
    assert found is not None
    assert found.draws == 1_000
    assert found.p_drawn == pytest.approx(found.p, abs=0.15)
    monkeypatch.setattr(module, "MOST_RANKS", 998 * 80)
    assert concordance(table).p_drawn is None  # type: ignore[union-attr]


@given(
    st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=3, max_size=8).filter(
        lambda rows: all(map(any, rows)) and all(map(any, zip(*rows, strict=True)))
    )
)
def test_largest_block_is_the_largest(marked: list[list[bool]]) -> None:
    table = crossed([[j if there else None for j, there in enumerate(row)] for row in marked])
    best = max(
        (
            len(panel) * sum(all(row[j] for j in panel) for row in marked)
            for size in range(2, 6)
            for panel in combinations(range(5), size)
            if sum(all(row[j] for j in panel) for row in marked) > 2
        ),
        default=None,
    )
    block = largest_block(table)
    assert (block and len(block)) == best
    assert block is None or block.is_complete


def test_gaps_leave_the_largest_block() -> None:
    rows: list[tuple[int | None, ...]] = [(i, i, i) for i in range(5)]
    found = concordance(crossed([*rows, (9, None, 0), (None, 0, 9)]))
    assert found is not None
    assert (found.proposals, found.judges) == (
        ("p00", "p01", "p02", "p03", "p04"),
        ("j00", "j01", "j02"),
    )
    assert found.w == 1.0


def test_many_judges_leave_the_largest_panel_that_marked_something() -> None:
    rows: list[list[int | None]] = [[None] * 20 for _ in range(9)]
    for i, row in enumerate(rows):
        start = 0 if i < 5 else 10
        for j in range(3 if i < 5 else 4):
            row[start + j] = i
    rows[8] = [8] * 20
    block = largest_block(crossed(rows))
    assert block is not None
    assert block.judges == ("j00", "j01", "j02")
    assert len(block.proposals) == 6


def test_nothing_is_told_of_two_proposals_one_judge_or_no_order() -> None:
    assert concordance(crossed([(1, 2), (2, 1)])) is None
    assert concordance(crossed([(1,), (2,), (3,)])) is None
    assert concordance(crossed([(5, 5), (5, 5), (5, 5)])) is None
    assert concordance(crossed([(1, 2), (None, 2), (3, None), (4, None)])) is None
