"""What can be told of each judge: severity, spread, likeness to the others, drift, odd marks."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from review.stats.concordance import midranks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.crossed import Crossed
    from review.stats.mixed import Mixed

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

#: Fewer shared proposals tell nothing of likeness, fewer moments nothing of drift.
FEWEST_SHARED = 3
FEWEST_MOMENTS = 8
#: A mark is worth another look beyond so many standard deviations.
UNUSUAL = 2.5
#: Up to this many judges the errors of their effects are told together.
DENSE_JUDGES = 2_000
BINS = 10
NOTHING = 1e-9


@dataclass(frozen=True)
class Interval:
    """An estimate and its interval."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Drift:
    """How a judge's marks move from one to the next, the proposals' quality taken out.

    `change`: from the first to the last of `marks`; `p`: of no drift at all.
    """

    slope: Interval
    change: Interval
    marks: int
    p: float


@dataclass(frozen=True)
class Use:
    """How a judge uses the scale, of positions from 0 (its bottom) to 1 (its top).

    `entropy` in bits over ten equal parts of the scale: 0 where all marks fall into one, 3.32 where
    all are used alike. `bottom`, `top`: shares of marks at the ends.
    """

    low: float
    high: float
    entropy: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Deviations:
    """Of each value, shape (N,): against what all other values make expected of it.

    `residual` in marks; `z` the same in standard deviations of it, NaN where nothing is expected.
    """

    residual: Floats
    z: Floats

    def unusual(self, least: float = UNUSUAL) -> Codes:
        """The rows beyond `least` standard deviations, the farthest first."""
        size = np.abs(np.nan_to_num(self.z))
        rows = np.flatnonzero(size > least)
        found: Codes = rows[np.argsort(-size[rows], kind="stable")]
        return found


def offsets(crossed: Crossed, fitted: Mixed, *, level: float = 0.95) -> list[Interval]:
    """How much higher (+) or lower (-) than the panel each judge marks the same proposals.

    BLUPs of the two-way model less their mean, so that the panel is the yardstick, with the error
    of that difference and Student's t at N - n - m + 1 degrees of freedom. What they rest on
    shrinks: a judge of few proposals is taken to be like the others.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 -- costs a tenth of a second

    n, m = crossed.shape
    effects = fitted.judge_effects - fitted.judge_effects.mean()
    errors = _errors(crossed, fitted)
    reach = float(stdtrit(max(1, len(crossed) - n - m + 1), (1 + level) / 2))
    return [
        Interval(effect, effect - reach * error, effect + reach * error)
        for effect, error in zip(effects.tolist(), errors.tolist(), strict=True)
    ]


def _errors(crossed: Crossed, fitted: Mixed) -> Floats:
    """Standard errors of judges' effects against the mean of all, shape (m,)."""
    n, m = crossed.shape
    if fitted.sd_judge == 0 or fitted.sd_residual == 0:
        return np.zeros(m)
    if m > DENSE_JUDGES:
        return fitted.judge_se
    from scipy.sparse import csr_array  # noqa: PLC0415 -- costs a tenth of a second

    cells = (np.ones(len(crossed)), (crossed.proposal, crossed.judge))
    met = csr_array(cells, shape=(n, m))
    quality, noise = fitted.sd_proposal**2, fitted.sd_residual**2
    share = quality / (noise + quality * crossed.by_proposal)
    shared = (met.T @ met.multiply(share[:, None])).toarray()
    precision = np.diag(crossed.by_judge + noise / fitted.sd_judge**2) - shared
    # The mean is estimated as well: what it explains is taken out.
    left = crossed.by_judge - met.T @ (share * crossed.by_proposal)
    whole = len(crossed) - float(share @ crossed.by_proposal**2)
    covariance = noise * np.linalg.inv(precision - np.outer(left, left) / whole)
    centred = covariance - covariance.mean(axis=0)
    centred -= centred.mean(axis=1)[:, None]
    return np.sqrt(np.maximum(np.diag(centred), 0))


def spreads(crossed: Crossed) -> list[float | None]:
    """The standard deviation of each judge's marks; None where there is one mark."""
    return [
        float(values.std(ddof=1)) if len(values) > 1 else None
        for values in _by_judge(crossed, crossed.value)
    ]


