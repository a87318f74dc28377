"""Votes on orders, in whole numbers: Copeland, Schulze, Kemeny.

`preferred` of shape (n, n), int64, is how often row was placed above column. All three satisfy
Condorcet: who beats every other by majority is first.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise.orders import strong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Compared

    Counts = NDArray[np.int64]

EXACT = 16
"""Up to so many all orders are compared, by subsets."""
SLACK = 1e-6
LARGEST_PATHS = 2000
LARGEST = 50
"""Beyond it an integer programme takes too long to be of use."""


def copeland(compared: Compared) -> Counts:
    """Majorities won less majorities lost, shape (n,); an even pair counts for neither.

    Copeland 1951.
    """
    pairs = compared.pooled
    sign = np.sign(pairs.above - pairs.below)
    won = np.bincount(pairs.first, sign, pairs.size) - np.bincount(pairs.second, sign, pairs.size)
    return won.astype(np.int64)


def schulze(preferred: Counts) -> Counts:
    """How many each beats by its strongest path less how many beat it so, shape (n,).

    The strength of a path is its weakest majority, that of a majority the votes for it (winning
    votes). Schulze 2011, Social Choice and Welfare 36:267-303. The relation is transitive, so that
    whoever beats another is above it in this number. Raises TooManyError beyond 2,000.
    """
    if len(preferred) > LARGEST_PATHS:
        raise TooManyError
    path = np.where(preferred > preferred.T, preferred, 0).astype(np.int32)  # less to move
    for via in range(len(path)):
        np.maximum(path, np.minimum(path[:, via, None], path[None, via, :]), out=path)
    won: Counts = (path > path.T).sum(axis=1) - (path < path.T).sum(axis=1)
    return won


@dataclass(frozen=True)
class Kemeny:
    """The orders that agree with most votes on pairs.

    `order`: one of them, the best first; `agreeing`: with how many votes. `above[i]`: how many are
    below item i, on average over all such orders. `others`: how many more such orders there are;
    None where there are more and they were not counted, so that `above` is that of `order`.
    """

    order: tuple[int, ...]
    agreeing: int
    above: tuple[Fraction, ...]
    others: int | None

    @property
    def is_only(self) -> bool:
        """Whether no other order agrees with as many votes."""
        return self.others == 0


class TooManyError(Exception):
    """More items than a vote is worked out for."""


def kemeny(preferred: Counts) -> Kemeny:
    """The order (Kemeny 1959; Young & Levenglick 1978) that agrees with most votes on pairs.

    Exact: items are cut into the sets between which all majorities point one way, which every best
    order keeps (Truchon 1998); within each, dynamic programming up to 16, an integer programme up
    to 50. Raises TooManyError beyond.
    """
    order: list[int] = []
    above = [Fraction(0)] * len(preferred)
    orders: int | None = 1
    rest = len(preferred)
    for part in _circles(preferred):
        rest -= len(part)
        found = _within(preferred[np.ix_(part, part)])
        order += [int(part[i]) for i in found.order]
        for i, item in enumerate(part):
            above[item] = found.above[i] + rest
        orders = None if orders is None or found.others is None else orders * (found.others + 1)
    ranked = preferred[np.ix_(order, order)]
    agreeing = int(np.triu(ranked, 1).sum())
    return Kemeny(tuple(order), agreeing, tuple(above), None if orders is None else orders - 1)


def _circles(preferred: Counts) -> Iterator[Counts]:
    """The sets that even pairs and circles of majorities hold together, the best first."""
    size = len(preferred)
    source, target = np.nonzero((preferred >= preferred.T) & ~np.eye(size, dtype=bool))
    label = strong(size, source, target)
    beaten = (preferred > preferred.T).sum(axis=1)
    parts = [np.flatnonzero(label == number) for number in range(label.max(initial=-1) + 1)]
    # Whoever is in a better set beats everybody in all sets below it.
    yield from sorted(parts, key=lambda part: -int(beaten[part].max()))


def _within(preferred: Counts) -> Kemeny:
    size = len(preferred)
    if size == 1:
        return Kemeny((0,), 0, (Fraction(0),), 0)
    if size <= EXACT:
        return _by_subsets(preferred)
    if size <= LARGEST:
        return _by_programme(preferred)
    raise TooManyError


def _by_subsets(preferred: Counts) -> Kemeny:
    """Best orders of every subset at the top (Held & Karp's way), counted and averaged."""
    size = len(preferred)
    members = np.arange(1 << size)
    gain = np.zeros((size, 1 << size), np.int64)  # [j, S]: votes that put all of S above j
    for bit in range(size):
        half = 1 << bit
        gain[:, half : 2 * half] = gain[:, :half] + preferred[bit][:, None]
    count = np.zeros(1 << size, np.int64)
    for bit in range(size):
        count += members >> bit & 1
    layers = [members[count == taken] for taken in range(size + 1)]
    best, ways = _filled(gain, layers[1:], backwards=False)
    togo, ends = _filled(gain, layers[-2::-1], backwards=True)
    total, orders = int(best[-1]), int(ways[-1])
    above = [0] * size
    for taken, layer in enumerate(layers[:-1]):
        for item in range(size):
            free = layer[(layer >> item & 1) == 0]
            after = free | 1 << item
            on_best = best[free] + gain[item, free] + togo[after] == total
            above[item] += int((ways[free] * ends[after])[on_best].sum()) * (size - 1 - taken)
    order, at = list[int](), 0
    while len(order) < size:
        item = next(
            i for i in range(size)
            if not at >> i & 1
            and best[at] + gain[i, at] + togo[at | 1 << i] == total
        )  # fmt: skip
        order.append(item)
        at |= 1 << item
    return Kemeny(tuple(order), total, tuple(Fraction(a, orders) for a in above), orders - 1)


def _filled(gain: Counts, layers: list[Counts], *, backwards: bool) -> tuple[Counts, Counts]:
    """For each subset the most votes that agree, and how many orders have them.

    Forwards: orders of the subset, all on top. `backwards`: orders of those not in it.
    """
    size, subsets = gain.shape
    best, ways = np.full(subsets, -1, np.int64), np.zeros(subsets, np.int64)
    start = subsets - 1 if backwards else 0
    best[start], ways[start] = 0, 1
    for layer in layers:
        for item in range(size):
            has = (layer >> item & 1) == (0 if backwards else 1)
            here, other = layer[has], layer[has] ^ 1 << item
            votes = best[other] + gain[item, here if backwards else other]
            ways[here] = np.where(
                votes > best[here], ways[other], ways[here] + (votes == best[here]) * ways[other]
            )
            best[here] = np.maximum(best[here], votes)
    return best, ways


def _by_programme(preferred: Counts) -> Kemeny:
    """A best order by integer programming, with proof; then whether there is another one."""
    size = len(preferred)
    programme = _Programme(preferred)
    order = programme.best(unlike=None)
    total = _agreeing(preferred, order)
    another = _agreeing(preferred, programme.best(unlike=order))
    places = {item: Fraction(size - 1 - place) for place, item in enumerate(order)}
    above = tuple(places[item] for item in range(size))
    return Kemeny(order, total, above, None if another == total else 0)


class _Programme:
    """Linear ordering: a variable for each pair, and transitivity as far as it is asked for.

    x_ij = 1 where i < j is above j; 0 ≤ x_ij + x_jk - x_ik ≤ 1 for i < j < k, added where it is
    violated (Grötschel, Jünger & Reinelt 1984).
    """

    def __init__(self, preferred: Counts) -> None:
        self.size = len(preferred)
        self.pairs = np.array(list(combinations(range(self.size), 2)))
        column = np.zeros((self.size, self.size), np.int64)
        column[self.pairs[:, 0], self.pairs[:, 1]] = np.arange(len(self.pairs))
        i, j, k = np.array(list(combinations(range(self.size), 3))).T
        self.triples = np.stack([column[i, j], column[j, k], column[i, k]], axis=1)
        self.asked = np.zeros(len(self.triples), dtype=bool)
        gain = preferred - preferred.T
        self.gain = gain[self.pairs[:, 0], self.pairs[:, 1]].astype(np.float64)

    def best(self, unlike: tuple[int, ...] | None) -> tuple[int, ...]:
        """A best order, or the best of those that are not `unlike`."""
        for whole in (False, True):  # fractions first: they ask for most of what is needed
            while True:
                x = self._solved(unlike, whole=whole)
                turns = x[self.triples] @ np.array([1.0, 1.0, -1.0])
                wrong = (turns < -SLACK) | (turns > 1 + SLACK)
                if not wrong.any():
                    break
                self.asked |= wrong
        first = x > 0.5  # noqa: PLR2004 -- it is 0 or 1
        winners = np.where(first, self.pairs[:, 0], self.pairs[:, 1])
        below = np.bincount(winners, minlength=self.size)
        return tuple(int(item) for item in np.argsort(-below, kind="stable"))

    def _solved(self, unlike: tuple[int, ...] | None, *, whole: bool) -> NDArray[np.float64]:
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 -- a quarter of a second
        from scipy.sparse import csr_array  # noqa: PLC0415

        width = len(self.pairs)
        asked = self.triples[self.asked]
        rows = np.repeat(np.arange(len(asked)), 3)
        signs = np.tile([1.0, 1.0, -1.0], len(asked))
        turns = csr_array((signs, (rows, asked.ravel())), shape=(len(asked), width))
        limits = [LinearConstraint(turns, 0, 1)] if len(asked) else []
        if unlike is not None:
            place = np.argsort(unlike)
            same = place[self.pairs[:, 0]] < place[self.pairs[:, 1]]
            limits.append(LinearConstraint(np.where(same, -1.0, 1.0), 1 - same.sum(), np.inf))
        found = milp(
            -self.gain,
            integrality=np.full(width, int(whole)),
            bounds=Bounds(0, 1),
            constraints=limits,
            options={"mip_rel_gap": 0},
        )
        return np.asarray(found.x, np.float64)


def _agreeing(preferred: Counts, order: tuple[int, ...]) -> int:
    return int(np.triu(preferred[np.ix_(order, order)], 1).sum())
