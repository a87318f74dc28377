"""Worths from rankings: the best is chosen first, then the best of the rest.

P(order) = Π p_(t) / Σ_(s ≥ t) p_(s): Luce 1959; Plackett 1975, Applied Statistics 24:193-202;
minorise-maximise steps of Hunter 2004. Where g are tied, each of their g choices is theirs in equal
parts, out of all below and what is left of them on average: (1 - t/g) of their worth at the t-th
choice from 0 (Efron 1977, JASA 72:557-565, for tied times). The last choice of an order is none.
On orders of two this is `bradley_terry`, with a draw as half a win for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise.bradley_terry import anchored, centred
from review.stats.pairwise.orders import strong
from review.stats.pairwise.settle import MOST, settled

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
    `forward[k]`: the groups that are (k+1)-th in their orders; `backward[k]`: those with k+1 below.
    """

    size: int
    item: Codes
    group: Codes
    groups: int
    stage: Codes
    share: Floats
    forward: Sequence[Codes]
    backward: Sequence[Codes]

    @classmethod
    def of(cls, size: int, orders: Sequence[Order]) -> Choices:
        """From orders of items from 0: groups of equals, the best first."""
        sizes = np.array([len(group) for order in orders for group in order], np.int64)
        depth = np.array([len(order) for order in orders], np.int64)
        start = np.cumsum(depth) - depth
        position = np.arange(len(sizes)) - np.repeat(start, depth)
        under = np.repeat(depth, depth) - 1 - position
        choices = sizes - (under == 0)
        stage = np.repeat(np.arange(len(sizes)), choices)
        turn = np.arange(len(stage)) - np.repeat(np.cumsum(choices) - choices, choices)
        deepest = int(depth.max(initial=1))
        return cls(
            size=size,
            item=np.array([i for order in orders for group in order for i in group], np.int64),
            group=np.repeat(np.arange(len(sizes)), sizes),
            groups=len(sizes),
            stage=stage,
            share=1 - turn / sizes[stage],
            forward=[np.flatnonzero(position == k) for k in range(1, deepest)],
            backward=[np.flatnonzero(under == k) for k in range(1, deepest)],
        )

    @property
    def components(self) -> Codes:
        """The strong component of each item, shape (size,); see `Compared.components`."""
        last = np.flatnonzero(np.diff(self.group, append=-1))
        first = np.append(0, last[:-1] + 1)[: len(last)]
        within = np.setdiff1d(np.arange(len(self.item)), last)
        lower = np.concatenate([*self.forward, np.empty(0, np.int64)])
        sources = [self.item[within], self.item[last], self.item[first[lower - 1]]]
        targets = [self.item[within + 1], self.item[first], self.item[first[lower]]]
        return strong(self.size, np.concatenate(sources), np.concatenate(targets))

    def sums(self, p: Floats) -> Floats:
        """What each choice is made from: the sum of worths, shape (S,)."""
        mine = np.bincount(self.group, p[self.item], self.groups)
        below = np.zeros(self.groups)
        for here in self.backward:
            below[here] = below[here + 1] + mine[here + 1]
        found: Floats = self.share * mine[self.stage] + below[self.stage]
        return found

    def chances(self, sums: Floats) -> Floats:
        """Σ over the choices that each item could have been of share / sum, shape (size,)."""
        all_of = np.bincount(self.stage, 1 / sums, self.groups)
        own = np.bincount(self.stage, self.share / sums, self.groups)
        before = np.zeros(self.groups)
        for here in self.forward:
            before[here] = before[here - 1] + all_of[here - 1]
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
    wins = choices.wins() + prior

    def step(x: Floats) -> Floats:
        p = np.exp(x)
        below = choices.chances(choices.sums(p)) + 2 * prior / (p + 1)
        return anchored(np.log(wins / below), prior)

    def objective(x: Floats) -> float:
        ghost = -2 * prior * float(np.logaddexp(0, x).sum())
        return float(wins @ x - np.log(choices.sums(np.exp(x))).sum()) + ghost

    return centred(settled(step, objective, np.zeros(choices.size), most=most))
