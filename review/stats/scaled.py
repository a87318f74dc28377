"""Judges who differ in scale as well as in severity: least-square calibration, linear form.

Each judge's marks are brought to one scale by a straight line of their own,

    min Σ (α_j y_ij + β_j - x_i)²   over α ≥ 0, β and x,   mean α = 1, mean β = 0

so that the judges agree as well as lines can make them (Tan, Wu, Bei & Xu, "Least Square
Calibration for Peer Reviews", NeurIPS 2021, arXiv:2110.12607; before them Roos, Rothe &
Scheuermann, AAAI 2011). Without mean α = 1 the answer would be α = 0; as it is, the average judge
keeps the scale.

The price is two numbers a judge. One who marked few proposals that others marked too, or all of
them alike, could be given any slope for nothing: those share one slope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.crossed import Codes, Crossed, Floats

LEAST = 8
NOTHING = 1e-10
"""An eigenvalue below this share of the largest is none."""


class UndeterminedError(ValueError):
    """The marks do not say how the judges' scales compare."""


@dataclass(frozen=True)
class Scaled:
    """`quality`: shape (n,), in marks; `slope` and `offset`: shape (m,), α and β.

    `shares`: shape (m,), whether a judge is one of those who share a slope.
    """

    quality: Floats
    slope: Floats
    offset: Floats
    shares: NDArray[np.bool_]


def fit(crossed: Crossed, *, least: int = LEAST) -> Scaled:
    """The calibrated qualities and the line of each judge.

    Judges with fewer than `least` marks on proposals that others marked too share a slope. Raises
    UndeterminedError where the graph of judges and proposals is not connected, or where lines can
    be found that make judges agree by flattening their marks. Time grows with the cube of the
    number of judges.
    """
    if not crossed.is_connected:
        raise UndeterminedError("no chain of judges connects all proposals")
    shares = _shares(crossed, least)
    slopes = _slope_of(shares)
    middle, spread = crossed.value.mean(), crossed.value.std() or 1.0
    value = (crossed.value - middle) / spread
    line = _lines(_disagreement(crossed, value, slopes), slopes)
    count = slopes.max() + 1
    slope, shift = line[:count][slopes], line[count:] * spread
    brought = slope[crossed.judge] * (crossed.value - middle) + shift[crossed.judge]
    quality = middle + np.bincount(crossed.proposal, brought) / crossed.by_proposal
    return Scaled(quality, slope, shift + middle * (1 - slope), shares)


def _shares(crossed: Crossed, least: int) -> NDArray[np.bool_]:
    """Whose slope their own marks cannot tell."""
    shared = crossed.by_proposal[crossed.proposal] > 1
    m = len(crossed.judges)
    judge, value = crossed.judge[shared], crossed.value[shared]
    low, high = np.full(m, np.inf), np.full(m, -np.inf)
    np.minimum.at(low, judge, value)
    np.maximum.at(high, judge, value)
    few: NDArray[np.bool_] = np.bincount(judge, minlength=m) < least
    return few | ~(high > low)


def _slope_of(shares: NDArray[np.bool_]) -> Codes:
    """Which slope each judge has, from 0; the shared one, if there is one, comes last."""
    own = np.cumsum(~shares) - 1
    return np.where(shares, own.max(initial=-1) + 1, own).astype(np.int64)


def _disagreement(crossed: Crossed, value: Floats, slopes: Codes) -> Floats:
    """Q with vᵀQv = Σ (α y + β - x)² for v = (α, β) and the best x, shape (k + m, k + m)."""
    from scipy.sparse import coo_array, hstack  # noqa: PLC0415 -- costs a tenth of a second

    count = slopes.max() + 1
    rows = np.arange(len(crossed))
    by_slope = coo_array((value, (rows, slopes[crossed.judge])), shape=(len(crossed), count))
    by_judge = coo_array(
        (np.ones(len(crossed)), (rows, crossed.judge)), shape=(len(crossed), len(crossed.judges))
    )
    lines = hstack([by_slope, by_judge]).tocsr()
    panels = coo_array((np.ones(len(crossed)), (crossed.proposal, rows))).tocsr()
    sums = panels @ lines
    means = sums.multiply(1 / crossed.by_proposal[:, None])
    within: Floats = (lines.T @ lines - sums.T @ means).toarray()
    return within


def _lines(disagreement: Floats, slopes: Codes) -> Floats:
    """The best v = (α, β) with α ≥ 0, mean α over judges 1 and mean β 0.

    For any sum of the α the best v is the same up to a factor: so the sum may be asked for by one
    more equation, and set right afterwards.
    """
    from scipy.optimize import lsq_linear  # noqa: PLC0415 -- costs a tenth of a second

    judges = len(slopes)
    count = slopes.max() + 1
    sizes, turns = np.linalg.eigh(disagreement)
    top = sizes[-1]
    free = sizes < NOTHING * top
    asked = np.zeros((2, len(sizes)))
    asked[0, :count] = np.bincount(slopes)
    asked[1, count:] = 1
    asked *= np.sqrt(top) / judges
    equations = np.vstack([np.sqrt(np.maximum(sizes, 0))[:, None] * turns.T, asked])
    wanted = np.zeros(len(equations))
    wanted[-2] = np.sqrt(top)
    line: Floats = np.linalg.lstsq(equations, wanted)[0]
    if (line[:count] < 0).any():
        low = np.where(np.arange(len(line)) < count, 0, -np.inf)
        line = lsq_linear(equations, wanted, (low, np.inf), method="bvls", tol=1e-14).x
    line /= np.bincount(slopes) @ line[:count] / judges
    # All β alike is always free; one direction more is perfect agreement, two leave a choice.
    if free.sum() > 2 or (free.sum() == 2 and line[:count].min() <= 1e-6):  # noqa: PLR2004
        raise UndeterminedError("the marks do not tell how the scales of the judges compare")
    return line
