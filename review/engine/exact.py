"""Exact arithmetic on frames of 64-bit integers.

A value is a scaled integer or a fraction `num / den` until it is rounded at a declared stage.
Rounding is half away from zero everywhere, as a spreadsheet's ROUND and `decimal.ROUND_HALF_UP` do.
Frames wrap silently at 64 bits (Polars), so every product and sum is proven to fit before it is
computed: `guard`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from review.errors import HeadroomError
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

BITS = 62


def half_up_div(n: nw.Expr, d: nw.Expr | int) -> nw.Expr:
    """n / d to the nearest integer, halves away from zero; |n| and d > 0 below 2^62.

    Right on every engine. `//` goes through a double on Spark; the floor remainder is exact
    everywhere, and so is dividing an exact multiple by a double twice: the second time what the
    first lost beyond 53 bits.
    """
    r = n % d
    whole = n - r
    q = (whole / d).round(0).cast(nw.Int64)
    q = q + ((whole - q * d) / d).round(0).cast(nw.Int64)
    up = ((r * 2 > d) | ((r * 2 == d) & (n >= 0))).cast(nw.Int64)
    return q + up


def half_up(n: int, d: int) -> int:
    """n / d (d > 0) of Python integers to the nearest integer, halves away from zero."""
    sign = -1 if n < 0 else 1
    return sign * ((2 * abs(n) + d) // (2 * d))


def rounded(n: pl.Expr, d: pl.Expr | int) -> pl.Expr:
    """The same for frames that are in Polars already, where a floor division is exact, and fast."""
    q, r = n // d, n % d
    return q + ((r * 2 > d) | ((r * 2 == d) & (n >= 0))).cast(pl.Int64)


def largest(frame: pl.DataFrame, column: str) -> dict[str, int]:
    """The largest absolute value of a column, by round."""
    value = pl.col(column)
    found = frame.group_by("round").agg(low=value.min(), high=value.max()).iter_rows()
    return {round_id: max(abs(low or 0), abs(high or 0)) for round_id, low, high in found}


def guard(stage: str, bounds: Mapping[str, int]) -> None:
    """Prove that every value of a stage is below 2^`BITS`.

    `stage`: mark, ballot, criterion … `bounds`: round → the largest absolute value, as a Python
    integer of any size. Raises HeadroomError naming the first round (by id) that does not fit.
    """
    for round_id in sorted(bounds):
        needed = bounds[round_id].bit_length()
        if needed > BITS:
            params = {
                "round": round_id,
                "stage": Message(f"stage_{stage}"),
                "bits": needed,
                "limit": BITS,
            }
            raise HeadroomError(Message("headroom", params))