def likeness(crossed: Crossed) -> list[tuple[float | None, int]]:
    """Each judge's correlation with the mean of the others, and over how many proposals.

    Only proposals that somebody else marked, too. None where those are fewer than `FEWEST_SHARED`
    or all have the same mark or mean.
    """
    sums = np.bincount(crossed.proposal, crossed.value)
    with np.errstate(invalid="ignore"):
        others = (sums[crossed.proposal] - crossed.value) / (
            crossed.by_proposal[crossed.proposal] - 1
        )
    both = zip(_by_judge(crossed, crossed.value), _by_judge(crossed, others), strict=True)
    return [_correlation(mine, theirs) for mine, theirs in both]


def _correlation(mine: Floats, theirs: Floats) -> tuple[float | None, int]:
    shared = np.isfinite(theirs)
    count = int(shared.sum())
    if count < FEWEST_SHARED:
        return None, count
    one, other = mine[shared] - mine[shared].mean(), theirs[shared] - theirs[shared].mean()
    spread = sqrt(float((one**2).sum()) * float((other**2).sum()))
    if spread < NOTHING:
        return None, count
    return float(one @ other) / spread, count


def use(position: Floats) -> Use:
    """How the scale is used by marks at these positions (at least one), 0 bottom to 1 top."""
    part = np.minimum((position * BINS).astype(np.int64), BINS - 1)
    _, counts = np.unique(part, return_counts=True)
    share = counts / len(position)
    return Use(
        low=float(position.min()),
        high=float(position.max()),
        entropy=max(0.0, float(-(share * np.log2(share)).sum())),
        bottom=float((position <= 0).mean()),
        top=float((position >= 1).mean()),
    )


def deviations(crossed: Crossed, fitted: Mixed) -> Deviations:
    """Each value against what the others make expected, by the leverage of the two-way model.

    With h the leverage: residual ÷ (1 - h), and residual ÷ (s √(1 - h)), the internally studentised
    one (Cook & Weisberg 1982; for mixed models Nobre & Singer 2007). All z are NaN where the model
    leaves nothing over.
    """
    if fitted.sd_residual == 0:
        return Deviations(np.zeros(len(crossed)), np.full(len(crossed), np.nan))
    from review.stats.residuals import Smoother  # noqa: PLC0415 -- scipy

    noise = fitted.sd_residual
    smoother = Smoother(crossed, fitted.sd_proposal / noise, fitted.sd_judge / noise)
    left = 1 - smoother.leverage
    known = left > NOTHING
    room = np.where(known, left, 1.0)
    residual = smoother.residual(crossed.value) / room
    return Deviations(
        np.where(known, residual, 0.0), np.where(known, residual * np.sqrt(room) / noise, np.nan)
    )


def drifts(
    crossed: Crossed, residual: Floats, moment: Floats, *, level: float = 0.95
) -> list[Drift | None]:
    """The slope of each judge's residuals (N,) over the order in which the marks were given.

    `moment`: when each value was given, NaN where nobody knows; equal moments share their mean
    place. Least squares, with Student's t. None with fewer than `FEWEST_MOMENTS` moments. A drift
    that all judges have in common, all having the same order, goes into the proposals' quality and
    is not seen.
    """
    return [
        _drift(e, when, level)
        for e, when in zip(_by_judge(crossed, residual), _by_judge(crossed, moment), strict=True)
    ]


def _drift(residual: Floats, moment: Floats, level: float) -> Drift | None:
    known = np.isfinite(moment)
    if len(np.unique(moment[known])) < FEWEST_MOMENTS:
        return None
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415 -- costs a tenth of a second

    e = residual[known]
    place = midranks(moment[known])
    x, y = place - place.mean(), e - e.mean()
    squares = float((x**2).sum())
    slope = float(x @ y) / squares
    freedom = len(e) - 2
    error = sqrt(float(((y - slope * x) ** 2).sum()) / freedom / squares)
    p = 2 * float(stdtr(freedom, -abs(slope) / error)) if error > NOTHING else float(slope == 0)
    reach = float(stdtrit(freedom, (1 + level) / 2)) * error
    interval = Interval(slope, slope - reach, slope + reach)
    steps = len(e) - 1
    change = Interval(slope * steps, interval.low * steps, interval.high * steps)
    return Drift(interval, change, len(e), p)


def _by_judge(crossed: Crossed, values: Floats) -> list[Floats]:
    """The values of each judge."""
    order = np.argsort(crossed.judge, kind="stable")
    return np.split(values[order], np.cumsum(crossed.by_judge)[:-1])
