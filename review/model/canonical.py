"""JSON as results are written: exact decimals as numbers, stable to the byte."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from json import dumps as plain
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def dumps(value: object, indent: int | None = None) -> str:
    """JSON text of a value; Decimals are written at their own decimals."""
    pieces: list[str] = []
    _write(value, pieces, "\n" if indent is not None else "", " " * (indent or 0))
    return "".join(pieces)


def digest(value: object) -> str:
    """`sha256:…` of the JSON text of a value."""
    return "sha256:" + hashlib.sha256(dumps(value).encode()).hexdigest()


def _write(value: object, pieces: list[str], line: str, step: str) -> None:
    """Append the text of a value; `line` is the line break before it with its indentation."""
    if isinstance(value, str):
        pieces.append(quoted(value))
    elif isinstance(value, Decimal):
        pieces.append(f"{value:f}")
    elif isinstance(value, dict):
        labelled = ((f"{quoted(str(key))}: ", item) for key, item in value.items())
        _write_block("{}", labelled, pieces, line, step)
    elif isinstance(value, list | tuple):
        _write_block("[]", (("", item) for item in value), pieces, line, step)
    else:
        pieces.append(plain(value))


def _write_block(
    brackets: str, items: Iterable[tuple[str, object]], pieces: list[str], line: str, step: str
) -> None:
    inner = line + step if line else ""
    between = "," + inner if line else ", "
    start = len(pieces)
    pieces.append(brackets[0] + inner)
    for label, item in items:
        pieces.append(label)
        _write(item, pieces, inner, step)
        pieces.append(between)
    if len(pieces) == start + 1:
        pieces[start] = brackets
    else:
        pieces[-1] = line + brackets[1]
