from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats import permutation
from review.stats.permutation import (
    FIRST,
    MOST_DRAWN,
    Permuted,
    draws_for,
    looked_at_again,
    monte_carlo,
    own_test,
    shuffles,
    tail,
    weighted_test,
)

MARKS = st.lists(st.integers(0, 10).map(float), min_size=4, max_size=9).map(np.array)


def first(count: int, of: int) -> np.ndarray:
    return np.arange(of) < count


def test_drawn_p_is_never_zero() -> None:
    assert (monte_carlo(0, 999), monte_carlo(999, 999)) == (0.001, 1.0)


@given(MARKS, st.integers(1, 3))
def test_few_deals_are_counted_as_by_hand(values: np.ndarray, size: int) -> None:
    about = values - values.mean()
    observed = abs(about[:size].sum())
    dealt = [abs(sum(about[list(c)])) for c in combinations(range(len(values)), size)]
    expected = np.mean([each >= observed - 1e-9 for each in dealt])
    found = own_test(values, first(size, len(values)), np.random.default_rng(0))
    assert (found.deals, found.exact) == (len(dealt), True)
    assert found.p == pytest.approx(expected)


def test_many_deals_are_drawn_and_agree_with_what_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.random.default_rng(5).normal(size=18)
    values[:6] += 1.5
    own = first(6, 18)
    counted = own_test(values, own, np.random.default_rng(0))
    monkeypatch.setattr(permutation, "MOST_COUNTED", 0)
    drawn = own_test(values, own, np.random.default_rng(0), draws=40_000)
    assert (counted.exact, drawn.exact, drawn.deals) == (True, False, 40_000)
    assert drawn.p == pytest.approx(counted.p, rel=0.1)


def test_what_looks_usual_is_not_drawn_again() -> None:
    values = np.tile([1.0, -1.0], 12)
    found = own_test(values, first(12, 24), np.random.default_rng(0), draws=5_000)
    assert found == Permuted(1.0, FIRST, exact=False)


def test_shuffles_stay_within_their_group(monkeypatch: pytest.MonkeyPatch) -> None:
    values, groups = np.arange(9.0), np.array([0, 1, 0, 1, 2, 0, 1, 2, 0])
    rng = np.random.default_rng(0)
    monkeypatch.setattr(permutation, "_PIECE", 9 * 20)
    pieces = list(shuffles(values, groups, rng, 50))
    assert [piece.shape for piece in pieces] == [(9, 20), (9, 20), (9, 10)]
    for group in range(3):
        mine = np.concatenate(pieces, axis=1)[groups == group]
        assert (np.sort(mine, axis=0) == values[groups == group][:, None]).all()
    assert [piece.shape[1] for piece in shuffles(values, groups, rng, 20, 10**6)] == [16, 4]


def test_weighted_test_is_the_other_one_where_weights_are_flags() -> None:
    values = np.random.default_rng(5).normal(size=18)
    values[:6] += 1.2
    about, own = values - values.mean(), first(6, 18)
    counted = own_test(values, own, np.random.default_rng(0))
    drawn = weighted_test(
        own.astype(float),
        about,
        np.zeros(18, dtype=np.int64),
        float(about[own].sum()),
        rng=np.random.default_rng(1),
        draws=20_000,
    )
    assert drawn.p == pytest.approx(counted.p, rel=0.15)


def test_only_those_below_the_first_level_are_drawn_again() -> None:
    asked: list[int] = []

    def reached(count: int) -> np.ndarray:
        asked.append(count)
        return np.array([0, count // 2])

    p, used = looked_at_again(reached, 9_999)
    assert asked == [FIRST, 9_999]
    assert (list(p), list(used)) == ([1e-4, 0.5], [9_999, FIRST])


@pytest.mark.parametrize(("tests", "draws"), [(1, FIRST), (385, 15_400), (10**6, MOST_DRAWN)])
def test_draws_suffice_for_a_single_finding(tests: int, draws: int) -> None:
    assert draws_for(tests, 0.05) == draws


def test_tail_is_counted_where_it_can_be() -> None:
    values = np.array([3.0, 1, 0, 2])
    rng = np.random.default_rng(0)
    assert tail(values, 1, 2.0, rng) == 0.5
    assert tail(values, 2, 2.5, rng) == pytest.approx(1 / 6)


def test_tail_is_drawn_where_there_is_too_much_to_count() -> None:
    values = np.arange(60.0)
    rng = np.random.default_rng(0)
    assert tail(values, 20, values.mean(), rng) == pytest.approx(0.5, abs=0.05)
    assert tail(values, 20, 99.0, rng) == 1 / (FIRST + 1)


def test_level_is_kept_when_nothing_is_there() -> None:
    rng = np.random.default_rng(7)
    p = [own_test(rng.normal(size=30), first(12, 30), rng, 1_999).p for _ in range(200)]
    assert np.mean(np.array(p) <= 0.05) <= 0.08
    assert np.mean(p) == pytest.approx(0.5, abs=0.06)
