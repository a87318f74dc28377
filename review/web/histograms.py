"""How often a judge gave each mark, as inline SVG that says its numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

WIDTH, HEIGHT = 440, 96
_EDGE, _FLOOR, _TOP = 20, 76, 16
_WIDEST = 26.0


def histogram(
    counts: Sequence[tuple[Decimal, int]], low: Decimal, high: Decimal, name: str
) -> Markup:
    """A bar for each mark that was given, at its place between `low` and `high`."""
    room = WIDTH - 2 * _EDGE
    near = min((b[0] - a[0] for a, b in pairwise(counts)), default=high - low)
    width = min(_WIDEST, max(3.0, 0.8 * room * float(near / (high - low))))
    most = max((count for _, count in counts), default=1)
    drawn = [f'<line x1="{_EDGE}" y1="{_FLOOR}" x2="{WIDTH - _EDGE}" y2="{_FLOOR}"/>']
    for mark, count in counts:
        middle = _EDGE + room * float((mark - low) / (high - low))
        tall = (_FLOOR - _TOP) * count / most
        drawn.append(
            f'<rect x="{middle - width / 2:.1f}" y="{_FLOOR - tall:.1f}" width="{width:.1f}"'
            f' height="{tall:.1f}" rx="2"/>'
            f'<text x="{middle:.1f}" y="{_FLOOR - tall - 4:.1f}">{count}</text>'
        )
    for mark, middle in ((low, _EDGE), (high, WIDTH - _EDGE)):
        drawn.append(f'<text x="{middle}" y="{HEIGHT - 4}">{escape(f"{mark:f}")}</text>')
    return Markup(  # noqa: S704 -- numbers, and an escaped name  # nosec B704
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(name)}">{"".join(drawn)}</svg>'
    )
