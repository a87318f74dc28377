"""Severe and lenient judges by least squares: a mark is a quality plus what its judge adds.

    y_ij = q_i + b_j + e_ij,   Σ_j b_j = 0

The normal equations of the judges are the Laplacian of the graph in which judges are joined by the
proposals they share: they have one solution where that graph is connected, and none worth having
where it is not. No effect is shrunk: this is the fixed-effects analysis of an incomplete block
design (Yates 1940, Annals of Eugenics 10:317-325); with a ridge on b it is how the reviewers of
NIPS were calibrated from 2006 on (Platt & Burges 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from review.stats.crossed import Crossed, Floats

DENSE = 500
"""Up to so many judges the equations are solved directly, beyond by conjugate gradients."""

TOLERANCE = 1e-13
MOST_STEPS = 5000


@dataclass(frozen=True)
class Additive:
    """`quality`: shape (n,), in marks; `effect`: shape (m,), what a judge adds, summing to 0.

    `steps`: of conjugate gradients; 0 where the equations were solved directly.
    """

    quality: Floats
    effect: Floats
    steps: int


@on_one_thread
def fit(crossed: Crossed, *, dense: int = DENSE, most_steps: int = MOST_STEPS) -> Additive:
    """The least-squares qualities and judge effects.

    Raises ValueError where the graph of judges and proposals is not connected, RuntimeError where
    `most_steps` do not suffice.
    """
    if not crossed.is_connected:
        raise ValueError("no chain of judges connects all proposals")
    marked = incidence(crossed)
    ballots = crossed.by_proposal
    mean: Floats = np.bincount(crossed.proposal, weights=crossed.value) / ballots
    # A judge's equation: how much higher the judge marked than the panels, less their effects.
    above = crossed.value - mean[crossed.proposal]
    pull = np.bincount(crossed.judge, weights=above).astype(np.float64)
    if marked.shape[1] <= dense:
        effect, steps = _directly(marked, crossed, pull), 0
    else:
        effect, steps = _by_gradients(marked, crossed, pull, most_steps)
    effect -= effect.mean()
    return Additive(mean - (marked @ effect) / ballots, effect, steps)


def incidence(crossed: Crossed) -> csr_array:
    """Who marked what: ones of shape (n, m)."""
    from scipy.sparse import coo_array  # noqa: PLC0415 -- costs a tenth of a second

    pairs = (crossed.proposal, crossed.judge)
    return coo_array((np.ones(len(crossed)), pairs), shape=crossed.shape).tocsr()


def _directly(marked: csr_array, crossed: Crossed, pull: Floats) -> Floats:
    shared = (marked.T @ marked.multiply(1 / crossed.by_proposal[:, None])).toarray()
    # The ones fix the sum at 0 and change nothing else: `pull` sums to 0.
    return np.linalg.solve(np.diag(crossed.by_judge) - shared + 1, pull)


def _by_gradients(
    marked: csr_array, crossed: Crossed, pull: Floats, most: int
) -> tuple[Floats, int]:
    """Conjugate gradients, preconditioned by the diagonal (Jacobi)."""
    loads, ballots, back = crossed.by_judge, crossed.by_proposal, marked.T.tocsr()
    scale = 1 / (loads - np.bincount(crossed.judge, weights=1 / ballots[crossed.proposal]))
    effect = np.zeros_like(pull)
    left = pull.copy()
    way = ahead = scale * left
    size = left @ ahead
    goal = TOLERANCE**2 * size
    for step in range(1, most + 1):
        if size <= goal:
            return effect, step - 1
        moved = loads * way - back @ ((marked @ way) / ballots)
        length = size / (way @ moved)
        effect += length * way
        left -= length * moved
        ahead = scale * left
        size, before = left @ ahead, size
        way = ahead + (size / before) * way
    raise RuntimeError(f"the judges' effects did not settle in {most} steps")
