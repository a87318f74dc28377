"""What every printer needs: the width to keep to, clean text, headings."""

from __future__ import annotations

import shutil
import unicodedata

import click

WIDEST = 120
NARROWEST = 60

# What turns the direction of the text around it.
_DIRECTION = "\u202a\u202b\u202d\u202e\u2066\u2067"


def screen_width() -> int:
    """The columns to use: those of the terminal within reason, 80 where there is none."""
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def plain(text: str) -> str:
    """Text of a competition without what would move the cursor or colour the screen."""
    return "".join(
        " " if character in "\t\r\n" else "\ufffd" if _is_control(character) else character
        for character in text
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in _DIRECTION


def heading(text: str) -> str:
    """A heading, bold where there are colours."""
    return click.style(text, bold=True)
