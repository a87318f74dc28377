"""Dates as organisers write them, made comparable: `2024/9/2 10:30`, `2024年9月2日`."""

from __future__ import annotations

import polars as pl

DAY = r"^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
TIME = r"(?:[T ]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?\s*"
ZONE = r"(?:Z|([+-])([0-9]{1,2}):?([0-9]{2})?)?$"


def moments(text: pl.Expr) -> pl.Expr:
    """The moment that a text tells, null for what is no date; without a time it is midnight.

    With an offset from UTC it is the instant in UTC, without one it is taken as written.
    """
    text = text.str.normalize("NFKC").str.strip_chars()
    found = text.str.extract_groups(DAY + TIME + ZONE)
    group = [found.struct.field(str(number)) for number in range(1, 11)]
    year, month, day, hour, minute, second = (
        part.fill_null("0").str.zfill(2) for part in group[:6]
    )
    days = pl.concat_str(year, month, day, separator="-")
    times = pl.concat_str(hour, minute, second, separator=":")
    joined = pl.concat_str(days, times, separator="T")
    written = joined.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)
    parts = group[6].fill_null("").str.pad_end(9, "0").cast(pl.Int64)
    ahead = pl.duration(hours=whole(group[8]), minutes=whole(group[9]))
    offset = pl.when(group[7] == "-").then(-ahead).otherwise(ahead)
    return written.cast(pl.Datetime("ns")) + pl.duration(nanoseconds=parts) - offset


def whole(digits: pl.Expr) -> pl.Expr:
    """Digits as a number, none as 0."""
    return digits.fill_null("0").cast(pl.Int64)
