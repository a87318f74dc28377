"""Worths from rankings: the best is chosen first, then the best of the rest.

P(order) = Π p_(t) / Σ_(s ≥ t) p_(s): Luce 1959; Plackett 1975, Applied Statistics 24:193-202; the
maximum of the likelihood, which is concave in log p (Hunter 2004). Where g are tied, each of their
g choices is theirs in equal parts, out of all below and what is left of them on average: (1 - t/g)
of their worth at the t-th choice from 0 (Efron 1977, JASA 72:557-565, for tied times). The last
choice of an order is none.
On orders of two this is `bradley_terry`, with a draw as half a win for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise.bradley_terry import centred, expit, level
from review.stats.pairwise.orders import strong
from review.stats.pairwise.settle import MOST, climbed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Order

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Choices:
    """Orders as choices.

    `item`, `group` of shape (M,): who is in which group, groups numbered order by order and best
    first. `stage`, `share` of shape (S,): the group that is chosen from, and what is left of it.
    `alike`: the groups of orders with as many groups each, a row for an order, best first.
    """

    size: int
    item: Codes
    group: Codes
    groups: int
    stage: Codes
    share: Floats
    alike: Sequence[Codes]

    @classmethod
    def of(cls, size: int, orders: Sequence[Order]) -> Choices:
        """From orders of items from 0: groups of equals, the best first."""
        sizes = np.array([len(group) for order in orders for group in order], np.int64)
        depth = np.array([len(order) for order in orders], np.int64)
        start = np.cumsum(depth) - depth
        last = np.zeros(len(sizes), np.int64)
        last[start + depth - 1] = 1
        choices = sizes - last
        stage = np.repeat(np.arange(len(sizes)), choices)
        turn = np.arange(len(stage)) - np.repeat(np.cumsum(choices) - choices, choices)
        return cls(
            size=size,
            item=np.array([i for order in orders for group in order for i in group], np.int64),
            group=np.repeat(np.arange(len(sizes)), sizes),
            groups=len(sizes),
            stage=stage,
            share=1 - turn / sizes[stage],
            alike=[
                start[depth == length][:, None] + np.arange(length) for length in np.unique(depth)
            ],
        )

    @property
    def components(self) -> Codes:
        """The strong component of each item, shape (size,); see `Compared.components`."""
        last = np.flatnonzero(np.diff(self.group, append=-1))
        first = np.append(0, last[:-1] + 1)[: len(last)]
        within = np.setdiff1d(np.arange(len(self.item)), last)
        lower = np.concatenate([rows[:, 1:].ravel() for rows in self.alike])
        sources = [self.item[within], self.item[last], self.item[first[lower - 1]]]
        targets = [self.item[within + 1], self.item[first], self.item[first[lower]]]
        return strong(self.size, np.concatenate(sources), np.concatenate(targets))

    def sums(self, p: Floats) -> Floats:
        """What each choice is made from: the sum of worths, shape (S,)."""
        mine = np.bincount(self.group, p[self.item], self.groups)
        below = np.zeros(self.groups)
        for rows in self.alike:
            below[rows[:, :-1]] = np.cumsum(mine[rows[:, :0:-1]], axis=1)[:, ::-1]
        found: Floats = self.share * mine[self.stage] + below[self.stage]
        return found

    def chances(self, sums: Floats) -> Floats:
        """Σ over the choices that each item could have been of share / sum, shape (size,)."""
        all_of = np.bincount(self.stage, 1 / sums, self.groups)
        own = np.bincount(self.stage, self.share / sums, self.groups)
        before = np.zeros(self.groups)
        for rows in self.alike:
            before[rows[:, 1:]] = np.cumsum(all_of[rows[:, :-1]], axis=1)
        return _added(self.item, (before + own)[self.group], self.size)

    def wins(self) -> Floats:
        """How often each item was chosen, shape (size,)."""
        choices = np.bincount(self.stage, minlength=self.groups)
        members = np.bincount(self.group, minlength=self.groups)
        return _added(self.item, (choices / members)[self.group], self.size)


def _added(codes: Codes, values: Floats, size: int) -> Floats:
    return np.bincount(codes, values, size).astype(
        np.float64
    )  # without any, it is of whole numbers


def log_worths(choices: Choices, *, prior: float = 0.0, most: int = MOST) -> Floats:
    """log p of shape (size,), with mean 0; `prior` as for `bradley_terry`.

    Without a `prior` the items must be one strong component. Raises NotSettledError.
    """
    wins = choices.wins()
    scale = prior + float(wins.mean())

    def gradient(x: Floats) -> Floats:
        p = np.exp(x)
        slope = wins - p * choices.chances(choices.sums(p))
        return level(slope + prior * (1 - 2 * expit(x)), prior)

    def objective(x: Floats) -> float:
        ghost = prior * float((x - 2 * np.logaddexp(0, x)).sum())
        return float(wins @ x - np.log(choices.sums(np.exp(x))).sum()) + ghost

    return centred(climbed(gradient, objective, np.zeros(choices.size), scale=scale, most=most))
