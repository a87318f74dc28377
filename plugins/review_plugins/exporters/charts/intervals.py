"""How sure each place is: intervals of ranks beside the official place and the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review_plugins.exporters.charts import svg
from review_plugins.exporters.charts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROW = 17.0
_LABEL = 118.0
_RIGHT = svg.WIDTH - 8
_TOP = 50.0
_AXIS = 32.0
_THICK = 7.0
_ID = 30.0
_SMALL = 9.5
_MANY = 20
_TICKS = 10


@dataclass(frozen=True)
class RankInterval:
    """One proposal: its official place, the 50 % and the 90 % interval of its rank, in or out.

    `selected` is None where the round has no shortlist.
    """

    proposal: str
    title: str
    rank: int
    low50: float
    high50: float
    low90: float
    high90: float
    selected: bool | None

    @property
    def name(self) -> str:
        """Id and title."""
        return f"{self.proposal} {self.title}".strip()

    def covers(self, line: int) -> bool:
        """Whether the 50 % interval has places on both sides of the line."""
        return self.low50 <= line < self.high50


def rank_intervals(
    rows: Sequence[RankInterval], *, identity: str, language: str, line: int | None = None
) -> str:
    """A chart of `rows`, best first; `line`: after which place it is drawn.

    `identity` is unique on the page.
    """
    last = max((max(row.rank, row.high90) for row in rows), default=1)
    drawing = _Drawing(language, last, line)
    bottom = _TOP + _ROW * len(rows)
    parts = [
        *drawing.legend(chosen=any(row.selected is not None for row in rows)),
        *svg.stripes(len(rows), _TOP, _ROW),
        *drawing.axis(bottom, below=len(rows) > _MANY),
        *(drawing.row(row, _TOP + _ROW * (i + 0.5)) for i, row in enumerate(rows)),
        *drawing.cut(bottom),
    ]
    size = (svg.WIDTH, bottom + (18 if len(rows) > _MANY else 6))
    about = _description(rows, language, line)
    return svg.chart(identity, language, size, say("intervals", language), about, parts)


def _description(rows: Sequence[RankInterval], language: str, line: int | None) -> str:
    told = [say("intervals_how", language)]
    if line is not None:
        count = sum(row.covers(line) for row in rows)
        told.append(say("intervals_line", language, line=line, count=count))
    told.append(say("list", language).join(_row_words(row, language) for row in rows))
    return " ".join(told)


def _row_words(row: RankInterval, language: str) -> str:
    bounds = {b: svg.n(getattr(row, b)) for b in ("low50", "high50", "low90", "high90")}
    return say("intervals_row", language, name=row.name, rank=row.rank, **bounds)


@dataclass(frozen=True)
class _Drawing:
    language: str
    last: float
    line: int | None

    def x(self, place: float) -> float:
        """Where a place is; the first and the last have room for a point."""
        share = (place - 1) / (self.last - 1) if self.last > 1 else 0.5
        return _LABEL + 8 + (_RIGHT - _LABEL - 12) * share

    def legend(self, *, chosen: bool) -> Iterator[str]:
        """What the marks mean, in one line above; `chosen`: whether some are in and some out."""
        x = 4.0
        points = [("in", 13), ("out", 13)] if chosen else [("official", 13)]
        for key, room in (*points, ("half", 24), ("most", 24)):
            words = say(key, self.language)
            yield _sample(key, x, 8)
            yield svg.text(x + room, 12, words, "c-small")
            x += room + svg.width(words, _SMALL) + 14

    def row(self, row: RankInterval, y: float) -> str:
        """A label, the intervals and the official place."""
        room = _LABEL - max(_ID, svg.width(row.proposal) + 6)
        title = svg.cut(row.title, room, _SMALL)
        point = svg.dot(self.x(row.rank), y, 4, "c-point")
        if row.selected is False:
            point = svg.dot(self.x(row.rank), y, 3.5, "c-hollow")
        low, high = self.x(row.low50), self.x(row.high50)
        return svg.group(
            _row_words(row, self.language),
            [
                svg.text(4, y + 4, row.proposal, "c-strong"),
                svg.text(_LABEL - room + 2, y + 3.5, title, "c-small"),
                svg.line(self.x(row.low90), y, self.x(row.high90), y, "c-thin"),
                svg.box(low - 2, y - _THICK / 2, high - low + 4, _THICK, "c-thick", 2),
                point,
            ],
        )

    def axis(self, bottom: float, *, below: bool) -> Iterator[str]:
        """Places above the rows, and again below them where those are many."""
        yield svg.text(_LABEL - 2, _AXIS, say("place", self.language), "c-small", "end")
        for place in _places(int(self.last)):
            x = self.x(place)
            yield svg.line(x, _AXIS + 3, x, bottom, "c-grid")
            yield svg.text(x, _AXIS, str(place), "c-small", "middle")
            if below:
                yield svg.text(x, bottom + 12, str(place), "c-small", "middle")

    def cut(self, bottom: float) -> Iterator[str]:
        """The line, with its name."""
        if self.line is None or self.line >= self.last:
            return
        x = self.x(self.line + 0.5)
        words = say("line", self.language, line=self.line)
        yield svg.line(x, _TOP - 2, x, bottom, "c-cut")
        half = svg.width(words, _SMALL) / 2
        middle = min(max(x, half + 2), svg.WIDTH - half - 2)
        yield svg.text(middle, _TOP - 4, words, "c-small c-red", "middle")


def _places(last: int) -> list[int]:
    """The first place, the last and round ones, ten or so in all."""
    steps = (digit * 10**zeros for zeros in range(9) for digit in (1, 2, 5))
    step = next(step for step in steps if last <= step * _TICKS)
    inner = [place for place in range(step, last, step) if 2 * (last - place) >= step]
    return sorted({1, *inner, last})


def _sample(key: str, x: float, y: float) -> str:
    """One of the marks that a row is drawn with."""
    return {
        "in": svg.dot(x + 5, y, 4, "c-point"),
        "official": svg.dot(x + 5, y, 4, "c-point"),
        "out": svg.dot(x + 5, y, 3.5, "c-hollow"),
        "half": svg.box(x, y - _THICK / 2, 20, _THICK, "c-thick", 2),
        "most": svg.line(x, y, x + 20, y, "c-thin"),
    }[key]
