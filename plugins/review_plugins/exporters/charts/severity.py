"""How strict each judge is: dots with whiskers beside the line of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review_plugins.exporters.charts import svg
from review_plugins.exporters.charts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW = 22.0
_LABEL = 126.0
_VALUE = 40.0
_TOP = 36.0


@dataclass(frozen=True)
class JudgeSeverity:
    """Marks of a judge above (+) or below (-) the panel, with an interval."""

    judge: str
    value: float
    low: float
    high: float

    @property
    def is_beside(self) -> bool:
        """Whether the interval leaves the panel's line out."""
        return self.low > 0 or self.high < 0


def judge_severity(
    rows: Sequence[JudgeSeverity], *, identity: str, language: str, percent: int = 95
) -> str:
    """A chart of `rows` in their order, with intervals of `percent`.

    `identity` is unique on the page.
    """
    reach = max((max(abs(row.low), abs(row.high)) for row in rows), default=1.0) or 1.0
    left, right = _LABEL + 6, svg.WIDTH - _VALUE - 6
    middle = (left + right) / 2

    def x(value: float) -> float:
        return middle + (right - left) / 2 * value / reach

    bottom = _TOP + _ROW * len(rows)
    parts = [
        svg.text(left, 12, say("stricter", language), "c-small"),
        svg.text(right, 12, say("generous", language), "c-small", "end"),
        *svg.stripes(len(rows), _TOP, _ROW),
        svg.line(middle, _TOP - 6, middle, bottom, "c-zero"),
        svg.text(middle, _TOP - 10, say("panel", language), "c-small", "middle"),
    ]
    for number, row in enumerate(rows):
        y = _TOP + _ROW * (number + 0.5)
        mark = svg.dot(x(row.value), y, 4.5, "c-point" if row.is_beside else "c-hollow")
        parts.append(
            svg.group(
                _words(row, language),
                [
                    svg.text(4, y + 4, svg.cut(row.judge, _LABEL - 6)),
                    *_whisker(x(row.low), x(row.high), y),
                    mark,
                    svg.text(svg.WIDTH - 4, y + 4, signed(row.value), "c-number", "end"),
                ],
            )
        )
    told = [
        say("severity_how", language, percent=percent),
        say("list", language).join(_words(row, language) for row in rows),
    ]
    size = (svg.WIDTH, bottom + 4)
    return svg.chart(identity, language, size, say("severity", language), " ".join(told), parts)


def signed(value: float) -> str:
    """Two decimals with their sign, a true minus; 0 without one."""
    text = f"{value:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def _whisker(low: float, high: float, y: float) -> list[str]:
    ends = [svg.line(end, y - 4, end, y + 4, "c-thin") for end in (low, high)]
    return [svg.line(low, y, high, y, "c-thin"), *ends]


def _words(row: JudgeSeverity, language: str) -> str:
    bounds = {"low": signed(row.low), "high": signed(row.high)}
    return say("severity_row", language, name=row.judge, value=signed(row.value), **bounds)
