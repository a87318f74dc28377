"""Permutation tests: how often labels dealt at random give as much.

Exact where all ways of dealing can be counted, else by drawing, with the observed deal counted
among those drawn, so that no p-value is ever 0 (Phipson & Smyth 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from math import comb, prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from review.stats.crossed import Floats

    Flags = NDArray[np.bool_]

FIRST = 999
"""Draws for everybody; what looks unusual after them is drawn again, more often."""

LOOK_AGAIN = 0.1
MOST_COUNTED = 20_000
MOST_DRAWN = 99_999
_ROOM = 4_000_000
_SAME = 1e-9


@dataclass(frozen=True)
class Permuted:
    """A p-value, and of how many deals: all there are (`exact`) or so many drawn at random."""

    p: float
    deals: int
    exact: bool


def monte_carlo(beyond: int, draws: int) -> float:
    """The p-value of an observed value that `beyond` of `draws` reached: (b + 1) / (n + 1)."""
    return (beyond + 1) / (draws + 1)


def draws_for(tests: int, level: float) -> int:
    """How many draws let a single finding among `tests` pass twice below the `level`."""
    return int(min(MOST_DRAWN, max(FIRST, 2 * tests / level)))


def at_least(values: Floats, observed: Floats | float) -> Flags:
    """Which values reach the observed one, equal but for rounding being equal."""
    slack = _SAME * (1.0 + np.abs(np.asarray(observed)))
    reached: Flags = values >= observed - slack
    return reached


def looked_at_again(
    reached: Callable[[int], NDArray[np.int64]], draws: int
) -> tuple[Floats, NDArray[np.int64]]:
    """p-values (k,) and draws (k,) of k tests that are drawn together.

    `reached(n)`: of n fresh draws, how many reached each observed value. Tests that are below .1
    after 999 draws are drawn afresh `draws` times, and the first draws are forgotten. That keeps
    the level: whoever ends at or below p had to be so after the first draws or after the second.
    """
    p = (reached(FIRST) + 1) / (FIRST + 1)
    used = np.full(p.shape, FIRST)
    again = p <= LOOK_AGAIN
    if draws > FIRST and again.any():
        p[again] = ((reached(draws) + 1) / (draws + 1))[again]
        used[again] = draws
    return p, used


def own_test(
    strata: Sequence[tuple[Floats, Flags]], rng: np.random.Generator, draws: int = FIRST
) -> Permuted:
    """Whether flagged values differ from the others of their stratum; two-sided.

    `strata`: values (n_j,) and flags (n_j,) of each judge. The sum of the flagged values about
    their stratum's mean is held against flags dealt anew within each stratum, as many as before.
    """
    flagged = [(values - values.mean(), int(own.sum())) for values, own in strata]
    observed = abs(
        sum(float(v[own].sum()) for (v, _), (_, own) in zip(flagged, strata, strict=True))
    )
    if prod(comb(len(values), k) for values, k in flagged) <= MOST_COUNTED:
        sums = reduce(np.add.outer, [_all_sums(values, k) for values, k in flagged]).ravel()
        return Permuted(float(at_least(np.abs(sums), observed).mean()), len(sums), exact=True)

    def reached(count: int) -> NDArray[np.int64]:
        sums = sum(_drawn_sums(values, k, rng, count) for values, k in flagged)
        return np.array([at_least(np.abs(np.asarray(sums)), observed).sum()])

    p, used = looked_at_again(reached, draws)
    return Permuted(float(p[0]), int(used[0]), exact=False)


def tail(values: Floats, size: int, least: float, rng: np.random.Generator) -> float:
    """How likely the mean of `size` of these values (n,), picked at random, is `least` or more."""
    if comb(len(values), size) <= MOST_COUNTED:
        return float(at_least(_all_sums(values, size) / size, least).mean())
    drawn = _drawn_sums(values, size, rng, FIRST) / size
    return monte_carlo(int(at_least(drawn, least).sum()), FIRST)


def _all_sums(values: Floats, size: int) -> Floats:
    chosen = np.array(list(combinations(range(len(values)), size)), dtype=np.int64)
    sums: Floats = values[chosen].sum(axis=1)
    return sums


def _drawn_sums(values: Floats, size: int, rng: np.random.Generator, count: int) -> Floats:
    """Sums of `size` values picked without replacement, `count` times."""
    at_once = max(1, _ROOM // len(values))
    parts = []
    for start in range(0, count, at_once):
        keys = rng.random((min(at_once, count - start), len(values)))
        picked = np.argpartition(keys, size - 1, axis=1)[:, :size]
        parts.append(values[picked].sum(axis=1))
    return np.concatenate(parts)
