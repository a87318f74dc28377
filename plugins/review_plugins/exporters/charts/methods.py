"""What other methods would say: places by method, who is in, and for whom that differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review_plugins.exporters.charts import svg
from review_plugins.exporters.charts.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROW = 19.0
_LABEL = 112.0
_WIDEST = 62.0
_NARROWEST = 38.0
_SMALL = 9.5
_TURN = -38
_SINE, _COSINE = 0.62, 0.79
_LONGEST = 110.0
_LEGEND = 18.0


@dataclass(frozen=True)
class Method:
    """A method: its name, and for each proposal its place (None without one) and whether in.

    `selected` is None where the round has no shortlist.
    """

    name: str
    ranks: Sequence[int | None]
    selected: Sequence[bool] | None

    def has_in(self, row: int) -> bool | None:
        """Whether a proposal is in; None where the round has no shortlist."""
        return None if self.selected is None else self.selected[row]


@dataclass(frozen=True)
class MethodComparison:
    """Proposals (id and title, in official order) under several methods, the official one first."""

    proposals: Sequence[tuple[str, str]]
    methods: Sequence[Method]

    def differs(self, row: int) -> bool:
        """Whether the proposal is in by one method and out by another."""
        return len({method.has_in(row) for method in self.methods}) > 1


def method_comparison(comparison: MethodComparison, *, identity: str, language: str) -> str:
    """A chart of the comparison; `identity` is unique on the page."""
    drawing = _Drawing(comparison, language)
    bottom = drawing.top + _ROW * len(comparison.proposals)
    parts = [
        *drawing.legend(),
        *drawing.methods(),
        *svg.stripes(len(comparison.proposals), drawing.top, _ROW, drawing.wide),
        *drawing.rows(),
    ]
    size = (drawing.wide, bottom + 4)
    about = " ".join(_description(comparison, language))
    return svg.chart(identity, language, size, say("methods", language), about, parts)


def _description(comparison: MethodComparison, language: str) -> Iterator[str]:
    if comparison.methods[0].selected is None:
        yield say("methods_places", language)
        return
    yield say("methods_how", language)
    differing = [
        _row_words(comparison, row, language)
        for row in range(len(comparison.proposals))
        if comparison.differs(row)
    ]
    yield say("list", language).join(differing) if differing else say("methods_same", language)


def _row_words(comparison: MethodComparison, row: int, language: str) -> str:
    ins = [method.name for method in comparison.methods if method.has_in(row)]
    outs = [method.name for method in comparison.methods if not method.has_in(row)]
    name = " ".join(comparison.proposals[row]).strip()
    if not outs:
        return say("methods_row_in", language, name=name, ins=ins)
    if not ins:
        return say("methods_row_out", language, name=name, outs=outs)
    return say("methods_row", language, name=name, ins=ins, outs=outs)


class _Drawing:
    def __init__(self, comparison: MethodComparison, language: str) -> None:
        self.comparison, self.language = comparison, language
        methods = comparison.methods
        self.names = [svg.cut(method.name, _LONGEST) for method in methods]
        longest = max(svg.width(name) for name in self.names)
        overhang = max(0.0, svg.width(self.names[-1]) * _COSINE - 10)
        room = (svg.WIDTH - _LABEL - overhang) / len(methods)
        self.cell = min(_WIDEST, max(_NARROWEST, room))
        self.top = _LEGEND + 16 + longest * _SINE
        self.wide = max(float(svg.WIDTH), _LABEL + self.cell * len(methods) + overhang)

    def _x(self, column: int) -> float:
        return _LABEL + self.cell * (column + 0.5)

    def legend(self) -> Iterator[str]:
        """What the marks mean."""
        if self.comparison.methods[0].selected is None:
            return
        y, x = 12.0, 4.0
        for key, css in (("in", "c-in"), ("out", "c-out")):
            words = say(key, self.language)
            yield svg.box(x, y - 9, 18, 12, css, 3)
            yield svg.text(x + 22, y, words, "c-small")
            x += 36 + svg.width(words, _SMALL)
        for key, up in (("gains", True), ("loses", False)):
            words = say(key, self.language)
            yield _triangle(x + 5, y - 4, up=up)
            yield svg.text(x + 13, y, words, "c-small")
            x += 26 + svg.width(words, _SMALL)

    def methods(self) -> Iterator[str]:
        """Names of methods, aslant above their columns."""
        for column, (name, method) in enumerate(
            zip(self.names, self.comparison.methods, strict=True)
        ):
            css = "" if column else "c-strong"
            words = svg.text(self._x(column) - 2, self.top - 6, name, css, "start", _TURN)
            yield svg.group(method.name, [words])

    def rows(self) -> Iterator[str]:
        """A label and a cell for each method."""
        for row, (proposal, title) in enumerate(self.comparison.proposals):
            y = self.top + _ROW * (row + 0.5)
            room = _LABEL - max(30.0, svg.width(proposal) + 8) - 4
            css = "c-small c-red" if self.comparison.differs(row) else "c-small"
            yield svg.group(
                _row_words(self.comparison, row, self.language),
                [
                    svg.text(4, y + 4, proposal, "c-strong"),
                    svg.text(_LABEL - room - 4, y + 3.5, svg.cut(title, room, _SMALL), css),
                    *(
                        part
                        for column in range(len(self.names))
                        for part in self._cell(row, column, y)
                    ),
                ],
            )

    def _cell(self, row: int, column: int, y: float) -> Iterator[str]:
        method, official = self.comparison.methods[column], self.comparison.methods[0]
        x, rank, selected = self._x(column), method.ranks[row], method.has_in(row)
        yield svg.box(x - 13, y - 7.5, 26, 15, "c-in" if selected else "c-out", 3)
        number = "–" if rank is None else str(rank)
        css = "c-number c-on" if selected else "c-number"
        yield svg.text(x, y + 3.5, number, css, "middle")
        if selected != official.has_in(row):
            yield _triangle(x + 17, y, up=bool(selected))


def _triangle(x: float, y: float, *, up: bool) -> str:
    tip = -4 if up else 4
    css = "c-up" if up else "c-down"
    return svg.shape([(x - 4, y - tip * 0.8), (x + 4, y - tip * 0.8), (x, y + tip)], css)
