"""The score matrix of a round, judge × proposal, with what did not count struck through."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review_plugins.exporters.sheets import fits, put
from review_plugins.exporters.styles import (
    HEAD,
    MISSING,
    STRUCK,
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
_LEFT = ("rank", "proposal", "title", "score")
_TITLE_WIDTH = 36
_MARK_WIDTH = 9
_MOST_JUDGE = 14
_COLUMNS_ON_PAPER = 24


@dataclass(frozen=True, slots=True)
class _Entry:
    """What stands in one cell, and how."""

    cell: Cell
    look: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Group:
    """The columns of all judges for one criterion, or for the ballots."""

    label: Text
    entries: Mapping[tuple[str, str], _Entry]


def write_matrix(sheet: Worksheet, styles: Styles, result: Result, of: RoundResult) -> None:
    """Proposals in rank order, and what each judge gave them."""
    trace = result.trace(of.id)
    groups = list(_groups(of, trace))
    judges = sorted({judge for group in groups for _, judge in group.entries})
    set_up_page(sheet, result, _HEADER_ROWS, len(_LEFT))
    columns = len(_LEFT) + len(groups) * len(judges)
    title = bilingual(say("scores_of", round=round_title(result, of.id)), "  ")
    sheet.write_string(0, 0, title, styles.bare(bold=True, font_size=14))
    if not fits(sheet, _HEADER_ROWS + len(of.standings), columns, 1):
        return
    sheet.write_string(1, 0, bilingual(word("struck_out"), " "), styles.bare(italic=True))
    sheet.fit_to_pages(-(-columns // _COLUMNS_ON_PAPER), 0)
    sheet.repeat_columns(0, len(_LEFT) - 1)
    _headers(sheet, styles, groups, [_judge(result, judge) for judge in judges])
    sheet.set_row(0, TITLE_HEIGHT)
    for row, line in enumerate(of.standings, _HEADER_ROWS):
        _line(sheet, styles, row, line)
        for column, entry in enumerate(_entries(groups, judges, line.proposal), len(_LEFT)):
            put(sheet, styles, (row, column), entry.cell, **entry.look)


def _judge(result: Result, judge: str) -> str:
    judges = result.source.judges
    if "name" not in judges.columns:
        return judge
    names = dict(zip(judges["judge"], judges["name"], strict=True))
    return f"{judge}\n{names.get(judge) or ''}".strip()


def _headers(sheet: Worksheet, styles: Styles, groups: list[_Group], judges: list[str]) -> None:
    head = styles.cell(text_wrap=True, **HEAD)
    for column, key in enumerate(_LEFT):
        sheet.merge_range(2, column, 3, column, bilingual(word(key)), head)
        sheet.set_column(column, column, _TITLE_WIDTH if key == "title" else _MARK_WIDTH)
    for number, group in enumerate(groups):
        first = len(_LEFT) + number * len(judges)
        last = first + len(judges) - 1
        label = bilingual(group.label, " ")
        if first < last:
            sheet.merge_range(2, first, 2, last, label, head)
        else:
            sheet.write_string(2, first, label, head)
        sheet.set_row(3, row_height((judge, _judge_width(judge)) for judge in judges))
        for column, judge in enumerate(judges, first):
            sheet.write_string(3, column, judge, head)
            sheet.set_column(column, column, _judge_width(judge))


def _judge_width(judge: str) -> int:
    return max(_MARK_WIDTH, min(_MOST_JUDGE, width(judge) + 2))


def _line(sheet: Worksheet, styles: Styles, row: int, line: Standing) -> None:
    title = bilingual(titled(line.title, line.proposal))
    for column, cell in enumerate((line.rank, line.proposal, title, line.score)):
        put(sheet, styles, (row, column), cell)
    sheet.set_row(row, row_height([(title, _TITLE_WIDTH)]))


def _entries(groups: list[_Group], judges: list[str], proposal: str) -> Iterator[_Entry]:
    blank = _Entry(None, {})
    for group in groups:
        for judge in judges:
            yield group.entries.get((proposal, judge), blank)


def _groups(of: RoundResult, trace: RoundTrace) -> Iterator[_Group]:
    """The ballots, where judges have a total, then each criterion."""
    ballots = {}
    struck = set()
    for proposal, judge, value, fate in trace.ballots.select(
        "proposal", "judge", "value", "fate"
    ).iter_rows():
        if fate in _NOT_COUNTED:
            struck.add((proposal, judge))
        if value is not None:
            look = STRUCK if fate in _NOT_COUNTED else {}
            ballots[proposal, judge] = _Entry(_decimal(value, trace.ballot_places), look)
    if ballots:
        yield _Group(word("ballot_total"), ballots)
    marks: dict[str, dict[tuple[str, str], _Entry]] = defaultdict(dict)
    for proposal, judge, criterion, value, state, dropped in trace.marks.select(
        "proposal", "judge", "criterion", "value", "state", "dropped"
    ).iter_rows():
        look = STRUCK if dropped or (proposal, judge) in struck else {}
        marks[criterion][proposal, judge] = _mark(value, state, trace.mark_places, look)
    for criterion in of.rubric.criteria:
        title = titled(criterion.title, criterion.id)
        yield _Group(title, marks[criterion.id])


def _mark(value: int | None, state: str | None, places: int, look: Mapping[str, Any]) -> _Entry:
    if value is not None:
        return _Entry(_decimal(value, places), look)
    return _Entry("–" if state in {None, "missing"} else bilingual(word(str(state)), " "), MISSING)


def _decimal(value: int, places: int) -> Decimal:
    return Decimal(value).scaleb(-places)
