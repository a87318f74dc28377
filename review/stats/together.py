"""Judges whose marks rise and fall together beyond what the proposals explain.

Residuals of two judges are correlated over the proposals both marked. Chance alone gives no
correlation of 0: what is left for one judge is taken from the others, -1/(m - 1) when everybody
marks everything. So residuals are shuffled within each judge and fitted anew (Freedman & Lane
1983), which gives each pair, and each block of judges, what chance gives it in this very design.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.permutation import FIRST, Permuted, at_least, looked_at_again, shuffles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.stats.crossed import Codes, Crossed, Floats
    from review.stats.residuals import Smoother

LEAST_SHARED = 8
LEAST_IN_BLOCKS = 5
MOST_IN_BLOCKS = 60
_MOST_ROWS = 2_000_000


@dataclass(frozen=True, eq=False)
class Pairs:
    """P pairs of judges with at least 8 proposals in common; codes and arrays of shape (P,).

    `correlation` of their residuals; `by_chance`: what shuffled residuals give on average; `p` and
    `draws` of the test whether the two differ. `left_out`: pairs there was no room to look at.
    """

    first: Codes
    second: Codes
    shared: Codes
    correlation: Floats
    by_chance: Floats
    p: Floats
    draws: Codes
    left_out: int


@dataclass(frozen=True)
class Block:
    """Judges (codes) who rise and fall together, and how.

    `correlation`: the mean over their pairs, `by_chance` what shuffling gives these pairs.
    """

    judges: tuple[int, ...]
    correlation: float
    by_chance: float
    test: Permuted


class Together:
    """The pairs of a round, and the same pairs after shuffling.

    `crossed`, `smoother`: values and the smoother of the same; `standardised` (N,): its residuals
    in standard deviations.
    """

    def __init__(self, crossed: Crossed, smoother: Smoother, standardised: Floats) -> None:
        self._crossed, self._smoother = crossed, smoother
        self._standardised = standardised
        self.first, self.second, self.shared, self.left_out = _pairs(crossed)
        self._left, self._right = _common_rows(crossed, self.first, self.second)
        self._starts = np.concatenate([[0], np.cumsum(self.shared)[:-1]]).astype(np.int64)
        # One and the same fit as for what is shuffled, so that both are treated alike.
        residuals = smoother.residual(crossed.value)[:, None]
        self.correlation = self._correlations(residuals)[:, 0] if len(self) else np.empty(0)

    def __len__(self) -> int:
        return len(self.first)

    def _correlations(self, residuals: Floats) -> Floats:
        """Of each pair (P, k), from residuals (N, k)."""
        x, y = residuals[self._left], residuals[self._right]
        sums = [self._sums(each) for each in (x, y, x * y, x * x, y * y)]
        count = self.shared[:, None]
        top = sums[2] - sums[0] * sums[1] / count
        below = (sums[3] - sums[0] ** 2 / count) * (sums[4] - sums[1] ** 2 / count)
        safe = np.sqrt(np.maximum(below, 1e-24))
        return np.where(below > 1e-18, top / safe, 0.0)  # noqa: PLR2004 -- whoever never varies

    def _sums(self, rows: Floats) -> Floats:
        sums: Floats = np.add.reduceat(rows, self._starts, axis=0)
        return sums

    def shuffled(self, rng: np.random.Generator, count: int) -> Iterator[Floats]:
        """Correlations (P, k) after shuffling within judges, `count` in all, in pieces."""
        values, judge = self._standardised, self._crossed.judge
        for each in shuffles(values, judge, rng, count, len(self._left)):
            yield self._correlations(self._smoother.residual(each))

    def pairs(self, rng: np.random.Generator, draws: int = FIRST) -> Pairs:
        """Each pair held against its shuffled residuals, two-sided; needs one pair."""
        by_chance = np.concatenate(list(self.shuffled(rng, FIRST)), axis=1).mean(axis=1)
        far = np.abs(self.correlation - by_chance)

        def reached(count: int) -> Codes:
            hits = np.zeros(len(self), dtype=np.int64)
            for drawn in self.shuffled(rng, count):
                hits += at_least(np.abs(drawn - by_chance[:, None]), far[:, None]).sum(axis=1)
            return hits

        p, used = looked_at_again(reached, draws)
        return Pairs(
            first=self.first,
            second=self.second,
            shared=self.shared,
            correlation=self.correlation,
            by_chance=by_chance,
            p=p,
            draws=used,
            left_out=self.left_out,
        )

    @property
    def may_have_blocks(self) -> bool:
        """Whether there are judges enough for groups among them, and few enough to look at."""
        judges = len(np.union1d(self.first, self.second))
        return LEAST_IN_BLOCKS <= judges <= MOST_IN_BLOCKS

    def block(self, rng: np.random.Generator, by_chance: Floats, draws: int = FIRST) -> Block:
        """The most closely bound group of judges.

        How much one pattern explains of all pairs at once, the largest eigenvalue of their
        correlations less those by chance, is held against that of shuffled residuals (parallel
        analysis, Horn 1965). The group are those who follow the pattern in the same sense.
        """
        observed = self._matrix((self.correlation - by_chance)[:, None])[0]
        values, vectors = np.linalg.eigh(observed)

        def reached(count: int) -> Codes:
            hits = 0
            for drawn in self.shuffled(rng, count):
                matrices = self._matrix(drawn - by_chance[:, None])
                largest = np.linalg.eigvalsh(matrices)[:, -1].astype(np.float64)
                hits += int(at_least(largest, values[-1]).sum())
            return np.array([hits])

        p, used = looked_at_again(reached, draws)
        sides = [self._side(vectors[:, -1], by_chance, sign) for sign in (1, -1)]
        judges, correlation, chance = max(sides, key=lambda side: side[1] - side[2])
        return Block(judges, correlation, chance, Permuted(float(p[0]), int(used[0]), exact=False))

    def _matrix(self, pairs: Floats) -> Floats:
        """Symmetric matrices (k, judges, judges) from pairs (P, k), 0 where there is no pair."""
        m = len(self._crossed.judges)
        matrix = np.zeros((pairs.shape[1], m, m))
        matrix[:, self.first, self.second] = pairs.T
        matrix[:, self.second, self.first] = pairs.T
        return matrix

    def _side(
        self, loading: Floats, by_chance: Floats, sign: int
    ) -> tuple[tuple[int, ...], float, float]:
        """Who loads at least half as much as whoever does most, on one side of the pattern."""
        mine = np.flatnonzero(sign * loading >= np.abs(loading).max() / 2)
        within = np.isin(self.first, mine) & np.isin(self.second, mine)
        if not within.any():
            return (), -1.0, 1.0
        judges = tuple(int(j) for j in mine)
        return judges, float(self.correlation[within].mean()), float(by_chance[within].mean())


def _pairs(crossed: Crossed) -> tuple[Codes, Codes, Codes, int]:
    """Pairs with enough proposals in common: codes, how many in common, how many left out.

    Where there is no room for all, those with most in common are looked at.
    """
    from scipy.sparse import csr_array, triu  # noqa: PLC0415 -- costs a tenth of a second

    ones = np.ones(len(crossed), dtype=np.int64)
    table = csr_array((ones, (crossed.proposal, crossed.judge)), shape=crossed.shape)
    common = triu(table.T @ table, k=1).tocoo()
    enough = common.data >= LEAST_SHARED
    first, second = common.row[enough].astype(np.int64), common.col[enough].astype(np.int64)
    shared = common.data[enough].astype(np.int64)
    order = np.lexsort((second, first, -shared))
    kept = int(np.searchsorted(np.cumsum(shared[order]), _MOST_ROWS, side="right"))
    chosen = np.sort(order[:kept])
    chosen = chosen[np.lexsort((second[chosen], first[chosen]))]
    return first[chosen], second[chosen], shared[chosen], len(order) - kept


def _common_rows(crossed: Crossed, first: Codes, second: Codes) -> tuple[Codes, Codes]:
    """The rows of the values that the two judges of each pair gave to the same proposals."""
    rows = [np.flatnonzero(crossed.judge == j) for j in range(len(crossed.judges))]
    marked = [crossed.proposal[each] for each in rows]
    left, right = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for a, b in zip(first, second, strict=True):
        _, of_a, of_b = np.intersect1d(marked[a], marked[b], return_indices=True)
        left.append(rows[a][of_a])
        right.append(rows[b][of_b])
    return np.concatenate(left), np.concatenate(right)
