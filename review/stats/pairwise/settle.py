"""Going up a likelihood until nothing moves: by Newton where it is concave, else by EM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TOLERANCE = 1e-11
"""A step that moves nothing by more than that is the last."""
ARRIVED = 1e-7
"""So is a Newton step of that size: what it leaves over is of the size of its square."""
MOST = 20_000
INSIDE = 1e-3
"""How far Newton's equations are solved, relative to the gradient."""
PROBE = 1e-6
NOISE = 1e-14
"""What is left of numbers that cancel, relative to them."""


class NotSettledError(Exception):
    """The steps allowed were not enough; the answer would be wrong in the decimals shown."""


class Steps:
    """Counts steps; raises NotSettledError where there are more than `most`."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self) -> None:
        """One more step."""
        self.left -= 1
        if self.left < 0:
            raise NotSettledError


@on_one_thread
def climbed(
    gradient: Callable[[Floats], Floats],
    objective: Callable[[Floats], float],
    start: Floats,
    *,
    scale: float,
    most: int = MOST,
) -> Floats:
    """The top of a concave `objective`, by Newton's method with conjugate gradients.

    `scale`: the size of the numbers that cancel in the gradient at the top.

    The curvature along a direction is how the gradient changes on the way (Nocedal & Wright 2006,
    §7.1), so that nothing of size n × n is needed. Where there is a direction along which nothing
    changes, `gradient` has no part along it, and nor has the way. Raises NotSettledError after
    `most` gradients.
    """
    steps = Steps(most)
    x, height = start, objective(start)
    while True:
        slope = gradient(x)
        if np.abs(slope).max(initial=0.0) <= NOISE * scale:
            return x
        steps.take()
        way = _newton(gradient, x, slope, steps)
        if np.abs(way).max() < ARRIVED:
            return x + way
        enough = height - NOISE * abs(height) * len(x)
        while not (higher := objective(x + way)) >= enough:
            steps.take()
            way = way / 2
        x, height = x + way, higher


def _newton(gradient: Callable[[Floats], Floats], x: Floats, slope: Floats, steps: Steps) -> Floats:
    """Where the gradient would be 0 if the objective were quadratic."""
    way = np.zeros_like(x)
    left, direction = slope, slope
    size = enough = float(left @ left)
    enough *= INSIDE**2
    while size > enough and size > 0:
        steps.take()
        probe = PROBE / float(np.abs(direction).max())
        bend = (slope - gradient(x + probe * direction)) / probe
        curvature = float(direction @ bend)
        if curvature <= 0:  # as straight as can be told
            return way if way.any() else slope
        length = size / curvature
        way = way + length * direction
        left = left - length * bend
        before, size = size, float(left @ left)
        direction = left + size / before * direction
    return way


def settled(
    step: Callable[[Floats], Floats],
    objective: Callable[[Floats], float],
    start: Floats,
    *,
    most: int = MOST,
) -> Floats:
    """Where `step` (of vectors, never lowering `objective`) moves nothing by more than 1e-11.

    Steps are extrapolated by SQUAREM (Varadhan & Roland 2008, Scand. J. Statist. 35:335-353, scheme
    S3), and an extrapolation that lowers the objective is taken back. Raises NotSettledError after
    `most` steps.
    """
    x = start
    for _ in range(most // 3):
        one = step(x)
        two = step(one)
        change, bend = one - x, (two - one) - (one - x)
        if np.abs(two - one).max(initial=0.0) < TOLERANCE:
            return two
        size = float(np.linalg.norm(bend))
        length = max(1.0, float(np.linalg.norm(change)) / size) if size else 1.0
        x = step(x + 2 * length * change + length * length * bend)
        if not objective(x) >= objective(two):
            x = two
    raise NotSettledError
