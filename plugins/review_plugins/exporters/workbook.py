"""One workbook with everything: standings, shortlists, awards, marks by judge, explanations."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from review import Exporter
from review_plugins.exporters.award_tables import awards
from review_plugins.exporters.matrix import write_matrix
from review_plugins.exporters.names import sheet_name
from review_plugins.exporters.note_tables import coverage, excluded, excluded_effect, problems
from review_plugins.exporters.sheets import write_stack, write_table
from review_plugins.exporters.styles import Styles, bilingual, set_up_page
from review_plugins.exporters.summary import write_summary
from review_plugins.exporters.tables import Table, shortlist, standings
from review_plugins.exporters.words import say, titled, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from review import Result, RoundResult

_WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 -- the same bytes whenever it is written
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_IN_SHORT = {"rank", "proposal", "title", "team", "group", "score", "ballots", "reason"}


class XlsxExporter(Exporter):
    """`results.xlsx`, for looking things up, filtering and printing."""

    id = "xlsx"
    title: ClassVar[Mapping[str, str]] = {"en": "Excel workbook", "zh-Hans": "Excel 工作簿"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        import xlsxwriter  # noqa: PLC0415 -- only when a workbook is written

        path = folder / "results.xlsx"
        with xlsxwriter.Workbook(str(path), _OPTIONS) as workbook:
            workbook.set_properties({"created": _WRITTEN, "title": result.competition})
            _write(result, _Book(workbook))
        return [path]


class _Book:
    """A workbook being written: its formats, and the names that its worksheets have."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.styles = Styles(workbook)
        self.names: set[str] = set()

    def sheet(self, kind: str, of: RoundResult | None = None) -> Worksheet:
        label = bilingual(word(kind), " ")
        name = label if of is None else f"{label} {of.id}"
        return self.workbook.add_worksheet(sheet_name(name, self.names))


def _write(result: Result, book: _Book) -> None:
    styles = book.styles
    write_summary(book.sheet("summary"), styles, result)
    for of in result.rounds:
        write_table(book.sheet("standings", of), styles, result, _short(standings(result, of)))
    for of in result.rounds:
        if of.shortlist is not None:
            write_table(book.sheet("shortlist", of), styles, result, shortlist(result, of))
    if result.awards:
        write_table(book.sheet("awards"), styles, result, awards(result))
    for of in result.rounds:
        write_matrix(book.sheet("scores", of), styles, result, of)
    for of in result.rounds:
        whole = standings(result, of)
        title = say("explanation_of", round=titled(of.title, of.id))
        explained = replace(whole, title=title)
        write_table(book.sheet("explanation", of), styles, result, explained)
    sheet = book.sheet("coverage")
    set_up_page(sheet, result, 1, 0)
    beside = [coverage(result), excluded(result), excluded_effect(result)]
    write_stack(sheet, styles, beside)
    write_table(book.sheet("problems"), styles, result, problems(result.all_problems))


def _short(table: Table) -> Table:
    """The standings as they are read out: no criteria, no parts."""
    return replace(table, columns=[c for c in table.columns if c.key in _IN_SHORT], note=None)
