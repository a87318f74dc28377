"""The position of each value within its cell, the same on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from review import Keys


def with_positions(values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
    """Add `position` (1 is the lowest; equal values by judge) and `n`, how many are in the cell.

    A running sum of ones: a running count is not ordered on every engine.
    """
    one = nw.lit(1, dtype=nw.Int64)
    return values.with_columns(one=one).with_columns(
        position=nw.col("one")
        .cum_sum()
        .over(*keys.cell, order_by=["value", "judge"])
        .cast(nw.Int64),
        n=nw.col("one").sum().over(*keys.cell).cast(nw.Int64),
    )
