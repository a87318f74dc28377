"""Pieces of SVG: text that fits, shapes by class, a frame with title and description."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 360
"""A phone's width in units: letters of 11 units are readable on it, and pleasant on a desk."""

SIZE = 11.0
_WIDE = 1.0
_NARROW = 0.56
_CAPITAL = 0.68


def n(value: float) -> str:
    """A coordinate, at one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def width(text: str, size: float = SIZE) -> float:
    """About how wide a text is, in units."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return _CAPITAL if character.isupper() or character in "mwMW%" else _NARROW


def cut(text: str, room: float, size: float = SIZE) -> str:
    """The text, ending in … where it is wider than `room`."""
    if width(text, size) <= room:
        return text
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def text(  # noqa: PLR0913, PLR0917 -- where, what and how
    x: float, y: float, words: str, css: str = "", anchor: str = "start", turn: float = 0
) -> str:
    """A text at its baseline."""
    turned = f' transform="rotate({n(turn)} {n(x)} {n(y)})"' if turn else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}"{_class(css)} text-anchor="{anchor}"{turned}>'
        f"{escape(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """A straight line."""
    return f'<line x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}"{_class(css)}/>'


def box(  # noqa: PLR0913, PLR0917 -- where and how
    x: float, y: float, wide: float, high: float, css: str, round_: float = 0
) -> str:
    """A rectangle."""
    corner = f' rx="{n(round_)}"' if round_ else ""
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(high)}"{corner}{_class(css)}/>'
    )


def dot(x: float, y: float, radius: float, css: str) -> str:
    """A circle."""
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}"{_class(css)}/>'


def shape(points: Sequence[tuple[float, float]], css: str) -> str:
    """A polygon."""
    corners = " ".join(f"{n(x)},{n(y)}" for x, y in points)
    return f'<polygon points="{corners}"{_class(css)}/>'


def group(title: str, parts: Sequence[str]) -> str:
    """Pieces that belong together, with what a pointer on them is told."""
    return f"<g><title>{escape(title)}</title>{''.join(parts)}</g>"


def hatch(identity: str) -> str:
    """The pattern of what is missing."""
    return (
        f'<pattern id="{escape(identity)}" width="5" height="5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="5" class="c-hatch"/>'
        "</pattern>"
    )


def chart(  # noqa: PLR0913, PLR0917 -- a frame has four sides
    identity: str,
    language: str,
    size: tuple[float, float],
    title: str,
    description: str,
    parts: Sequence[str],
) -> str:
    """The whole chart. One wider than a phone keeps its size, for a box that scrolls."""
    wide, high = size
    css = "chart" if wide <= WIDTH else "chart chart-wide"
    fixed = f' width="{n(wide)}" height="{n(high)}"' if wide > WIDTH else ""
    name, about = escape(f"{identity}-title"), escape(f"{identity}-desc")
    return (
        f'<svg class="{css}" viewBox="0 0 {n(wide)} {n(high)}"{fixed} role="img"'
        f' lang="{escape(language)}" aria-labelledby="{name}" aria-describedby="{about}">'
        f'<title id="{name}">{escape(title)}</title><desc id="{about}">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def stripes(rows: int, top: float, high: float, wide: float = WIDTH) -> list[str]:
    """Every other row shaded, to lead the eye."""
    return [box(0, top + high * row, wide, high, "c-zebra") for row in range(1, rows, 2)]


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""
