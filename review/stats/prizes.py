"""Who gets prizes in each of many draws, when one holder may have but one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Scores = NDArray[np.floating]
    Flags = NDArray[np.bool_]
    Codes = NDArray[np.int64]


def give(value: Scores, holder: Codes, holders: int, seats: Sequence[int]) -> list[Flags]:
    """Who is among the first `seats[0]`, `seats[1]`, … in each draw; each draws × n.

    `value` (draws, n): larger is better, -inf is not eligible. `holder` (n,): codes below `holders`
    of those of whose proposals only the best can get one; -1 stands alone. Equals get it together.
    """
    n = value.shape[1]
    alone = holder < 0
    code = np.where(alone, holders + np.cumsum(alone) - 1, holder)
    order = np.argsort(code, kind="stable")
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    best = np.maximum.reduceat(value[:, order], starts, axis=1)  # draws × those who may hold
    slot = np.empty(n, dtype=np.int64)
    slot[order] = np.cumsum(np.diff(code[order], prepend=-1) != 0) - 1
    own_best = (value == best[:, slot]) & (value > -np.inf)
    return [own_best & _among(best, count)[:, slot] for count in seats]


def _among(best: Scores, count: int) -> Flags:
    """Whose value is among the `count` largest of a draw."""
    many = best.shape[1]
    if count <= 0:
        return np.zeros(best.shape, dtype=bool)
    if count >= many:
        return np.ones(best.shape, dtype=bool)
    least = np.partition(best, many - count, axis=1)[:, many - count]
    found: Flags = best >= least[:, None]
    return found
