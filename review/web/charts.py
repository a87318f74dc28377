"""Small charts as inline SVG: no script, no inline style, readable without colour.

Colours and type come from the style sheet by class; every chart has a name that says its numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 240
STRIP_HEIGHT = 26
BAR_HEIGHT = 8
_EDGE = 6.0


def bar(parts: Sequence[tuple[str, int]], whole: int, name: str) -> Markup:
    """A bar of `whole` units in which each part (`class`, units) has its share.

    What the parts leave stays empty. A part that is there is always seen: at least one unit wide.
    """
    drawn, x = [], 0.0
    for css, units in parts:
        if units and whole:
            width = max(1.0, WIDTH * units / whole)
            x = min(x, WIDTH - width)
            drawn.append(
                f'<rect class="{css}" x="{x:.1f}" y="0" width="{width:.1f}" height="{BAR_HEIGHT}"/>'
            )
            x += width
    return _svg("share", BAR_HEIGHT, name, drawn, stretch=True)


def strip(
    values: Sequence[float], low: float, high: float, name: str, far: Sequence[float] = ()
) -> Markup:
    """A strip plot: a ring for each value between `low` and `high`, a bar at their mean.

    Equal values are stacked. Values in `far` are filled: those furthest apart.
    """
    middle = STRIP_HEIGHT / 2
    drawn = [f'<line class="axis" x1="{_EDGE}" y1="{middle}" x2="{WIDTH - _EDGE}" y2="{middle}"/>']
    if values:
        at = _place(sum(values) / len(values), low, high)
        drawn.append(f'<line class="mean" x1="{at}" y1="3" x2="{at}" y2="{STRIP_HEIGHT - 3}"/>')
    seen: dict[float, int] = {}
    for value in sorted(values):
        level = seen[value] = seen.get(value, -1) + 1
        rise = (level + 1) // 2 * (-4 if level % 2 else 4)
        css = "dot far" if value in far else "dot"
        y = min(max(middle + rise, 4), STRIP_HEIGHT - 4)
        drawn.append(
            f'<circle class="{css}" cx="{_place(value, low, high)}" cy="{y:.1f}" r="3.4"/>'
        )
    return _svg("strip", STRIP_HEIGHT, name, drawn)


def _place(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.5
    return f"{_EDGE + (WIDTH - 2 * _EDGE) * min(max(share, 0.0), 1.0):.1f}"


def _svg(
    css: str, height: int, name: str, drawn: Sequence[str], *, stretch: bool = False
) -> Markup:
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    return Markup(  # noqa: S704 -- numbers and our own classes, and an escaped name  # nosec B704
        f'<svg class="chart {css}" viewBox="0 0 {WIDTH} {height}"{ratio} role="img"'
        f' aria-label="{escape(name)}">{"".join(drawn)}</svg>'
    )
