"""Ranks of drawn qualities: expected rank, SUCRA, intervals, and the chance of a place at the top.

`scores` are draws × n, larger is better; place 1 is the best. Where scores of a draw are equal, the
places that they share are kept, from `first` to `last`: the expected rank counts their mean, a
place among the best k is shared out evenly (so that chances always sum to k), and an interval
reaches from the first to the last of them.

Heyard, Ott, Salanti & Egger (2022), Rethinking the Funding Line at the Swiss National Science
Foundation, Statistics and Public Policy 9; Salanti, Ades & Ioannidis (2011), Graphical methods and
numerical summaries for presenting results from multiple-treatment meta-analysis, J Clin Epi 64
(SUCRA); Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Rank-normalization, folding, and
localization: an improved R-hat, Bayesian Analysis 16.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Scores = NDArray[np.floating]
    Places = NDArray[np.int32]
    Columns = slice | NDArray[np.int64]

#: Numbers held at a time beside what is kept.
CHUNK = 1 << 21


def places(scores: Scores) -> tuple[Places, Places]:
    """The first and the last place that each shares in each draw; both draws × n.

    `first` is the rank as in 1-2-2-4, `(first + last) / 2` the average rank. The two are one and
    the same array where nobody is equal to anybody.
    """
    first = np.empty(scores.shape, dtype=np.int32)
    last = first
    for rows in _chunks(*scores.shape):
        order = np.argsort(-scores[rows], axis=1)
        ordered = np.take_along_axis(scores[rows], order, axis=1)
        starts = np.ones(order.shape, dtype=bool)
        starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
        here = np.arange(1, order.shape[1] + 1, dtype=np.int32)
        shared = not starts.all()
        if shared and last is first:
            last = first.copy()
        np.put_along_axis(first[rows], order, _carried(starts, here) if shared else here[None], 1)
        if last is not first:
            np.put_along_axis(last[rows], order, _ended(starts, here), 1)
    return first, last


def _carried(starts: NDArray[np.bool_], here: Places) -> Places:
    """The place at which each one's block of equals starts."""
    return np.maximum.accumulate(np.where(starts, here, 0), axis=1)


def _ended(starts: NDArray[np.bool_], here: Places) -> Places:
    """The place at which each one's block of equals ends."""
    ends = np.ones_like(starts)
    ends[:, :-1] = starts[:, 1:]
    backwards = np.where(ends, here, len(here))[:, ::-1]
    return np.minimum.accumulate(backwards, axis=1)[:, ::-1]


def _chunks(draws: int, n: int) -> Iterator[slice]:
    step = max(1, CHUNK // max(n, 1))
    for start in range(0, draws, step):
        yield slice(start, start + step)


@dataclass(frozen=True, eq=False)
class Ranking:
    """What drawn qualities say about ranks; `first` and `last` as `places` has them."""

    first: Places
    last: Places

    @classmethod
    def of(cls, scores: Scores) -> Ranking:
        """The ranking of drawn qualities, draws × n; ValueError where one is not a number."""
        if not np.isfinite(scores).all():
            raise ValueError("a drawn quality is not a number")
        return cls(*places(scores))

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.first)

    @property
    def n(self) -> int:
        """How many are ranked."""
        return len(self.first[0])

    @cached_property
    def expected(self) -> Floats:
        """The expected rank, shape (n,); they sum to n (n + 1) / 2."""
        return _mean(self.first, self.last, slice(None))

    @cached_property
    def sucra(self) -> Floats:
        """(n - expected rank) / (n - 1): 1 for who is surely best, 0 for who is surely last."""
        return (self.n - self.expected) / (self.n - 1) if self.n > 1 else np.ones(self.n)

    def interval(self, level: float) -> tuple[Places, Places]:
        """The first and last place of an equal-tailed interval that holds at least `level`."""
        return self._quantile(self.first, (1 - level) / 2), self._quantile(
            self.last, (1 + level) / 2
        )

    def _quantile(self, drawn: Places, share: float) -> Places:
        """The smallest place at or before which there are at least `share` of the draws."""
        kth = max(ceil(share * self.draws - 1e-9) - 1, 0)
        found = np.empty(self.n, dtype=np.int32)
        for columns in _chunks(self.n, self.draws):
            mine = np.ascontiguousarray(drawn[:, columns].T)
            found[columns] = np.partition(mine, kth, axis=1)[:, kth]
        return found

    def membership(self, k: int, columns: Columns = slice(None)) -> NDArray[np.float32]:
        """How much each is among the best k in each draw: 1, 0 or, of equals at the line, a share.

        draws × n, or × `columns` alone; in single precision, as there may be many.
        """
        first = self.first[:, columns]
        if self.first is self.last:
            return (first <= k).astype(np.float32)
        share = np.empty(first.shape, dtype=np.float32)
        for rows in _chunks(*first.shape):
            ahead, width = first[rows], self.last[rows][:, columns] - first[rows] + 1
            share[rows] = np.clip((k + 1 - ahead) / width, 0, 1)
        return share

    def top(self, k: int) -> Floats:
        """The chance of being among the best k, shape (n,); they sum to k (to n where k > n)."""
        parts = [
            self.membership(k, columns).mean(axis=0, dtype=np.float64)
            for columns in _chunks(self.n, self.draws)
        ]
        return np.concatenate(parts)

    def take(self, rows: slice) -> Ranking:
        """Some of the draws."""
        first = self.first[rows]
        return Ranking(first, first if self.first is self.last else self.last[rows])

    @cached_property
    def halves(self) -> tuple[slice, slice]:
        """The first and the second half of the draws, of the same length."""
        half = self.draws // 2
        return slice(0, half), slice(half, 2 * half)

    @cached_property
    def r_hat(self) -> float:
        """The largest potential scale reduction of anybody's rank between the halves of the draws.

        1 where the halves agree as well as independent draws would.
        """
        one, other = (_mean(self.first, self.last, half) for half in self.halves)
        within = (self._variance(self.halves[0]) + self._variance(self.halves[1])) / 2
        between = (one - other) ** 2 / 2  # the variance of two means
        moved = between > 0
        ratio = between[moved] / np.maximum(within[moved], 1e-300)
        return float(np.sqrt(1 + ratio.max(initial=0.0)))

    def _variance(self, rows: slice) -> Floats:
        return np.concatenate(
            [
                ((self.first[rows, columns] + self.last[rows, columns]) / 2).var(axis=0)
                for columns in _chunks(self.n, self.draws)
            ]
        )

    def split(self, k: int) -> float:
        """How far the halves of the draws differ most in anybody's chance of the best k."""
        one, other = (self.take(half).top(k) for half in self.halves)
        return float(np.abs(one - other).max(initial=0.0))


def _mean(first: Places, last: Places, rows: slice) -> Floats:
    mean: Floats = first[rows].mean(axis=0)
    return mean if first is last else (mean + last[rows].mean(axis=0)) / 2
