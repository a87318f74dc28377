"""Who gave what to whom: a table of numbers, shaded by how high they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from review_plugins.exporters.charts import svg
from review_plugins.exporters.charts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROW = 17.0
_LABEL = 104.0
_WIDEST = 44.0
_NUMBER = 9.5
_ASLANT, _SINE, _COSINE = -50.0, 0.77, 0.64
_UPRIGHT = -90.0
_SHADES = 7
_LONGEST = 96.0


@dataclass(frozen=True)
class ScoreMatrix:
    """Scores of proposals (rows: id and title, best first) by judges (columns).

    `scores[row][column]` is None where there is none; `struck` are (row, column) of those that did
    not count; `decimals` are printed at most.
    """

    proposals: Sequence[tuple[str, str]]
    judges: Sequence[str]
    scores: Sequence[Sequence[float | None]]
    decimals: int = 1
    struck: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def score_matrix(matrix: ScoreMatrix, *, identity: str, language: str) -> str:
    """A chart of the whole matrix; `identity` is unique on the page.

    Wider than a phone where there are many judges: it stands in a box that scrolls.
    """
    drawing = _Drawing(matrix, identity)
    bottom = drawing.top + _ROW * len(matrix.proposals)
    parts = [
        f"<defs>{svg.hatch(f'{identity}-hatch')}</defs>",
        *drawing.judges(),
        *drawing.rows(),
        *drawing.legend(bottom + 17, language),
    ]
    size = (drawing.wide, bottom + 26)
    title = say("matrix", language)
    return svg.chart(identity, language, size, title, _description(matrix, language), parts)


def _description(matrix: ScoreMatrix, language: str) -> str:
    low, high = (f"{each:.{matrix.decimals}f}" for each in _bounds(matrix))
    counts = {"proposals": len(matrix.proposals), "judges": len(matrix.judges)}
    told = [say("matrix_how", language, **counts, low=low, high=high)]
    missing = sum(score is None for row in matrix.scores for score in row)
    if missing:
        told.append(say("matrix_missing", language, count=missing))
    if matrix.struck:
        told.append(say("matrix_struck", language, count=len(matrix.struck)))
    return " ".join(told)


def _bounds(matrix: ScoreMatrix) -> tuple[float, float]:
    scores = [score for row in matrix.scores for score in row if score is not None]
    return (min(scores), max(scores)) if scores else (0.0, 0.0)


class _Drawing:
    def __init__(self, matrix: ScoreMatrix, identity: str) -> None:
        self.matrix, self.identity = matrix, identity
        self.low, self.high = _bounds(matrix)
        digits = max(len(f"{abs(each):.{matrix.decimals}f}") for each in (self.low, self.high))
        least = digits * _NUMBER * 0.58 + 5
        room = (svg.WIDTH - _LABEL - 14) / max(len(matrix.judges), 1)
        self.cell = min(_WIDEST, max(least, room))
        self.names = [svg.cut(judge, _LONGEST) for judge in matrix.judges]
        longest = max((svg.width(name) for name in self.names), default=0.0)
        overhang = svg.width(self.names[-1]) * _COSINE - self.cell / 2 + 6 if self.names else 0.0
        needed = _LABEL + self.cell * len(matrix.judges)
        self.wide = max(float(svg.WIDTH), needed + 4)
        # Names stand upright where aslant they would make a chart for phones wider than those.
        self.turn = _ASLANT if needed + overhang <= self.wide else _UPRIGHT
        self.top = 14 + longest * (_SINE if self.turn == _ASLANT else 1.0)

    def judges(self) -> Iterator[str]:
        """Names of judges, aslant above their columns."""
        for column, (name, judge) in enumerate(zip(self.names, self.matrix.judges, strict=True)):
            x = self._x(column) + self.cell / 2 + 3
            yield svg.group(judge, [svg.text(x, self.top - 5, name, "", "start", self.turn)])

    def rows(self) -> Iterator[str]:
        matrix = self.matrix
        for row, ((proposal, title), scores) in enumerate(
            zip(matrix.proposals, matrix.scores, strict=True)
        ):
            y = self.top + _ROW * row
            yield _label(proposal, title, y + _ROW / 2)
            for column, score in enumerate(scores):
                yield from self._cell(column, y, score, struck=(row, column) in matrix.struck)

    def _cell(self, column: int, y: float, score: float | None, *, struck: bool) -> Iterator[str]:
        x, wide, high = self._x(column), self.cell - 1, _ROW - 1
        if score is None:
            yield svg.box(x, y, wide, high, "c-empty")
            yield (
                f'<rect x="{svg.n(x)}" y="{svg.n(y)}" width="{svg.n(wide)}" height="{svg.n(high)}"'
                f' fill="url(#{self.identity}-hatch)"/>'
            )
            return
        css = "c-number c-struck" if struck else "c-number"
        number = f"{score:.{self.matrix.decimals}f}"
        yield svg.box(x, y, wide, high, f"c-heat c-heat-{self._shade(score)}")
        yield svg.text(x + wide / 2, y + _ROW / 2 + 3, number, css, "middle")

    def _shade(self, score: float) -> int:
        span = self.high - self.low
        return min(_SHADES - 1, int(_SHADES * (score - self.low) / span)) if span else 0

    def _x(self, column: int) -> float:
        return _LABEL + self.cell * column

    def legend(self, y: float, language: str) -> Iterator[str]:
        """From the lowest to the highest score, and what is missing or struck."""
        places = self.matrix.decimals
        x = 40.0
        low, high = f"{self.low:.{places}f}", f"{self.high:.{places}f}"
        yield svg.text(x - 4, y, low, "c-small", "end")
        for shade in range(_SHADES):
            yield svg.box(x + 11 * shade, y - 9, 11, 11, f"c-heat c-heat-{shade}")
        x += 11 * _SHADES + 4
        yield svg.text(x, y, high, "c-small")
        x += svg.width(high, _NUMBER) + 14
        if any(score is None for row in self.matrix.scores for score in row):
            yield svg.box(x, y - 9, 14, 11, "c-empty")
            yield (
                f'<rect x="{svg.n(x)}" y="{svg.n(y - 9)}" width="14" height="11"'
                f' fill="url(#{self.identity}-hatch)"/>'
            )
            words = say("missing", language)
            yield svg.text(x + 18, y, words, "c-small")
            x += 30 + svg.width(words, _NUMBER)
        if self.matrix.struck:
            yield svg.text(x, y, say("struck", language), "c-small c-struck")


def _label(proposal: str, title: str, y: float) -> str:
    room = _LABEL - max(30.0, svg.width(proposal) + 8) - 4
    return svg.group(
        f"{proposal} {title}".strip(),
        [
            svg.text(4, y + 4, proposal, "c-strong"),
            svg.text(_LABEL - room - 4, y + 3.5, svg.cut(title, room, _NUMBER), "c-small"),
        ],
    )
