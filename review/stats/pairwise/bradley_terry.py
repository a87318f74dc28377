"""Worths from comparisons of two: P(i above j) = p_i / (p_i + p_j).

Bradley & Terry 1952, Biometrika 39:324-345; fitted by the minorise-maximise steps of Hunter 2004,
Annals of Statistics 32:384-406. A draw is half a win for both. The maximum is finite only where the
items are strongly connected (Ford 1957); otherwise `prior` gives each item that many wins and that
many losses against a ghost of worth 1, in the way of the pseudo-rankings of Turner, van Etten,
Firth & Kosmidis 2020, Computational Statistics 35:1027-1057.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise.orders import laplacian
from review.stats.pairwise.settle import MOST, settled

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
    wins = np.bincount(i, won, size) + np.bincount(j, lost, size) + prior

    def step(x: Floats) -> Floats:
        p = np.exp(x)
        share = count / (p[i] + p[j])
        below = np.bincount(i, share, size) + np.bincount(j, share, size) + 2 * prior / (p + 1)
        return anchored(np.log(wins / below), prior)

    def objective(x: Floats) -> float:
        ghost = prior * float((x - 2 * np.logaddexp(0, x)).sum())
        return float(won @ x[i] + lost @ x[j] - count @ np.logaddexp(x[i], x[j])) + ghost

    return centred(settled(step, objective, np.zeros(size), most=most))


def centred(x: Floats) -> Floats:
    """Log-worths with mean 0."""
    found: Floats = x - x.mean()
    return found


def anchored(x: Floats, prior: float) -> Floats:
    """Log-worths with mean 0 where no ghost says what 0 is."""
    return x if prior else centred(x)


def standard_errors(compared: Compared, x: Floats, reference: int) -> Floats:
    """Standard errors of x_i - x_reference, shape (size,), from the information (no prior)."""
    pairs = compared.pooled
    p = 1 / (1 + np.exp(x[pairs.second] - x[pairs.first]))
    information = laplacian(pairs.size, pairs.first, pairs.second, pairs.total * p * (1 - p))
    others = np.arange(pairs.size) != reference
    errors = np.zeros(pairs.size)
    errors[others] = np.sqrt(np.diag(np.linalg.inv(information[np.ix_(others, others)])))
    return errors
