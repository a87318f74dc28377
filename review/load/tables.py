"""Source → checked table: its sheet, its header row, its columns by name, its rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from review.load.feet import without_feet
from review.load.files import COMPETITION
from review.load.headers import ROW, tidy
from review.load.suggest import closest, did_you_mean
from review.load.words import loose
from review.messages import Message
from review.model.problem import Place
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from review.load.files import Files
    from review.load.headers import Layout
    from review.load.report import Report, Row
    from review.model.competition import TableSource
    from review.plugin.parts import Sheet

#: The flag of a reader for a row of a CSV with fewer fields than others (at the first that lacks).
SHORT = "row_short"
# Titles, dates and explanations above a header do not take more rows than this.
HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column stands in its sheet (from 0), and its header as written."""

    position: int
    header: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text by column name; blanks are null, white space around a cell is gone.

    `header` is the row of the headers, where they have one to be told (no JSON, no Parquet).
    `frame` has the named columns and `@row`; `again` are rows left out because their id was there
    before. Problems of its cells are told to `report`.
    """

    file: str
    sheet: Sheet
    columns: Mapping[str, Column]
    report: Report
    header: int | None = None
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    again: pl.DataFrame = field(default_factory=pl.DataFrame)

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """The place of a row (its `@row`) and a column (its name in the frame)."""
        known = None if column is None else self.columns.get(column)
        header = column if known is None else known.header
        return Place(self.file, self.sheet.name, self._label(row), header)

    def at(self, row: int, position: int) -> Message | str:
        """` (cell C7)` in a spreadsheet; nothing elsewhere."""
        if self.sheet.kind != "spreadsheet":
            return ""
        return Message("at_cell", {"cell": cell_name(row, position)})

    def error(self, code: str, row: int, column: str, **more: object) -> None:
        """An error at a cell."""
        self.tell(self.report.error, code, row, column, **more)

    def warning(self, code: str, row: int, column: str, **more: object) -> None:
        """A warning at a cell."""
        self.tell(self.report.warning, code, row, column, **more)

    def note(self, code: str, row: int, column: str, **more: object) -> None:
        """A note at a cell."""
        self.tell(self.report.note, code, row, column, **more)

    def error_at_header(self, code: str, column: str | None = None, **more: object) -> None:
        """An error at the header of a column, or about the whole row of headers."""
        known = None if column is None else self.columns.get(column)
        place = self.place(self.header, column)
        at = "" if known is None or self.header is None else self.at(self.header, known.position)
        self.report.error(code, place, at=at, **more)

    def tell(
        self, tell: Callable[..., None], code: str, row: int, column: str, **more: object
    ) -> None:
        """A problem at a cell; a column that the table does not have is no cell."""
        known = self.columns.get(column)
        at = "" if known is None else self.at(row, known.position)
        tell(code, self.place(row, column), at=at, **more)

    def flagged_rows(self, column: str) -> list[int]:
        """The rows whose cell in a column a reader complained about."""
        known = self.columns.get(column)
        position = None if known is None else known.position
        return [r for r, p, code in self.sheet.flags if p == position and code != SHORT]

    def with_frame(self, frame: pl.DataFrame) -> Table:
        """The same table with other rows or columns."""
        return replace(self, frame=frame)

    def _label(self, row: int | None) -> int | str | None:
        if row is None:
            return None
        return row + 1 if self.sheet.rows is None else self.sheet.rows[row]


def cell_name(row: int, column: int) -> str:
    """`C7` for row 6 and column 2."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1}"


def read_table(
    files: Files, source: TableSource, layout: Layout, key: str, *, needed: bool = False
) -> Table | None:
    """The one table that a source means; None where there is none that can be used (reported).

    `needed`: a table without rows is an error, not a warning.
    """
    found = [
        (name, sheet)
        for name in files.find(source.path, key)
        for sheet in files.sheets(name, source.encoding, key)
    ]
    candidates = pick_sheets(found, source, key, files)
    if not candidates:
        return None
    name, sheet = candidates[0]
    if len(candidates) > 1:
        name, sheet = best_sheet(candidates, source, layout)
    for other_name, other in candidates:
        files.pass_over(other_name, other, "sheet_not_read")
    files.use(name, sheet)
    table = as_table(name, sheet, source, layout, files.report)
    if table is not None and table.frame.is_empty():
        tell = files.report.error if needed else files.report.warning
        tell("table_empty", table.place())
    return table


