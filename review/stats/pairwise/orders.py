"""Rankings as arrays: every pair that was compared, and orders with their groups of equals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Order = Sequence[Sequence[int]]


@dataclass(frozen=True, eq=False)
class Compared:
    """How often each judge placed the one of a pair above the other.

    `size` items; arrays of shape (P,): `judge`, `first` < `second` (codes), and the counts `above`
    (first above second), `below`, `level`. One row per judge and pair, sorted by them.
    """

    size: int
    judges: int
    judge: Codes
    first: Codes
    second: Codes
    above: Codes
    below: Codes
    level: Codes

    @classmethod
    def of(cls, size: int, orders: Sequence[Order], judges: Sequence[int] = ()) -> Compared:
        """Every pair within each order: groups of equals, the best first, of items from 0.

        `judges`: the code of who gave each order (default: all by one).
        """
        by = list(judges) or [0] * len(orders)
        lengths: dict[int, list[int]] = {}
        for number, order in enumerate(orders):
            lengths.setdefault(sum(map(len, order)), []).append(number)
        keys = [np.empty(0, np.int64)]
        signs = [np.empty(0, np.int64)]
        for length, numbers in lengths.items():
            item = np.array([[i for group in orders[n] for i in group] for n in numbers])
            place = np.array(
                [[p for p, group in enumerate(orders[n]) for _ in group] for n in numbers]
            )
            left, right = np.triu_indices(length, 1)
            a, b = item[:, left].ravel(), item[:, right].ravel()
            sign = np.sign(place[:, right] - place[:, left]).ravel()
            who = np.repeat(np.array([by[n] for n in numbers], np.int64), len(left))
            low, high = np.minimum(a, b), np.maximum(a, b)
            keys.append((who * size + low) * size + high)
            signs.append(np.where(a < b, sign, -sign))
        key, row = np.unique(np.concatenate(keys), return_inverse=True)
        sign = np.concatenate(signs)
        counts = [
            np.bincount(row[sign == way], minlength=len(key)).astype(np.int64) for way in (1, -1, 0)
        ]
        pair = key % (size * size) if size else key
        return cls(
            size, max(by, default=0) + 1, key // max(size * size, 1), pair // max(size, 1),
            pair % max(size, 1), *counts,
        )  # fmt: skip

    @cached_property
    def pooled(self) -> Compared:
        """The same whoever the judge was."""
        key, row = np.unique(self.first * self.size + self.second, return_inverse=True)
        counts = [
            np.bincount(row, weights=count, minlength=len(key)).astype(np.int64)
            for count in (self.above, self.below, self.level)
        ]
        zero = np.zeros(len(key), np.int64)
        return Compared(self.size, 1, zero, key // self.size, key % self.size, *counts)

    @property
    def total(self) -> Codes:
        """How often each pair was compared, shape (P,)."""
        return self.above + self.below + self.level

    @property
    def wins(self) -> tuple[Floats, Floats]:
        """Wins of the first and of the second of each pair, a draw being half a win for both."""
        return self.above + self.level / 2, self.below + self.level / 2

    def preferred(self) -> Codes:
        """How often row was placed above column, shape (size, size)."""
        table = np.zeros((self.size, self.size), np.int64)
        np.add.at(table, (self.first, self.second), self.above)
        np.add.at(table, (self.second, self.first), self.below)
        return table

    @cached_property
    def components(self) -> Codes:
        """The strong component of each item, shape (size,), from 0 by the first item of each.

        Items of one component were each placed above or level with each other, by some chain. Only
        within it have worths a finite maximum of likelihood (Ford 1957).
        """
        up = self.above + self.level > 0
        down = self.below + self.level > 0
        return strong(
            self.size,
            np.concatenate([self.first[up], self.second[down]]),
            np.concatenate([self.second[up], self.first[down]]),
        )


def strong(size: int, sources: Codes, targets: Codes) -> Codes:
    """The strong components of a directed graph, numbered by their first items, shape (size,)."""
    from scipy.sparse import coo_array  # noqa: PLC0415 -- costs a tenth of a second
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    ones = np.ones(len(sources), np.int8)
    graph = coo_array((ones, (sources, targets)), shape=(size, size))
    _, labels = connected_components(graph, connection="strong")
    _, first, parts = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[parts].astype(np.int64)


def laplacian(size: int, first: Codes, second: Codes, weight: Floats) -> Floats:
    """The weighted Laplacian of a graph, shape (size, size)."""
    table = np.zeros((size, size))
    np.add.at(table, (first, second), -weight)
    np.add.at(table, (second, first), -weight)
    np.fill_diagonal(table, -table.sum(axis=1))
    return table
