"""What a cell of another type looks like as text: exact, without exponent, dates as ISO 8601."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from review import Message, ReadError


def problem(
    code: str, en: str, zh: str, row: int | str | None = None, **params: object
) -> ReadError:
    """An error of reading, in both languages."""
    return ReadError(Message(code, params, {"en": en, "zh-Hans": zh}), row)


def plain(text: str) -> str:
    """A number without exponent, an integral one without `.0`; `NaN` stays as it is."""
    number = Decimal(text)
    if not number.is_finite():
        return text
    digits = f"{number:f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits == "-0" else digits


def moment_text(value: date | time) -> str:
    """A date, a time, or a date with its time where that is not midnight."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()
