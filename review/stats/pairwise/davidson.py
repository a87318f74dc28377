"""Worths from comparisons of two that may end in a draw.

P(i above j) = p_i / D, P(draw) = d √(p_i p_j) / D, D = p_i + p_j + d √(p_i p_j): Davidson 1970,
Journal of the American Statistical Association 65:317-328. The likelihood is concave in log p and
log d. Components and `prior` as for `bradley_terry`, of which
this is the case without draws; what is compared with the ghost never draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise import bradley_terry
from review.stats.pairwise.settle import MOST, climbed

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
    size = pairs.size

    def sizes(state: Floats) -> tuple[Floats, Floats]:
        """p_i and D, each over √(p_i p_j)."""
        half = np.exp((state[i] - state[j]) / 2)
        return half, half + 1 / half + np.exp(state[-1])

    def gradient(state: Floats) -> Floats:
        x = state[:-1]
        half, whole = sizes(state)
        slope = (pairs.above - pairs.below - count * (half - 1 / half) / whole) / 2
        ghost = prior * (1 - 2 * bradley_terry.expit(x))
        up = np.bincount(i, slope, size) - np.bincount(j, slope, size) + ghost
        up = bradley_terry.level(up, prior)
        return np.append(up, draws - np.exp(state[-1]) * float((count / whole).sum()))

    def objective(state: Floats) -> float:
        x = state[:-1]
        decided = float((pairs.above - pairs.below) @ (x[i] - x[j])) / 2
        ghost = prior * float((x - 2 * np.logaddexp(0, x)).sum())
        return decided + draws * float(state[-1]) - float(count @ np.log(sizes(state)[1])) + ghost

    found = climbed(gradient, objective, np.zeros(size + 1), scale=prior + draws, most=most)
    return Davidson(bradley_terry.centred(found[:-1]), float(np.exp(found[-1])))
