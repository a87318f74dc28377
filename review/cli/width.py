"""Text by its width on a terminal, where Chinese characters take two columns.

The standard library knows enough for our own texts; tables of other people's titles measure with
wcwidth.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# What may not start a line, what may not end one, and words, which are not split; nor is “50 %”.
_CLOSING = "，。、；：！？）》】」』”’…％%,.;:!?)]}"
_OPENING = "（《【「『“‘([{"
_PIECE = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[!-~\u00a1-\u02af]+|[^\s{re.escape(_OPENING)}])"
    rf"[{re.escape(_CLOSING)}]*(?: %[{re.escape(_CLOSING)}]*)?|\S"
)


def display_width(text: str) -> int:
    """Columns that `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int, measure: Callable[[str], int] = display_width) -> str:
    """`text` in at most `width` columns, with an ellipsis where something was left out."""
    if measure(text) <= width:
        return text
    end = len(text)
    while end and measure(text[:end]) > width - 1:
        end -= 1
    return text[:end].rstrip() + "…"


def pieces(text: str) -> list[str]:
    """What a line break may stand between: words, and single Chinese characters."""
    return _PIECE.findall(text)


def wrap(
    text: str,
    width: int,
    measure: Callable[[str], int] = display_width,
    first: int | None = None,
) -> list[str]:
    """The lines of a paragraph, broken at spaces and between Chinese characters.

    The first line may have a width of its own, `first`. A word that is wider than a line is broken
    where the line ends.
    """
    lines = [""]
    position = 0

    def add(piece: str, space: str = "") -> bool:
        room = width if first is None or len(lines) > 1 else first
        fits = measure(lines[-1] + space + piece) <= room
        if fits:
            lines[-1] += space + piece
        return fits

    for found in _PIECE.finditer(text):
        piece = found.group()
        if not add(piece, " " * (bool(lines[-1]) and found.start() > position)):
            if lines[-1] or first is not None:
                lines.append("")
            for character in piece if measure(piece) > width else [piece]:
                if not add(character):
                    lines += [character]
        position = found.end()
    return lines


def indented(text: str, width: int, first: str = "", rest: str = "") -> str:
    """A paragraph of `width` columns that starts with `first` and goes on after `rest`."""
    lines = wrap(text, width - display_width(rest), first=width - display_width(first))
    return first + ("\n" + rest).join(lines)
