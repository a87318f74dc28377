"""What another panel of the same kind would have said: judges drawn again with all their values.

Efron & Tibshirani (1993), An Introduction to the Bootstrap; drawn are judges, as clusters, since
the values of one judge are not independent of each other (Davison & Hinkley 1997, §3.8). A cross
check of the model, not a replacement:

- where a proposal has r values, the mean of those drawn varies by √((r - 1) / r) too little;
- with few judges there are few different draws (10 for three judges), so chances are coarse;
- of ranks it is inconsistent where qualities are nearly equal (Hall & Miller 2009, Annals of
  Statistics 37).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.crossed import Crossed

    Floats = NDArray[np.float64]

DRAWS = 1000
#: A number of different draws beyond which nobody need ask.
PLENTY = 10**9
#: Numbers held at a time beside what is kept.
CHUNK = 1 << 22


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Means of drawn judges.

    `means` (draws, n): the mean of each proposal over the judges drawn; where none of its judges
    was, its plain mean, which happened in the share `undrawn` of all cases. `different`: how many
    different draws there can be for the proposal that has the fewest values (at most `PLENTY`).
    `shrinkage`: the factor by which spreads are too small, for that proposal.
    """

    means: Floats
    undrawn: float
    different: int
    shrinkage: float


def bootstrap(crossed: Crossed, *, draws: int = DRAWS, seed: int = 0) -> Bootstrap:
    """Draw as many judges as there are, with replacement, `draws` times."""
    from scipy.sparse import csr_array  # noqa: PLC0415 -- costs a tenth of a second

    n, m = crossed.shape
    dice = np.random.Generator(np.random.PCG64(seed))
    where = (crossed.proposal, crossed.judge)
    values = csr_array((crossed.value, where), shape=(n, m))
    seen = csr_array((np.ones(len(crossed)), where), shape=(n, m))
    plain = np.bincount(crossed.proposal, crossed.value, n) / crossed.by_proposal
    means = np.empty((draws, n))
    undrawn = 0
    step = max(1, CHUNK // (n + m))
    for start in range(0, draws, step):
        size = min(step, draws - start)
        times = dice.multinomial(m, np.full(m, 1 / m), size=size).astype(np.float64).T
        counts: Floats = np.asarray(seen @ times).T
        none = counts == 0
        undrawn += int(none.sum())
        sums: Floats = np.asarray(values @ times).T
        means[start : start + size] = np.where(none, plain, sums / np.where(none, 1.0, counts))
    fewest = int(crossed.by_proposal.min())
    return Bootstrap(
        means,
        undrawn / (draws * n),
        min(comb(2 * fewest - 1, fewest), PLENTY),
        float(np.sqrt((fewest - 1) / fewest)),
    )
