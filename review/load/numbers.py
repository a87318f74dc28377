"""Text → exact integers × 10^places, by handling digits: no float and no rounding anywhere."""

from __future__ import annotations

import polars as pl

#: 18 digits always fit a signed 64-bit integer.
MOST_DIGITS = 18

NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"


def plain_text(text: pl.Expr) -> pl.Expr:
    """Text as numbers are read: full-width forms made ASCII, no space around."""
    return text.str.normalize("NFKC").str.strip_chars().str.replace("\u2212", "-", literal=True)


def with_decimal_point(text: pl.Expr, comma: pl.Expr) -> pl.Expr:
    """`8,5` → `8.5` where `comma` is true and there is no other separator."""
    simple = text.str.contains(r"^[+-]?[0-9]+,[0-9]+$")
    return pl.when(comma & simple).then(text.str.replace(",", ".", literal=True)).otherwise(text)


def decimals(text: pl.Expr) -> pl.Expr:
    """How many decimals the text of a number needs: 1 for `8.50`; null for what is no number."""
    fraction = text.str.extract(r"\.([0-9]*)$").fill_null("").str.strip_chars_end("0")
    return pl.when(text.str.contains(NUMBER)).then(fraction.str.len_chars().cast(pl.Int64))


def scaled(text: pl.Expr, places: pl.Expr) -> pl.Expr:
    """The number × 10^`places` as Int64; null where it is none, too fine or too long."""
    whole = text.str.extract(r"^[+-]?([0-9]*)").fill_null("")
    fraction = text.str.extract(r"\.([0-9]*)$").fill_null("").str.strip_chars_end("0")
    digits = (whole + fraction.str.pad_end(places, "0")).str.strip_chars_start("0")
    fits = (decimals(text) <= places) & (digits.str.len_chars() <= MOST_DIGITS)
    value = pl.when(digits == "").then(pl.lit("0")).otherwise(digits).cast(pl.Int64, strict=False)
    signed = pl.when(text.str.starts_with("-")).then(-value).otherwise(value)
    return pl.when(fits).then(signed)
