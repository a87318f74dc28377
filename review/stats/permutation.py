"""Permutation tests: how often labels dealt at random give as much.

Exact where all ways of dealing can be counted, else by drawing, with the observed deal counted
among those drawn, so that no p-value is ever 0 (Phipson & Smyth 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from review.stats.crossed import Codes, Floats

    Flags = NDArray[np.bool_]

FIRST = 999
"""Draws for everybody; what looks unusual after them is drawn again, more often."""

LOOK_AGAIN = 0.1
MOST_COUNTED = 20_000
MOST_DRAWN = 99_999
_ROOM = 4_000_000
_PIECE = 100_000
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


def looked_at_again(reached: Callable[[int], Codes], draws: int) -> tuple[Floats, Codes]:
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


def own_test(values: Floats, own: Flags, rng: np.random.Generator, draws: int = FIRST) -> Permuted:
    """Whether flagged values (n,) differ from the others; two-sided.

    Their sum about the mean of all is held against as many flags dealt anew.
    """
    about, size = values - values.mean(), int(own.sum())
    observed = abs(float(about[own].sum()))
    if comb(len(values), size) <= MOST_COUNTED:
        sums = _all_sums(about, size)
        return Permuted(float(at_least(np.abs(sums), observed).mean()), len(sums), exact=True)

    def reached(count: int) -> Codes:
        sums = _drawn_sums(about, size, rng, count)
        return np.array([at_least(np.abs(sums), observed).sum()])

    return _drawn(reached, draws)


def weighted_test(  # noqa: PLR0913 -- what such a test is made of
    weights: Floats,
    values: Floats,
    groups: Codes,
    observed: float,
    *,
    rng: np.random.Generator,
    draws: int = FIRST,
) -> Permuted:
    """Whether `observed` is further from 0 than sums of weights (N,) × values (N,) shuffled.

    Values are shuffled within their group (N,), for example within the judge who gave them.
    """

    def reached(count: int) -> Codes:
        hits = 0
        for shuffled in shuffles(values, groups, rng, count):
            hits += int(at_least(np.abs(weights @ shuffled), abs(observed)).sum())
        return np.array([hits])

    return _drawn(reached, draws)


def shuffles(
    values: Floats, groups: Codes, rng: np.random.Generator, count: int, least: int = 0
) -> Iterator[Floats]:
    """Values (N,) shuffled within their group, `count` times, in pieces (N, k).

    `least`: how large whatever is made of a shuffle is; pieces are small enough for caches.
    """
    order = np.argsort(groups, kind="stable")
    ordered, group = values[order], groups[order]
    at_once = max(16, _PIECE // max(len(values), least))
    for start in range(0, count, at_once):
        keys = group + rng.random((min(at_once, count - start), len(values)))
        shuffled = np.empty((len(values), len(keys)))
        shuffled[order] = ordered[np.argsort(keys, axis=1)].T
        yield shuffled


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


def _drawn(reached: Callable[[int], Codes], draws: int) -> Permuted:
    p, used = looked_at_again(reached, draws)
    return Permuted(float(p[0]), int(used[0]), exact=False)
