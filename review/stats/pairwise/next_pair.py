"""Which pair to ask for next: the one whose answer is expected to tell most.

Worths are normal around the mode of `crowd_bt`, by the expected information of what was answered.
What an answer on i and j tells about them is its mutual information with d = θ_i - θ_j ~ N(m, v):
H(E q) - E H(q) bits, where q is the chance of i and H the entropy of a coin (Lindley 1956, Annals
of Mathematical Statistics 27:986-1005; Houlsby, Huszár, Ghahramani & Lengyel 2011). It is large
where two are close in worth and little is known of at least one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise import crowd_bt
from review.stats.pairwise.orders import laplacian

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Compared

    Floats = NDArray[np.float64]

NODES = 21
"""Of the Gauss-Hermite quadrature; more change no decimal that is shown."""
SHOWN = 9
"""Decimals of information at which pairs are equal."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items (codes), what comparing them is expected to tell, and how often they were."""

    first: int
    second: int
    bits: float
    compared: int


@dataclass(frozen=True, eq=False)
class Known:
    """What comparisons tell: `mean` of shape (n,), `covariance` (n, n), `reliability` by judge."""

    mean: Floats
    covariance: Floats
    reliability: Floats

    @classmethod
    def of(cls, compared: Compared) -> Known:
        """After these comparisons. Raises NotSettledError."""
        crowd = crowd_bt.fit(compared)
        p = crowd_bt.sigmoid(crowd.x[compared.first] - crowd.x[compared.second])
        care = crowd.reliability[compared.judge]
        chance = care * p + (1 - care) * (1 - p)
        slope = (2 * care - 1) * p * (1 - p)
        weight = compared.total * slope**2 / (chance * (1 - chance))
        size = compared.size
        precision = np.eye(size) + laplacian(size, compared.first, compared.second, weight)
        covariance = np.asarray(np.linalg.inv(precision), np.float64)
        return cls(crowd.x, covariance, crowd.reliability)


def information(known: Known, reliability: float) -> Floats:
    """The bits that each pair is expected to tell, shape (n, n), symmetric, 0 on the diagonal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights /= weights.sum()
    spread = np.diag(known.covariance)
    variance = spread[:, None] + spread[None, :] - 2 * known.covariance
    deviation = np.sqrt(np.maximum(variance, 0))
    gap = known.mean[:, None] - known.mean[None, :]
    chance, entropy = np.zeros_like(gap), np.zeros_like(gap)
    for node, weight in zip(nodes, weights, strict=True):
        p = crowd_bt.sigmoid(gap + deviation * node)
        q = reliability * p + (1 - reliability) * (1 - p)
        chance += weight * q
        entropy += weight * coin(q)
    told = coin(chance) - entropy
    np.fill_diagonal(told, 0)
    bits: Floats = np.maximum((told + told.T) / 2, 0)
    return bits


def coin(chance: Floats) -> Floats:
    """The entropy of a coin in bits."""
    found: Floats = -(chance * np.log2(chance) + (1 - chance) * np.log2(1 - chance))
    return found


def suggested(
    compared: Compared, allowed: NDArray[np.bool_], judge: int | None = None
) -> Iterator[Pair]:
    """The pairs that may be asked for, most telling first; then the least compared, then by code.

    `allowed` of shape (n, n), read above its diagonal. `judge`: who would be asked (default: one of
    whom nothing is known). Raises NotSettledError.
    """
    known = Known.of(compared)
    good, bad = crowd_bt.CARE
    care = good / (good + bad) if judge is None else float(known.reliability[judge])
    first, second = np.nonzero(np.triu(allowed, 1))
    bits = np.round(information(known, care)[first, second], SHOWN)
    times = np.zeros((compared.size, compared.size), np.int64)
    pooled = compared.pooled
    times[pooled.first, pooled.second] = pooled.total
    often = times[first, second]
    for row in np.lexsort((second, first, often, -bits)):
        yield Pair(int(first[row]), int(second[row]), float(bits[row]), int(often[row]))
