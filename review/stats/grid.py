"""Sums in place of integrals: a grid of few dimensions that goes where a density is.

The trapezoid rule: for a smooth density that has died down at the rim its error vanishes faster
than any power of the spacing, as exp(−2π² (sd / spacing)²) for a normal one. Trefethen, L. N. &
Weideman, J. A. C. (2014), The exponentially convergent trapezoidal rule, SIAM Review 56: 385–458.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.stats.crossed import Floats

# What is less likely than the best by this factor's logarithm is left out.
DEPTH = 10.0
# How few and how many nodes an axis has.
FEWEST, MOST = 9, 41


@dataclass(frozen=True)
class Box:
    """Where to begin, `centre` ± `reach`, and the limits beyond which not to go; (axes,) each.

    `fineness`: with how many places along each axis to look for what is likely, and how many
    standard deviations are to lie between two nodes at the end.
    """

    centre: Floats
    reach: Floats
    lowest: Floats
    highest: Floats
    fineness: tuple[int, float]


@dataclass(frozen=True, eq=False)
class Grid:
    """A density on a grid: `axes` are the places along each, `log_density` has their shape."""

    axes: tuple[Floats, ...]
    log_density: Floats
    box: Box

    @cached_property
    def masses(self) -> Floats:
        """Density × volume of every node, the greatest density being 1."""
        return _masses(self.axes, np.exp(self.log_density - self.log_density.max()))

    @cached_property
    def weights(self) -> Floats:
        """The probability of every node."""
        weights: Floats = self.masses / self.masses.sum()
        return weights

    def point(self, place: tuple[int, ...]) -> Floats:
        """Where the node of this index is, (axes,)."""
        return np.array([axis[i] for axis, i in zip(self.axes, place, strict=True)])

    def along(self, number: int) -> Floats:
        """The probabilities along one axis."""
        others = tuple(i for i in range(len(self.axes)) if i != number)
        along: Floats = self.weights.sum(axis=others)
        return along

    @property
    def coarser(self) -> float:
        """What leaving out every other place of each axis would change, relative to the whole."""
        half = tuple(slice(None, None, 2) for _ in self.axes)
        density = np.exp(self.log_density[half] - self.log_density.max())
        total = _masses(tuple(axis[::2] for axis in self.axes), density).sum()
        return abs(float(total / self.masses.sum()) - 1)

    @property
    def edge(self) -> float:
        """The largest probability of a rim that is not at a limit."""
        shares = [0.0]
        for number, axis in enumerate(self.axes):
            along = self.along(number)
            shares.append(float(along[0]) * (axis[0] > self.box.lowest[number]))
            shares.append(float(along[-1]) * (axis[-1] < self.box.highest[number]))
        return max(shares)


def _masses(axes: tuple[Floats, ...], density: Floats) -> Floats:
    for number, axis in enumerate(axes):
        widths = np.full(len(axis), axis[1] - axis[0])
        widths[[0, -1]] /= 2
        shape = [-1 if i == number else 1 for i in range(len(axes))]
        density = density * widths.reshape(shape)
    return density


def adapt(log_density: Callable[[Floats], float], box: Box) -> Grid:
    """A grid that covers what is likely, and is the finer the narrower that is.

    `log_density` takes a point, (axes,). Without axes the grid is one node.
    """
    count, spacing = box.fineness
    low = np.maximum(box.centre - box.reach, box.lowest)
    high = np.minimum(box.centre + box.reach, box.highest)
    grid = _on(log_density, box, low, high, [count] * len(low))
    for _ in range(12):
        new_low, new_high = _likely(grid)
        settled = (new_low >= low) & (new_high <= high) & (2 * (new_high - new_low) > high - low)
        low, high = new_low, new_high
        if settled.all():
            break
        grid = _on(log_density, box, low, high, [count] * len(low))
    return _on(log_density, box, low, high, [_places(grid, i, spacing) for i in range(len(low))])


def _on(
    log_density: Callable[[Floats], float], box: Box, low: Floats, high: Floats, counts: list[int]
) -> Grid:
    axes = tuple(np.linspace(*ends) for ends in zip(low, high, counts, strict=True))
    values = np.array([log_density(np.array(point)) for point in product(*axes)])
    return Grid(axes, values.reshape(counts), box)


def _likely(grid: Grid) -> tuple[Floats, Floats]:
    """The ends of what is likely and a step beyond; far beyond where it is likely at the rim."""
    likely = grid.log_density > grid.log_density.max() - DEPTH
    low, high = [], []
    for number, axis in enumerate(grid.axes):
        others = tuple(i for i in range(len(grid.axes)) if i != number)
        first, *_, last = np.flatnonzero(likely.any(axis=others))[[0, 0, -1]]
        step, wide = axis[1] - axis[0], (axis[-1] - axis[0]) / 2
        low.append(axis[first] - (wide if first == 0 else step))
        high.append(axis[last] + (wide if last == len(axis) - 1 else step))
    box = grid.box
    return np.clip(low, box.lowest, box.highest), np.clip(high, box.lowest, box.highest)


def _places(grid: Grid, number: int, spacing: float) -> int:
    """How many places an axis needs: an odd number, so that every other one holds both ends."""
    axis, along = grid.axes[number], grid.along(number)
    mean = along @ axis
    spread = float(np.sqrt(along @ (axis - mean) ** 2))
    width = float(axis[-1] - axis[0])
    count = int(np.ceil(width / (spacing * max(spread, width / MOST))))
    return int(np.clip(count, FEWEST, MOST)) | 1
