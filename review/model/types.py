"""Field types that several models share: exact decimals, titles by language, ids."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from review.text import LANGUAGES

DIGITS = 18
"""More digits than that fit no exact arithmetic of 64 bits."""


class Model(BaseModel):
    """A frozen value that knows all of its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _exact(value: Any) -> Any:
    """A number as it was written: a float by its shortest text, never by its binary value."""
    if isinstance(value, bool):
        msg = "a number is wanted, not true or false"
        raise ValueError(msg)  # noqa: TRY004 -- pydantic collects ValueError
    value = Decimal(repr(value)) if isinstance(value, float) else value
    if isinstance(value, Decimal) and not value.is_finite():
        msg = "a finite number is wanted"
        raise ValueError(msg)
    if isinstance(value, Decimal) and max(value.adjusted(), decimals_of(value)) > DIGITS:
        msg = f"a number of at most {DIGITS} digits before and after the point is wanted"
        raise ValueError(msg)
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
"""A decimal number exactly as written in the file; the type of a number in a part's `Options`."""


def _titles(value: Any) -> Any:
    """`"text"` stands for a title in the source language."""
    if isinstance(value, str):
        return {"en": value}
    if isinstance(value, dict) and not (value and all(isinstance(v, str) for v in value.values())):
        msg = f"a title is text or a table of texts by language ({', '.join(LANGUAGES)})"
        raise ValueError(msg)
    return value


Title = Annotated[dict[str, str], BeforeValidator(_titles)]
"""A text by language: `"text"` or `{ en = "…", zh-Hans = "…" }`."""

Id = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""An id exactly as written: text, never guessed to be a number."""


def fold(text: str) -> str:
    """A text as it is compared: NFKC, case folded, white space squeezed."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def decimals_of(value: Decimal) -> int:
    """How many decimal places a number needs: 2 for 0.250."""
    _, digits, exponent = value.as_tuple()
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -int(exponent) - zeros) if value else 0


def scaled(value: Decimal, places: int) -> int:
    """`value` × 10^`places` as an integer.

    Raises ValueError where the value has more decimals than that.
    """
    if decimals_of(value) > places:
        msg = f"{value} has more than {places} decimals"
        raise ValueError(msg)
    return int(value.scaleb(places))