def pick_sheets(
    found: Sequence[tuple[str, Sheet]], source: TableSource, key: str, files: Files
) -> list[tuple[str, Sheet]]:
    """The sheet that a source names, or all that are not hidden."""
    if source.sheet is not None:
        return named_sheets(found, source.sheet, key, files.report)
    for name, sheet in found:
        if sheet.hidden:
            files.pass_over(name, sheet, "sheet_hidden")
    return [(name, sheet) for name, sheet in found if not sheet.hidden]


def named_sheets(
    found: Sequence[tuple[str, Sheet]], wanted: str, key: str, report: Report
) -> list[tuple[str, Sheet]]:
    """The sheets of that name, hidden or not."""
    picked = [(name, s) for name, s in found if s.name is None or fold(s.name) == fold(wanted)]
    if found and not picked:
        names = [sheet.name for _, sheet in found if sheet.name is not None]
        place = Place(COMPETITION, column=f"{key}.sheet")
        hint = did_you_mean(wanted, names)
        report.error("sheet_missing", place, value=wanted, file=found[0][0], hint=hint)
    return picked


def best_sheet(
    candidates: Sequence[tuple[str, Sheet]], source: TableSource, layout: Layout
) -> tuple[str, Sheet]:
    """The first sheet with the most columns of the kind, those with all needed ones first."""

    def fit(candidate: tuple[str, Sheet]) -> tuple[bool, int]:
        sheet = candidate[1]
        header = header_row(sheet, source, layout)
        columns = {} if header is None else columns_of(sheet, header, layout, source)[0]
        return not missing(columns, layout), len(columns.keys() & layout.columns.keys())

    return max(candidates, key=fit)


def header_row(sheet: Sheet, source: TableSource, layout: Layout) -> int | None:
    """The row of the headers (from 0): the one named, else the first with the most known headers.

    Rows with every required column go before others; None for an empty sheet.
    """
    if source.header_row is not None:
        return source.header_row - 1 if source.header_row <= sheet.cells.height else None
    layout = layout.mapped(source.columns)
    best, most = None, (False, -1)
    for number, cells in enumerate(sheet.cells.head(HEADER_WITHIN).iter_rows()):
        columns = {found[0] for cell in cells if cell and (found := layout.find(cell))}
        score = columns >= set(layout.required), len(columns)
        if score > most and any(cell and cell.strip() for cell in cells):
            best, most = number, score
        if most == (True, sheet.cells.width):
            break  # no row can have more
    return best


def columns_of(
    sheet: Sheet, header: int, layout: Layout, source: TableSource
) -> tuple[dict[str, Column], list[Column]]:
    """(column name → where it stands, headers that are there twice).

    A column that no layout knows keeps its header as its name.
    """
    layout = layout.mapped(source.columns)
    headers = [
        Column(index, tidy(text))
        for index, text in enumerate(sheet.cells.row(header))
        if text and text.strip()
    ]
    by_name = sorted(headers, key=lambda column: loose(column.header))
    groups = [list(same) for _, same in groupby(by_name, key=lambda column: loose(column.header))]
    twice = [same[1] for same in groups if len(same) > 1]
    chosen: dict[str, tuple[int, Column]] = {}
    for column in (same[0] for same in groups):
        name, rank = layout.find(column.header) or (None, 0)
        if name is not None and (name not in chosen or rank < chosen[name][0]):
            chosen[name] = rank, column
    named = {name: column for name, (_, column) in chosen.items()}
    taken = set(named.values())
    # A name of ours may begin with "@", one from a file never does.
    others = {
        f" {c.header}" if c.header.startswith("@") else c.header: c
        for c in (same[0] for same in groups)
        if c not in taken
    }
    columns = {**{k: v for k, v in others.items() if k not in named}, **named}
    return dict(sorted(columns.items(), key=lambda item: item[1].position)), twice


def missing(columns: Collection[str], layout: Layout) -> list[str]:
    """The required columns that are not there."""
    return [name for name in layout.required if name not in columns]


def as_table(
    name: str, sheet: Sheet, source: TableSource, layout: Layout, report: Report
) -> Table | None:
    """A sheet as a table; None where its header cannot be used (reported)."""
    header = header_row(sheet, source, layout)
    if header is None:
        report.error(no_header(sheet, source), Place(name, sheet.name))
        return None
    columns, twice = columns_of(sheet, header, layout, source)
    told_row = header if sheet.kind in {"line", "spreadsheet"} else None
    table = Table(name, sheet, columns, report, told_row)
    for column in twice:
        place, at = table.place(told_row, column.header), table.at(header, column.position)
        report.error("column_twice", place, value=column.header, at=at)
    lacking = dict.fromkeys([*missing(columns, layout), *unmapped(columns, source)])
    for lost in lacking:
        wanted = source.columns.get(lost, lost)
        free = [
            column.header for free_name, column in columns.items() if free_name == column.header
        ]
        hint = closest_header([wanted, *layout.columns.get(lost, ())], free)
        report.error("column_missing", table.place(told_row), value=wanted, hint=hint)
    return None if lacking or twice else rows_below(table, header, layout.mapped(source.columns))


