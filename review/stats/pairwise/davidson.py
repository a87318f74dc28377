"""Worths from comparisons of two that may end in a draw.

P(i above j) = p_i / D, P(draw) = d √(p_i p_j) / D, D = p_i + p_j + d √(p_i p_j): Davidson 1970,
Journal of the American Statistical Association 65:317-328. Minorise-maximise steps after Hunter
2004, with √(p_i p_j) below its tangent. Components and `prior` as for `bradley_terry`, of which
this is the case without draws; what is compared with the ghost never draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise import bradley_terry
from review.stats.pairwise.settle import MOST, settled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Compared

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Davidson:
    """`x`: log p of shape (size,), with mean 0; `draw`: d, infinite where all were draws."""

    x: Floats
    draw: float

    @property
    def worths(self) -> Floats:
        """p, adding up to 1."""
        p = np.exp(self.x)
        found: Floats = p / p.sum()
        return found


def fit(compared: Compared, *, prior: float = 0.0, most: int = MOST) -> Davidson:
    """Worths and the tendency to draw. Raises NotSettledError."""
    pairs = compared.pooled
    draws = float(pairs.level.sum())
    if not draws:
        return Davidson(bradley_terry.log_worths(pairs, prior=prior, most=most), 0.0)
    if draws == pairs.total.sum():
        return Davidson(np.zeros(pairs.size), float("inf"))
    i, j, count = pairs.first, pairs.second, pairs.total.astype(np.float64)
    won, lost = pairs.wins
    size = pairs.size
    wins = np.bincount(i, won, size) + np.bincount(j, lost, size) + prior

    def sizes(x: Floats, draw: float) -> tuple[Floats, Floats]:
        """p_i and D, each over √(p_i p_j)."""
        half = np.exp((x[i] - x[j]) / 2)
        return half, half + 1 / half + draw

    def step(state: Floats) -> Floats:
        x, draw = state[:-1], float(np.exp(state[-1]))
        half, whole = sizes(x, draw)
        # n_ij (p_i + d/2 √(p_i p_j)) / D
        up = count * (half + draw / 2) / whole
        down = count * (1 / half + draw / 2) / whole
        p = np.exp(x)
        ghost = 2 * prior * p / (p + 1)
        moved = x + np.log(wins / (np.bincount(i, up, size) + np.bincount(j, down, size) + ghost))
        moved = bradley_terry.anchored(moved, prior)
        _, whole = sizes(moved, draw)
        return np.append(moved, np.log(draws / float((count / whole).sum())))

    def objective(state: Floats) -> float:
        x, draw = state[:-1], float(np.exp(state[-1]))
        _, whole = sizes(x, draw)
        half = (x[i] - x[j]) / 2
        level = draws * float(state[-1])
        ghost = prior * float((x - 2 * np.logaddexp(0, x)).sum())
        decided = float((pairs.above - pairs.below) @ half)
        return decided + level - float(count @ np.log(whole)) + ghost

    found = settled(step, objective, np.zeros(size + 1), most=most)
    return Davidson(bradley_terry.centred(found[:-1]), float(np.exp(found[-1])))
