"""Kendall's tau-b of two rankings, by hand, by brute force and against scipy."""

from __future__ import annotations

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from scipy.stats import kendalltau

from review.stats import concordance
from review.stats.concordance import tau_b


def ranks(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_same_order_is_one_and_the_reverse_is_minus_one() -> None:
    assert tau_b(ranks(1, 2, 3, 4), ranks(1, 2, 3, 4)) == 1
    assert tau_b(ranks(1, 2, 3, 4), ranks(4, 3, 2, 1)) == -1


def test_nothing_to_tell_apart_is_none() -> None:
    assert tau_b(ranks(1, 1, 1), ranks(1, 2, 3)) is None
    assert tau_b(ranks(), ranks()) is None
    many = np.ones(concordance.PAIRED + 1, dtype=np.int64)
    assert tau_b(many, np.arange(len(many))) is None


@pytest.mark.parametrize("n", [7, concordance.PAIRED + 50])
def test_ties_are_those_of_scipy(n: int) -> None:
    random = np.random.default_rng(n)
    one, other = random.integers(0, n // 2, (2, n))
    assert tau_b(one, other) == pytest.approx(float(kendalltau(one, other).statistic))


def test_only_pairs_within_a_group_are_compared() -> None:
    random = np.random.default_rng(1)
    one, other, group = random.integers(0, 6, (3, 40))
    agree, first, second = 0, 0, 0
    for i, j in combinations(range(40), 2):
        if group[i] == group[j]:
            a, b = np.sign(one[i] - one[j]), np.sign(other[i] - other[j])
            agree, first, second = agree + a * b, first + abs(a), second + abs(b)
    assert tau_b(one, other, group) == pytest.approx(agree / sqrt(first * second))
