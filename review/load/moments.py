"""Dates as organisers write them, made comparable: `2024/9/2 10:30`, `2024年9月2日`."""

from __future__ import annotations

import polars as pl

DAY = r"^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
TIME = r"(?:[T ]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9:]+)?$"


def sortable(text: pl.Expr) -> pl.Expr:
    """`2024-09-02T10:30:00`, null for what is no date; a date without a time is its midnight."""
    text = text.str.normalize("NFKC").str.strip_chars()
    found = text.str.extract_groups(DAY + TIME)
    parts = [found.struct.field(str(number)).fill_null("0") for number in range(1, 7)]
    year, month, day, hour, minute, second = (part.str.zfill(2) for part in parts)
    days = pl.concat_str(year, month, day, separator="-")
    times = pl.concat_str(hour, minute, second, separator=":")
    joined = pl.concat_str(days, times, separator="T")
    real = joined.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False).is_not_null()
    return pl.when(text.str.contains(DAY + TIME) & real).then(joined)
