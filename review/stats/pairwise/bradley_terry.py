"""Worths from comparisons of two: P(i above j) = p_i / (p_i + p_j).

Bradley & Terry 1952, Biometrika 39:324-345; the maximum of the likelihood, which is concave in log
p. A draw is half a win for both. The maximum is finite only where the items are strongly connected
(Ford 1957; Hunter 2004, Annals of Statistics 32:384-406); otherwise `prior` gives each item that
many wins and that many losses against a ghost of worth 1, in the way of the pseudo-rankings of
Turner, van Etten, Firth & Kosmidis 2020, Computational Statistics 35:1027-1057.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise.orders import laplacian
from review.stats.pairwise.settle import MOST, climbed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Compared

    Floats = NDArray[np.float64]


def log_worths(compared: Compared, *, prior: float = 0.0, most: int = MOST) -> Floats:
    """log p of shape (size,), with mean 0.

    Without a `prior` the items must be one strong component. Raises NotSettledError.
    """
    pairs = compared.pooled
    i, j, count = pairs.first, pairs.second, pairs.total.astype(np.float64)
    won, lost = pairs.wins
    size = pairs.size
    scale = prior + float(count.sum()) / max(size, 1)

    def gradient(x: Floats) -> Floats:
        slope = won - count * expit(x[i] - x[j])
        ghost = prior * (1 - 2 * expit(x))
        return level(np.bincount(i, slope, size) - np.bincount(j, slope, size) + ghost, prior)

    def objective(x: Floats) -> float:
        ghost = prior * float((x - 2 * np.logaddexp(0, x)).sum())
        return float(won @ x[i] + lost @ x[j] - count @ np.logaddexp(x[i], x[j])) + ghost

    return centred(climbed(gradient, objective, np.zeros(size), scale=scale, most=most))


def centred(x: Floats) -> Floats:
    """Log-worths with mean 0."""
    found: Floats = x - x.mean()
    return found


def level(gradient: Floats, prior: float) -> Floats:
    """A gradient without what is left along the direction in which nothing changes (no ghost)."""
    return gradient if prior else centred(gradient)


def expit(x: Floats) -> Floats:
    """1 / (1 + e^-x)."""
    found: Floats = np.exp(-np.logaddexp(0, -x))
    return found


def standard_errors(compared: Compared, x: Floats, reference: int) -> Floats:
    """Standard errors of x_i - x_reference, shape (size,), from the information (no prior)."""
    pairs = compared.pooled
    p = expit(x[pairs.first] - x[pairs.second])
    information = laplacian(pairs.size, pairs.first, pairs.second, pairs.total * p * (1 - p))
    others = np.arange(pairs.size) != reference
    errors = np.zeros(pairs.size)
    errors[others] = np.sqrt(np.diag(np.linalg.inv(information[np.ix_(others, others)])))
    return errors
