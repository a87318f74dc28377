"""Dates as organisers write them, as moments that can be compared."""

from __future__ import annotations

import polars as pl
import pytest

from review.load.moments import moments


def moment(text: str) -> str | None:
    found = pl.select(moments(pl.lit(text))).item()
    return None if found is None else found.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-02", "2024-09-02T00:00:00"),
        ("2024年9月2日 10:30", "2024-09-02T10:30:00"),
        ("２０２４/9/2", "2024-09-02T00:00:00"),
        ("2024-09-02T10:30:15.25", "2024-09-02T10:30:15.250000"),
        ("2024-12-05T09:00+00:00", "2024-12-05T09:00:00"),
        ("2024-12-05T09:00Z", "2024-12-05T09:00:00"),
        ("2024-12-05T10:00+08:00", "2024-12-05T02:00:00"),
        ("2024-12-05 10:00 +0800", "2024-12-05T02:00:00"),
        ("2024-12-05T20:00:00-05", "2024-12-06T01:00:00"),
        ("2024-12-05T20:00-03:30", "2024-12-05T23:30:00"),
        ("2024-13-05", None),
        ("soon", None),
        ("2024-12-05T10:00+", None),
    ],
)
def test_moment_with_an_offset_is_an_instant(text: str, expected: str | None) -> None:
    assert moment(text) == expected
