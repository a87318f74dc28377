"""Worths from comparisons by judges some of whom may be careless.

P(judge k places i above j) = η_k σ(θ_i - θ_j) + (1 - η_k) σ(θ_j - θ_i), with θ ~ N(0, 1) and η_k ~
Beta(10, 1): Chen, Bennett, Collins-Thompson & Horvitz 2013 (WSDM), with the constants of Gavel.
They go through the comparisons one by one, so that the answer depends on their order; here all are
fitted at once: the mode of θ and η, by EM over whether a comparison was made with care. A draw is
half a comparison each way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.pairwise.bradley_terry import centred
from review.stats.pairwise.orders import laplacian
from review.stats.pairwise.settle import MOST, settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Compared

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

CARE = (10.0, 1.0)
"""Beta prior of a judge's reliability."""


DENSE = 1500
"""Above so many items nothing of size n × n is held."""


@dataclass(frozen=True, eq=False)
class Crowd:
    """`x`: θ of shape (size,), with mean 0; `reliability`: η of shape (judges,)."""

    x: Floats
    reliability: Floats


def fit(compared: Compared, *, most: int = MOST) -> Crowd:
    """The mode of all θ and η. Raises NotSettledError."""
    i, j, judge, size = compared.first, compared.second, compared.judge, compared.size
    won, lost = compared.wins
    count = compared.total.astype(np.float64)
    given = np.bincount(judge, count, compared.judges)
    uphill = _uphill(size, i, j, count)
    good, bad = CARE

    def step(state: Floats) -> Floats:
        x, care = state[:size], np.clip(state[size:], 0, 1)[judge]
        p = sigmoid(x[i] - x[j])
        careful_won = care * p / (care * p + (1 - care) * (1 - p))
        careful_lost = care * (1 - p) / (care * (1 - p) + (1 - care) * p)
        up = won * careful_won + lost * (1 - careful_lost)
        slope = up - count * p
        gradient = np.bincount(i, slope, size) - np.bincount(j, slope, size) - x
        careful = np.bincount(judge, won * careful_won + lost * careful_lost, compared.judges)
        reliability = (careful + good - 1) / (given + good + bad - 2)
        return np.concatenate([x + uphill(gradient), reliability])

    def objective(state: Floats) -> float:
        x, eta = state[:size], np.clip(state[size:], 0, 1)
        p = sigmoid(x[i] - x[j])
        chance = eta[judge] * p + (1 - eta[judge]) * (1 - p)
        prior = (good - 1) * np.log(eta).sum() - float(x @ x) / 2
        return float(won @ np.log(chance) + lost @ np.log1p(-chance)) + float(prior)

    start = np.append(np.zeros(size), np.full(compared.judges, good / (good + bad)))
    found = settled(step, objective, start, most=most)
    return Crowd(centred(found[:size]), np.clip(found[size:], 0, 1))


def _uphill(size: int, i: Codes, j: Codes, count: Floats) -> Callable[[Floats], Floats]:
    """From the gradient in θ to a step up, whatever θ (Böhning & Lindsay 1988).

    σ' is at most 1/4, which bounds the curvature by a Laplacian, and that by twice its diagonal.
    """
    if size > DENSE:
        degree = np.bincount(i, count, size) + np.bincount(j, count, size)
        return lambda gradient: gradient / (1 + degree / 2)
    from scipy.linalg import cho_factor, cho_solve  # noqa: PLC0415 -- costs a tenth of a second

    bound = cho_factor(laplacian(size, i, j, count / 4) + np.eye(size))
    return lambda gradient: np.asarray(cho_solve(bound, gradient), np.float64)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^-x), away from 0 and 1 by what a double can tell."""
    found: Floats = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return found
