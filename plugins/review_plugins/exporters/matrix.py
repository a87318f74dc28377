"""The score matrix of a round, judge × proposal, with what did not count struck through."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from review_plugins.exporters.sheets import fits, put, set_height, shown
from review_plugins.exporters.styles import (
    HEAD,
    LINE_HEIGHT,
    MOST_WIDTH,
    TITLE_HEIGHT,
    bilingual,
    row_height,
    set_up_page,
    width,
)
from review_plugins.exporters.tables import round_title
from review_plugins.exporters.words import say, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsxwriter.worksheet import Worksheet

    from review import Result, RoundResult, RoundTrace, Standing
    from review_plugins.exporters.styles import Styles
    from review_plugins.exporters.tables import Cell, Text

_NOT_COUNTED = ("dropped", "incomplete", "conflict")
_HEADER_ROWS = 4
_LEFT_WIDTHS = {"rank": 7, "proposal": 9, "title": 36, "score": 9}
_LEFT = tuple(_LEFT_WIDTHS)
_LEAST_WIDTH = 6
_LABEL_WIDTH = 18
_MOST_NAME = 150
_POINTS_A_LETTER = 7.5
_SMALL = 0.85
_UPRIGHT = 120
_ON_A4 = 200
_ON_A3 = 350
_A3 = 8


@dataclass(frozen=True, slots=True)
class _Entry:
    """What stands in one cell, and how."""

    cell: Cell
    look: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    """The columns of all judges for one criterion, or for the ballots."""

    label: Text
    entries: Mapping[tuple[str, str], _Entry]


def write_matrix(sheet: Worksheet, styles: Styles, result: Result, of: RoundResult) -> None:
    """Proposals in rank order, and what each judge gave them; or whom they were placed above."""
    trace = result.trace(of.id)
    compared = trace.rankings is not None
    groups = [_duels(trace)] if compared else list(_groups(of, trace))
    judges = sorted({judge for group in groups for _, judge in group.entries})
    set_up_page(sheet, result, _HEADER_ROWS, len(_LEFT))
    columns = len(_LEFT) + len(groups) * len(judges)
    kind = "compared_of" if compared else "scores_of"
    title = bilingual(say(kind, round=round_title(result, of.id)), "  ")
    sheet.write_string(0, 0, title, styles.bare(bold=True, font_size=14))
    if not fits(sheet, _HEADER_ROWS + len(of.standings), columns, 1):
        return
    sheet.write_string(
        1,
        0,
        bilingual(word("compared_note" if compared else "struck_out"), " "),
        styles.bare(italic=True),
    )
    sheet.set_row(0, TITLE_HEIGHT)
    names = judges if compared else [_judge(result, judge) for judge in judges]
    _headers(sheet, styles, groups, names)
    _fit_to_paper(sheet, _set_widths(sheet, groups, judges))
    for row, line in enumerate(of.standings, _HEADER_ROWS):
        entries = list(_entries(groups, judges, line.proposal))
        _line(sheet, styles, row, line, entries)
        for column, entry in enumerate(entries, len(_LEFT)):
            put(sheet, styles, row, column, entry.cell, entry.look)


def _set_widths(sheet: Worksheet, groups: list[_Group], judges: list[str]) -> int:
    """Each column as wide as its marks and states; what they come to together."""
    widths = list(_LEFT_WIDTHS.values())
    for group in groups if judges else ():
        room_for_label = ceil(min(_LABEL_WIDTH, width(_label(group)) + 2) / len(judges))
        needed = dict.fromkeys(judges, max(_LEAST_WIDTH, room_for_label))
        for (_, judge), entry in group.entries.items():
            letters = width(shown(entry.cell)) * (_SMALL if entry.look == "no_mark" else 1)
            needed[judge] = max(needed[judge], ceil(letters) + 2)
        widths += needed.values()
    for column, size in enumerate(widths):
        sheet.set_column(column, column, size)
    return sum(widths)


def _label(group: _Group) -> str:
    return bilingual(group.label, " ")


def _fit_to_paper(sheet: Worksheet, wide: int) -> None:
    """One page wide: A4 upright, A4, A3; several pages only where nobody could read one."""
    if wide <= _UPRIGHT:
        sheet.set_portrait()
    if wide > _ON_A4:
        sheet.set_paper(_A3)
    sheet.fit_to_pages(ceil(wide / _ON_A3), 0)
    sheet.repeat_columns(0, len(_LEFT) - 1)


def _judge(result: Result, judge: str) -> str:
    judges = result.source.judges
    if "name" not in judges.columns:
        return judge
    names = dict(zip(judges["judge"], judges["name"], strict=True))
    return f"{judge}\n{names.get(judge) or ''}".strip()


def _headers(sheet: Worksheet, styles: Styles, groups: list[_Group], judges: list[str]) -> None:
    """Criteria above, and below them the judges, whose names stand upright to save room."""
    head = styles.cell(text_wrap=True, **HEAD)
    upright = styles.cell(rotation=90, text_wrap=True, **HEAD)
    for column, key in enumerate(_LEFT):
        sheet.merge_range(2, column, 3, column, bilingual(word(key)), head)
    labels = [(_label(group), _LABEL_WIDTH) for group in groups]
    sheet.set_row(2, row_height(labels))
    longest = max(map(width, judges), default=0)
    sheet.set_row(3, max(2 * LINE_HEIGHT, min(_MOST_NAME, longest * _POINTS_A_LETTER)))
    for number, group in enumerate(groups):
        first = len(_LEFT) + number * len(judges)
        last = first + len(judges) - 1
        label = _label(group)
        if first < last:
            sheet.merge_range(2, first, 2, last, label, head)
        else:
            sheet.write_string(2, first, label, head)
        for column, judge in enumerate(judges, first):
            sheet.write_string(3, column, judge, upright)


def _line(
    sheet: Worksheet, styles: Styles, row: int, line: Standing, entries: list[_Entry]
) -> None:
    title = bilingual(titled(line.title, line.proposal))
    for column, cell in enumerate((line.rank, line.proposal, title, line.score)):
        put(sheet, styles, row, column, cell)
    states = ((entry.cell, MOST_WIDTH) for entry in entries)
    set_height(sheet, row, [(title, _LEFT_WIDTHS["title"]), *states])


def _entries(groups: list[_Group], judges: list[str], proposal: str) -> Iterator[_Entry]:
    blank = _Entry(None)
    for group in groups:
        for judge in judges:
            yield group.entries.get((proposal, judge), blank)


def _groups(of: RoundResult, trace: RoundTrace) -> Iterator[_Group]:
    """The ballots, where judges have a total, then each criterion."""
    ballots = {}
    struck = set()
    unranked = {line.proposal for line in of.standings if line.status is not None}
    for proposal, judge, value, fate in trace.ballots.select(
        "proposal", "judge", "value", "fate"
    ).iter_rows():
        if fate in _NOT_COUNTED or proposal in unranked:
            struck.add((proposal, judge))
        if value is not None:
            look = "struck" if (proposal, judge) in struck else ""
            ballots[proposal, judge] = _Entry(_decimal(value, trace.ballot_places), look)
    if ballots:
        yield _Group(word("ballot_total"), ballots)
    marks: dict[str, dict[tuple[str, str], _Entry]] = defaultdict(dict)
    for proposal, judge, criterion, value, state, dropped in trace.marks.select(
        "proposal", "judge", "criterion", "value", "state", "dropped"
    ).iter_rows():
        out = dropped or proposal in unranked or (proposal, judge) in struck
        look = "struck" if out else ""
        marks[criterion][proposal, judge] = _mark(value, state, trace.mark_places, look)
    for criterion in of.rubric.criteria:
        title = titled(criterion.title, criterion.id)
        yield _Group(title, marks[criterion.id])


def _duels(trace: RoundTrace) -> _Group:
    """How often a proposal was placed above each other one that it was compared with."""
    times: dict[tuple[str, str], int] = defaultdict(int)
    for proposal, other, above in trace.duels().select("proposal", "other", "above").iter_rows():
        times[proposal, other] += above
    return _Group(word("placed_above"), {pair: _Entry(count) for pair, count in times.items()})


def _mark(value: int | None, state: str | None, places: int, look: str) -> _Entry:
    if value is not None:
        return _Entry(_decimal(value, places), look)
    return _Entry("–" if state in {None, "missing"} else bilingual(word(str(state))), "no_mark")


def _decimal(value: int, places: int) -> Decimal:
    return Decimal(value).scaleb(-places)
