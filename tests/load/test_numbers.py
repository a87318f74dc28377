from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.load import numbers


def read(text: str, places: int, *, comma: bool = False) -> tuple[int | None, int | None]:
    """(decimals, value × 10^places) of a text."""
    frame = pl.DataFrame({"text": [text]}).with_columns(
        plain=numbers.with_decimal_point(numbers.plain_text(pl.col("text")), pl.lit(value=comma))
    )
    row = frame.select(
        numbers.decimals(pl.col("plain")),
        numbers.scaled(pl.col("plain"), pl.lit(places)).alias("v"),
    ).row(0)
    return row[0], row[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8.5", (1, 850)),
        ("８．５", (1, 850)),
        (" 8.500 ", (1, 850)),
        ("+.5", (1, 50)),
        ("5.", (0, 500)),
        ("-0.50", (1, -50)),
        ("−3", (0, -300)),
        ("－3", (0, -300)),
        ("-0", (0, 0)),
        ("0008", (0, 800)),
        ("8.125", (3, None)),
        ("9999999999999999", (0, 999999999999999900)),
        ("10000000000000000", (0, None)),
        ("8,5", (None, None)),
        ("1e3", (None, None)),
        ("八", (None, None)),
        ("-", (None, None)),
        (".", (None, None)),
        ("", (None, None)),
        ("8 5", (None, None)),
        ("٣", (None, None)),
    ],
)
def test_text_is_a_number_or_none(text: str, expected: tuple[int | None, int | None]) -> None:
    assert read(text, 2) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8,5", (1, 850)), ("8.5", (1, 850)), ("1.234,5", (None, None)), ("1,2,3", (None, None))],
)
def test_comma_is_a_point_where_semicolons_separate(
    text: str, expected: tuple[int | None, int | None]
) -> None:
    assert read(text, 2, comma=True) == expected


@given(
    st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, places=4).map(lambda d: f"{d:f}"),
        st.from_regex(r"\A[+-]?[0-9]{0,20}(\.[0-9]{0,12})?\Z"),
        st.text(st.sampled_from("0123456789.+-e,_ "), max_size=8),
    ),
    st.integers(0, 9),
)
def test_number_is_that_of_decimal(text: str, places: int) -> None:
    """What `decimal` reads (without exponent or underscore) is read, and equals it exactly."""
    decimals, value = read(text, places)
    try:
        exact = None if set("e_") & set(text) else Fraction(Decimal(text.strip()))
    except InvalidOperation:
        exact = None
    if exact is None:
        assert (decimals, value) == (None, None)
        return
    needed = next(n for n in range(13) if (exact * 10**n).denominator == 1)
    assert decimals == needed
    if needed > places or abs(exact) * 10**places >= 10**numbers.MOST_DIGITS:
        assert value is None
    else:
        assert value == exact * 10**places