def no_header(sheet: Sheet, source: TableSource) -> str:
    """The code of a sheet without a header: mostly because there is nothing on it."""
    if source.header_row is not None and sheet.cells.height > 0:
        return "table_without_header"
    return "file_empty" if sheet.name is None else "sheet_empty"


def unmapped(columns: Mapping[str, Column], source: TableSource) -> list[str]:
    """The columns that the organiser maps to a header which is not there."""
    return [
        name
        for name, header in source.columns.items()
        if name not in columns or loose(columns[name].header) != loose(header)
    ]


def closest_header(wanted: Sequence[str], headers: Sequence[str]) -> Message | None:
    """The header that may have been meant by a column or by one of its usual names."""
    for name in wanted:
        found = closest(name, headers)
        if found is not None:
            return Message("hint_did_you_mean", {"name": found})
    return Message("hint_headers", {"names": list(headers)}) if headers else None


def rows_below(table: Table, header: int, layout: Layout) -> Table:
    """The table with the rows below its header: trimmed, without blank rows and rows of totals."""
    names = table.sheet.cells.columns
    trimmed = [pl.col(name).str.strip_chars().replace("", None) for name in names]
    # A formula without a value looks blank, but its row is none to skip.
    flagged = [row for row, _, code in table.sheet.flags if code != SHORT]
    filled = pl.any_horizontal(pl.col(names).is_not_null()) | pl.col(ROW).is_in(flagged)
    below = table.sheet.cells.lazy().with_row_index(ROW).slice(header + 1)
    cells = below.with_columns(trimmed).filter(filled).collect()
    tell_short_rows(table, header)
    named = [pl.col(str(c.position)).alias(name) for name, c in table.columns.items()]
    rows = without_feet(table.with_frame(cells.select(ROW, *named)))
    if rows.frame.height < cells.height:
        cells = cells.join(rows.frame.select(ROW), on=ROW, how="semi", maintain_order="left")
    tell_cells_without_header(table, cells)
    return with_content(rows, layout)


def with_content(table: Table, layout: Layout) -> Table:
    """The table without rows that have something only beside the columns of their kind.

    Organisers number rows ahead, and draw formulas further down than there is data.
    """
    known = [name for name in table.columns if {name} & {*layout.columns, *layout.stated}]
    if any(not table.frame[name].has_nulls() for name in known):
        return table
    flagged = [row for name in known for row in table.flagged_rows(name)]
    content = pl.any_horizontal(pl.col(known).is_not_null()) | pl.col(ROW).is_in(flagged)
    blank = table.frame.filter(~content)
    if not blank.is_empty():
        place = table.place(blank[ROW][0])
        table.report.note("rows_without_content", place, count=blank.height)
    return table.with_frame(table.frame.filter(content))


def tell_cells_without_header(table: Table, cells: pl.DataFrame) -> None:
    """Values under no header: fields too many in a CSV (an error), notes beside a spreadsheet."""
    named = {str(column.position) for column in table.columns.values()}
    report = table.report
    tell = report.error if table.sheet.kind == "line" else report.warning
    for name in table.sheet.cells.columns:
        if name in named:
            continue

        def say(row: Row, name: str = name) -> None:
            at = table.at(row[ROW], int(name))
            tell("cell_without_header", table.place(row[ROW]), value=row[name], at=at)

        report.each(cells.filter(pl.col(name).is_not_null()), say)


def tell_short_rows(table: Table, header: int) -> None:
    """Rows of a CSV that end before the last header."""
    width = max((column.position + 1 for column in table.columns.values()), default=0)
    for row, fields, code in table.sheet.flags:
        if code == SHORT and row > header and fields < width:
            place = table.place(row)
            table.report.warning("row_short", place, fields=fields, columns=width)


def tell_flagged(table: Table, used: Collection[str]) -> None:
    """Cells of the columns in use that a reader complained about: errors, lacking values."""
    flags = [flag for flag in table.sheet.flags if flag[2] != SHORT]
    rows = set(table.frame[ROW]) if flags else set()
    names = {c.position: name for name, c in table.columns.items() if name in used}
    for row, position, code in flags:
        if position in names and row in rows:
            table.error(code, row, names[position])
