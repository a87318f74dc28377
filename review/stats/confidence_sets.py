"""Confidence sets for ranks, and for who is among the best.

Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for Ranks with Applications to Mobility across
Neighbourhoods and Academic Achievement across Countries, Review of Economic Studies 91; the
step-down is that of Romano & Wolf (2005), JASA 100.

Every difference of two estimates is tested against the quantile of the largest of all studentised
differences; who is significantly better takes a place ahead of one, who is significantly worse a
place behind. In a complete design that quantile is Tukey's studentised range, divided by √2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from review.stats.crossed import Crossed

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]
    Flags = NDArray[np.bool_]

DRAWS = 2000
#: Differences held at a time.
CHUNK = 1 << 21
#: Beyond this many proposals their pairs are too many to be compared one by one.
MOST = 200


@dataclass(frozen=True, eq=False)
class ConfidenceSets:
    """Places that the data do not exclude, shapes (n,), at confidence `level`.

    `marginal_low` … `marginal_high` holds the rank of each one by itself, `low` … `high` those of
    all at once. `critical`: the largest quantile, before any step down.
    """

    marginal_low: Places
    marginal_high: Places
    low: Places
    high: Places
    critical: float
    level: float

    def best(self, k: int) -> Flags:
        """Who may be among the best `k` (the τ-best set): it holds all of them at `level`."""
        return self.low <= k


@dataclass(frozen=True, eq=False)
class Means:
    """The plain mean of each proposal, shape (n,), with its `covariance` (n, n).

    `freedom`: degrees of freedom of the variance that the covariance is made of.
    """

    value: Floats
    covariance: Floats
    freedom: int

    @classmethod
    def of(cls, crossed: Crossed, *, sd_judge: float, sd_residual: float) -> Means:
        """Under y = quality + severity of the judge + noise, qualities fixed, severities drawn.

        Where two proposals were seen by the same judges, severity drops out of their difference.
        """
        n, m = crossed.shape
        counts = crossed.by_proposal
        value = np.bincount(crossed.proposal, crossed.value, n) / counts
        share = np.zeros((n, m))
        share[crossed.proposal, crossed.judge] = 1
        share /= counts[:, None]
        covariance = sd_judge**2 * share @ share.T + np.diag(sd_residual**2 / counts)
        parts = int(crossed.components.max(initial=0)) + 1
        return cls(value, covariance, len(crossed) - n - m + parts)

    def times(self, factor: float, plus: Floats) -> Means:
        """The means × `factor` + `plus` (n,), which is known for certain."""
        return Means(self.value * factor + plus, self.covariance * factor**2, self.freedom)


def confidence_sets(
    means: Means, *, level: float = 0.9, draws: int = DRAWS, seed: int = 0
) -> ConfidenceSets:
    """Marginal and simultaneous confidence sets for the ranks of estimates, larger is better.

    Critical values are simulated from the multivariate t distribution of the estimates. Raises
    ValueError where there is no degree of freedom, so that nothing tells how exact they are.
    """
    if means.freedom < 1:
        raise ValueError("nothing tells noise from quality")
    pairs = _Pairs.of(means, draws, seed)
    n = len(means.value)
    low, high = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    for i in range(n):
        asked = np.zeros((n, n), dtype=bool)
        asked[i, :] = asked[:, i] = True
        better, _critical = pairs.step_down(asked, level)
        low[i], high[i] = 1 + better[:, i].sum(), n - better[i].sum()
    better, critical = pairs.step_down(np.ones((n, n), dtype=bool), level)
    return ConfidenceSets(
        low, high, 1 + better.sum(axis=0), n - better.sum(axis=1), critical, level
    )


@dataclass(frozen=True, eq=False)
class _Pairs:
    """All differences of two estimates.

    `observed` (n, n): estimate of the row less that of the column, by its standard error. `inverse`
    (n, n): 1 / standard error, 0 where there is none. `noise` (draws, n): what the estimates would
    be if nobody differed from anybody.
    """

    observed: Floats
    inverse: Floats
    noise: Floats

    @classmethod
    def of(cls, means: Means, draws: int, seed: int) -> _Pairs:
        variance = np.diag(means.covariance)
        error = np.sqrt(
            np.maximum(variance[:, None] + variance[None, :] - 2 * means.covariance, 0.0)
        )
        apart = means.value[:, None] - means.value[None, :]
        small = 1e-9 * max(1.0, float(np.abs(means.value).max(initial=0.0)))
        sure = error <= small
        inverse = np.where(sure, 0.0, 1 / np.where(sure, 1.0, error))
        certain = np.where(np.abs(apart) > small, np.copysign(np.inf, apart), 0.0)
        observed = np.where(sure, certain, apart * inverse)
        return cls(observed, inverse, _noise(means, draws, seed))

    def step_down(self, asked: Flags, level: float) -> tuple[Flags, float]:
        """Which rows are better than which columns (n, n), of the pairs `asked` about.

        And the critical value of the first step. After each step the pairs that were found to
        differ leave the family, which lowers the critical value for those that are left.
        """
        alive = asked & ~np.eye(len(asked), dtype=bool)
        better = np.zeros_like(alive)
        first = critical = self._critical(alive, level)
        while (found := alive & (self.observed > critical)).any():
            better |= found
            alive &= ~found
            critical = self._critical(alive, level)
        return better, first

    def _critical(self, alive: Flags, level: float) -> float:
        """The quantile of the largest difference in `noise` among pairs that are `alive`."""
        rows, columns = np.nonzero(alive)
        if not len(rows):
            return 0.0
        inverse = self.inverse[rows, columns]
        largest = np.concatenate(
            [
                ((drawn[:, rows] - drawn[:, columns]) * inverse).max(axis=1)
                for drawn in self._chunks(len(rows))
            ]
        )
        return float(np.quantile(largest, level, method="higher"))

    def _chunks(self, pairs: int) -> Iterator[Floats]:
        step = max(1, CHUNK // pairs)
        for start in range(0, len(self.noise), step):
            yield self.noise[start : start + step]


def _noise(means: Means, draws: int, seed: int) -> Floats:
    """Draws of a multivariate t of mean 0 with the covariance of the estimates (draws, n)."""
    dice = np.random.Generator(np.random.PCG64(seed))
    values, vectors = np.linalg.eigh(means.covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = dice.standard_normal((draws, len(values))) @ root.T
    spread = np.sqrt(dice.chisquare(means.freedom, (draws, 1)) / means.freedom)
    noise: Floats = normal / spread
    return noise
