"""Grids that go where a density is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from review.stats.grid import Box, adapt

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.stats.crossed import Floats

MEAN = np.array([1.3, -0.4])


def normal(point: Floats) -> float:
    return float(-(((point - MEAN) / [0.3, 0.02]) ** 2).sum() / 2)


def box(
    *, centre: float = 0.0, reach: float = 3.0, limit: float = 9.0, count: int = 15, axes: int = 2
) -> Box:
    middle, width, end = (np.full(axes, number) for number in (centre, reach, limit))
    return Box(middle, width, -end, end, (count, 0.5))


@pytest.mark.parametrize("where", [box(), box(centre=5, reach=2), box(reach=0.1, count=9)])
def test_moments_of_a_normal_density_come_out(where: Box) -> None:
    grid = adapt(normal, where)
    for number, (mean, sd) in enumerate(zip(MEAN, (0.3, 0.02), strict=True)):
        along, axis = grid.along(number), grid.axes[number]
        assert along @ axis == pytest.approx(mean, abs=1e-4)
        assert np.sqrt(along @ (axis - mean) ** 2) == pytest.approx(sd, rel=1e-3)
    assert grid.weights.sum() == pytest.approx(1)
    assert grid.coarser < 1e-3
    assert grid.edge < 1e-4


def test_tail_that_dies_slowly_is_followed_to_the_limit() -> None:
    grid = adapt(lambda point: float(0.3 * point[0] - np.exp(point[0])), box(axes=1))
    assert grid.axes[0][0] == -9
    # Γ(0.3), but for what is beyond the limit.
    total = grid.masses.sum() * np.exp(grid.log_density.max())
    assert total == pytest.approx(2.9916 - np.exp(-2.7) / 0.3, abs=1e-2)
    assert grid.edge == pytest.approx(0, abs=1e-6)


def test_no_axis_is_one_node() -> None:
    grid = adapt(lambda point: 7.0 + len(point), box(axes=0))
    assert (grid.weights.tolist(), grid.coarser, grid.edge) == (1.0, 0.0, 0.0)
    assert grid.point(()).tolist() == []


def test_what_is_too_narrow_for_the_grid_shows() -> None:
    """A ridge along the diagonal."""

    def ridge(point: Floats) -> float:
        return float(-((point[0] - point[1]) ** 2) / 2e-6 - point @ point / 2)

    assert adapt(ridge, box()).coarser > 0.02


def test_what_ends_in_a_cliff_shows_at_the_edge() -> None:
    """A density that is never left behind."""
    ends: list[Callable[[Floats], float]] = [lambda p: float(p[0]), lambda p: float(-p[0])]
    assert [adapt(end, box(limit=1e4, axes=1)).edge > 0.005 for end in ends] == [True, True]
