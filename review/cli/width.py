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

# What may not start a line, what may not end one, and words, which are not split.
_CLOSING = "，。、；：！？）》】」』”’…％%,.;:!?)]}"
_OPENING = "（《【「『“‘([{"
_PIECE = re.compile(
    rf"[{re.escape(_OPENING)}]*(?:[!-~\u00a1-\u02af]+|[^\s{re.escape(_OPENING)}])[{re.escape(_CLOSING)}]*|\S"
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


def wrap(text: str, width: int, measure: Callable[[str], int] = display_width) -> list[str]:
    """The lines of a paragraph, broken at spaces and between Chinese characters.

    A word that is wider than a line is broken where the line ends.
    """
    lines = [""]
    position = 0
    for found in _PIECE.finditer(text):
        space = " " if lines[-1] and found.start() > position else ""
        position = found.end()
        piece = found.group()
        if measure(lines[-1] + space + piece) <= width:
            lines[-1] += space + piece
        else:
            lines[-1:] = [line for line in lines[-1:] if line] + _broken(piece, width, measure)
    return lines


def _broken(word: str, width: int, measure: Callable[[str], int]) -> list[str]:
    lines = [""]
    for character in word:
        if measure(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines


def indented(text: str, width: int, first: str = "", rest: str = "") -> str:
    """A paragraph of `width` columns that starts with `first` and goes on after `rest`."""
    lines = wrap(text, width - max(display_width(first), display_width(rest)))
    return first + ("\n" + rest).join(lines)
