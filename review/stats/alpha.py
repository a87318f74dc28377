"""Krippendorff's alpha: agreement beyond what would come about by chance, with gaps allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from review.stats.concordance import midranks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from review.stats.crossed import Crossed

    Floats = NDArray[np.float64]

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")

#: Distances of this many values with all others are held at a time.
BLOCK = 256


def alpha(crossed: Crossed, level: Level = "interval") -> float | None:
    """Alpha = 1 - observed ÷ expected disagreement (Krippendorff 2011).

    Proposals with one mark say nothing and are left out. `level` says when marks differ: `nominal`,
    whenever they are not the same; `ordinal`, by how many marks lie between them; `interval`, by
    their squared difference; `ratio`, by the square of difference ÷ sum. None where no proposal has
    two marks or all marks are the same; at ratio level also where one is negative.
    """
    pairable = crossed.take(crossed.by_proposal[crossed.proposal] > 1)
    if not len(pairable) or (pairable.value == pairable.value[0]).all():
        return None
    if level == "ratio" and pairable.value.min() < 0:
        return None
    observed, expected = _DISAGREEMENTS[level](pairable)
    return 1 - (len(pairable) - 1) * observed / expected


def _nominal(crossed: Crossed) -> tuple[float, float]:
    _, code, counts = np.unique(crossed.value, return_inverse=True, return_counts=True)
    cells = np.stack([crossed.proposal, code])
    (where, _), same = np.unique(cells, axis=1, return_counts=True)
    size = crossed.by_proposal.astype(np.float64)
    differ = size**2 - np.bincount(where, same.astype(np.float64) ** 2)
    return float((differ / (size - 1)).sum()), float(len(crossed) ** 2 - (counts**2).sum())


def _interval(crossed: Crossed) -> tuple[float, float]:
    """All pairs differ by 2m times the squares around the mean."""
    return _squares(crossed, crossed.value)


def _ordinal(crossed: Crossed) -> tuple[float, float]:
    """The marks between two values, halves of both included, are the difference of mid-ranks."""
    return _squares(crossed, midranks(crossed.value))


def _squares(crossed: Crossed, value: Floats) -> tuple[float, float]:
    size = crossed.by_proposal.astype(np.float64)
    centred = value - value.mean()
    means = np.bincount(crossed.proposal, centred) / size
    within = np.bincount(crossed.proposal, (centred - means[crossed.proposal]) ** 2)
    whole = 2 * len(value) * float((centred**2).sum())
    return float((2 * size * within / (size - 1)).sum()), whole


def _ratio(crossed: Crossed) -> tuple[float, float]:
    values, counts = np.unique(crossed.value, return_counts=True)
    expected = 0.0
    for start in range(0, len(values), BLOCK):
        rows = slice(start, start + BLOCK)
        expected += float(counts[rows] @ _distance(values[rows, None], values) @ counts)
    return _within(crossed), expected


def _within(crossed: Crossed) -> float:
    """The distances of all pairs within a proposal ÷ (its marks - 1)."""
    order = np.argsort(crossed.proposal, kind="stable")
    value, sizes = crossed.value[order], crossed.by_proposal
    ends = np.cumsum(sizes)
    observed = 0.0
    for size in np.unique(sizes):
        starts = (ends - sizes)[sizes == size]
        marks = value[starts[:, None] + np.arange(size)]
        for shift in range(1, int(size)):
            apart = _distance(marks[:, shift:], marks[:, :-shift])
            observed += 2 * float(apart.sum()) / (size - 1)
    return observed


def _distance(one: Floats, other: Floats) -> Floats:
    whole = one + other
    share = np.divide(one - other, whole, out=np.zeros_like(whole), where=whole > 0)
    squared: Floats = share**2
    return squared


_DISAGREEMENTS: dict[Level, Callable[[Crossed], tuple[float, float]]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
