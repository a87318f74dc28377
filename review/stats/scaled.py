"""Judges who differ in scale as well as in severity: least-square calibration, linear form.

Each judge's marks are brought to one scale by a straight line of their own,

    min Σ (α_j y_ij + β_j - x_i)²   over α ≥ 0, β and x,   mean α = 1, mean β = 0

so that the judges agree as well as lines can make them (Tan, Wu, Bei & Xu, "Least Square
Calibration for Peer Reviews", NeurIPS 2021, arXiv:2110.12607; before them Roos, Rothe &
Scheuermann, AAAI 2011). Without mean α = 1 the answer would be α = 0; as it is, the average judge
keeps the scale.

The price is two numbers a judge. One who marked few proposals that others marked too, or all of
them alike, could be given any slope for nothing: those get the average slope of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from review.stats.crossed import Codes, Crossed, Floats

LEAST = 8
NOTHING = 1e-10
"""An eigenvalue below this share of the largest is none."""

FLAT = 1e-6
"""A slope of no more than this is none."""


class UndeterminedError(ValueError):
    """The marks do not say how the judges' scales compare."""


@dataclass(frozen=True)
class Scaled:
    """`quality`: shape (n,), in marks; `slope` and `offset`: shape (m,), α and β.

    `average`: shape (m,), whether a judge's own marks cannot tell the slope.
    """

    quality: Floats
    slope: Floats
    offset: Floats
    average: NDArray[np.bool_]


@on_one_thread
def fit(crossed: Crossed, *, least: int = LEAST) -> Scaled:
    """The calibrated qualities and the line of each judge.

    Judges with fewer than `least` marks on proposals that others marked too get the average slope;
    if there are no others, severity alone is calibrated. Raises UndeterminedError where the graph
    of judges and proposals is not connected, or where lines can be found that make judges agree by
    flattening their marks. Time grows with the cube of the number of judges.
    """
    if not crossed.is_connected:
        raise UndeterminedError("no chain of judges connects all proposals")
    average = _untold(crossed, least)
    slopes, own = _slopes(average)
    middle, spread = crossed.value.mean(), crossed.value.std() or 1.0
    value = (crossed.value - middle) / spread
    line = _lines(_disagreement(crossed, value, slopes, own), own)
    slope, shift = np.append(line[:own], 1.0)[slopes], line[own:] * spread
    brought = slope[crossed.judge] * (crossed.value - middle) + shift[crossed.judge]
    quality = middle + np.bincount(crossed.proposal, brought) / crossed.by_proposal
    return Scaled(quality, slope, shift + middle * (1 - slope), average)


def _untold(crossed: Crossed, least: int) -> NDArray[np.bool_]:
    """Whose slope their own marks cannot tell."""
    shared = crossed.by_proposal[crossed.proposal] > 1
    m = len(crossed.judges)
    judge, value = crossed.judge[shared], crossed.value[shared]
    low, high = np.full(m, np.inf), np.full(m, -np.inf)
    np.minimum.at(low, judge, value)
    np.maximum.at(high, judge, value)
    few: NDArray[np.bool_] = np.bincount(judge, minlength=m) < least
    return few | ~(high > low)


def _slopes(average: NDArray[np.bool_]) -> tuple[Codes, int]:
    """Which slope each judge has, and how many there are; the average one comes after those."""
    own = int((~average).sum())
    if own == 0:
        return np.zeros(len(average), dtype=np.int64), 1
    return np.where(average, own, np.cumsum(~average) - 1).astype(np.int64), own


def _disagreement(crossed: Crossed, value: Floats, slopes: Codes, own: int) -> Floats:
    """Q with vᵀQv = Σ (α y + β - x)² for v = (α, β) and the best x, shape (k + m, k + m)."""
    from scipy.sparse import coo_array, hstack  # noqa: PLC0415 -- costs a tenth of a second

    rows, ones = np.arange(len(crossed)), np.ones(len(crossed))
    by_slope = coo_array((value, (rows, slopes[crossed.judge])), shape=(len(rows), own + 1))
    by_judge = coo_array((ones, (rows, crossed.judge)))
    lines: csr_array = hstack([by_slope, by_judge]).tocsr()
    sums: csr_array = coo_array((ones, (crossed.proposal, rows))).tocsr() @ lines
    means: csr_array = sums.multiply(1 / crossed.by_proposal[:, None]).tocsr()
    within: Floats = (lines.T @ lines).toarray() - (sums.T @ means).toarray()
    averaged = np.delete(np.eye(len(within)), own, axis=1)
    averaged[own, :own] = 1 / own
    return averaged.T @ within @ averaged


def _lines(disagreement: Floats, own: int) -> Floats:
    """The best v = (α, β) with α ≥ 0, mean α 1 and mean β 0; shape (k + m,).

    For any sum of the α the best v is the same up to a factor: so the sum may be asked for by one
    more equation, and set right afterwards.
    """
    from scipy.optimize import lsq_linear  # noqa: PLC0415 -- costs a tenth of a second

    sizes, turns = np.linalg.eigh(disagreement)
    top = np.sqrt(sizes[-1])
    slopes = np.arange(len(sizes)) < own
    asked = top * np.vstack([slopes, ~slopes]) / len(sizes)
    equations = np.vstack([np.sqrt(np.maximum(sizes, 0))[:, None] * turns.T, asked])
    wanted = np.append(np.zeros(len(sizes)), [top, 0])
    line: Floats = np.linalg.lstsq(equations, wanted)[0]
    if (line[slopes] < 0).any():
        limits = (np.where(slopes, 0, -np.inf), np.inf)
        line = lsq_linear(equations, wanted, limits, method="bvls", tol=1e-14).x
    line /= line[slopes].mean()
    # All β alike is always free; one direction more is perfect agreement, two leave a choice.
    free = np.count_nonzero(sizes < NOTHING * sizes[-1])
    if free > 2 or (free == 2 and line[slopes].min() <= FLAT):  # noqa: PLR2004
        raise UndeterminedError("the marks do not tell how the scales of the judges compare")
    return line
