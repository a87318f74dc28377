"""Iterating a step that never makes things worse until it changes nothing, in fewer steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TOLERANCE = 1e-11
MOST = 20_000


class NotSettledError(Exception):
    """The steps allowed were not enough; the answer would be wrong in the decimals shown."""


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
