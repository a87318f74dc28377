"""JSON as results are written: exact decimals as numbers, stable to the byte."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def dumps(value: object, indent: int | None = None) -> str:
    """JSON text of a value; Decimals are written at their own decimals."""
    return "".join(_pieces(value, indent, 0))


def digest(value: object) -> str:
    """`sha256:…` of the JSON text of a value."""
    return "sha256:" + hashlib.sha256(dumps(value).encode()).hexdigest()


def _pieces(value: object, indent: int | None, depth: int) -> Iterator[str]:
    match value:
        case Decimal():
            yield f"{value:f}"
        case dict() if value:
            items: Iterator[tuple[str, object]] = (
                (json.dumps(str(key), ensure_ascii=False) + ": ", item)
                for key, item in value.items()
            )
            yield from _block("{", "}", items, indent, depth)
        case list() | tuple() if value:
            yield from _block("[", "]", (("", item) for item in value), indent, depth)
        case tuple():
            yield "[]"
        case _:
            yield json.dumps(value, ensure_ascii=False)


def _block(
    opening: str, closing: str, items: Iterator[tuple[str, object]], indent: int | None, depth: int
) -> Iterator[str]:
    pad = "" if indent is None else "\n" + " " * indent * (depth + 1)
    yield opening
    for number, (label, item) in enumerate(items):
        yield (", " if indent is None else ",") * bool(number) + pad + label
        yield from _pieces(item, indent, depth + 1)
    yield ("" if indent is None else "\n" + " " * indent * depth) + closing
