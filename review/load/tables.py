"""Source → checked table: the sheet, its header row, its columns by name, its rows with their place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from review.load.headers import tidy
from review.load.suggest import closest, did_you_mean
from review.messages import Message
from review.model.problem import Place
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from review.load.files import Files
    from review.load.headers import Layout
    from review.load.report import Report
    from review.model.competition import TableSource
    from review.plugin.parts import Sheet

#: The column that holds the number of a row in its sheet, counted from 0.
ROW = "@row"
#: The flag of a reader for a row of a CSV with fewer fields than others (at the first that lacks).
SHORT = "row_short"
# Titles, dates and explanations above a header do not take more rows than this.
HEADER_WITHIN = 30
TOTALS = frozenset(
    map(fold, ("合计", "总计", "小计", "平均", "平均分", "总分", "total", "sum", "average", "mean"))
)  # fmt: skip


class Column(NamedTuple):
    """Where a column stands in its sheet (from 0), and its header as written."""

    index: int
    header: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text by column name; blanks are null, white space around a cell is gone.

    `frame` has the named columns and `@row`. `key` is where competition.toml names the table.
    """

    file: str
    key: str
    sheet: Sheet
    frame: pl.DataFrame
    columns: Mapping[str, Column]

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """The place of a row (its `@row`) and a column (its name in the frame)."""
        header = self.columns[column].header if column in self.columns else column
        return Place(self.file, self.sheet.name, self._label(row), header)

    def at(self, row: int, column: str | None) -> Message | str:
        """` (cell C7)` in a spreadsheet; nothing elsewhere."""
        if self.sheet.kind != "spreadsheet" or column not in self.columns:
            return ""
        return Message("at_cell", {"cell": cell_name(row, self.columns[column].index)})

    def _label(self, row: int | None) -> int | str | None:
        if row is None:
            return None
        return row + 1 if self.sheet.rows is None else self.sheet.rows[row]

    def error(self, report: Report, code: str, row: int, column: str, **more: object) -> None:
        """An error at a cell."""
        report.error(code, self.place(row, column), at=self.at(row, column), **more)

    def warning(self, report: Report, code: str, row: int, column: str, **more: object) -> None:
        """A warning at a cell."""
        report.warning(code, self.place(row, column), at=self.at(row, column), **more)

    def note(self, report: Report, code: str, row: int, column: str, **more: object) -> None:
        """A note at a cell."""
        report.note(code, self.place(row, column), at=self.at(row, column), **more)

    def with_frame(self, frame: pl.DataFrame) -> Table:
        """The same table with other rows or columns."""
        return replace(self, frame=frame)


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
    candidates = pick_sheets(found, source, key, files.report)
    if not candidates:
        return None
    name, sheet = best_sheet(candidates, source, layout)
    for other_name, other in candidates:
        if other is not sheet and other.cells.height:
            files.report.note("sheet_not_read", Place(other_name, other.name))
    table = as_table(name, sheet, source, layout, key, files.report)
    if table is not None and table.frame.is_empty():
        tell = files.report.error if needed else files.report.warning
        tell("table_empty", table.place())
    return table


def pick_sheets(
    found: Sequence[tuple[str, Sheet]], source: TableSource, key: str, report: Report
) -> list[tuple[str, Sheet]]:
    """The sheet that a source names, or all that are not hidden (hidden ones are noted)."""
    if source.sheet is not None:
        return named_sheets(found, source.sheet, key, report)
    for name, sheet in found:
        if sheet.hidden and sheet.cells.height:
            report.note("sheet_hidden", Place(name, sheet.name))
    return [(name, sheet) for name, sheet in found if not sheet.hidden]


def named_sheets(
    found: Sequence[tuple[str, Sheet]], wanted: str, key: str, report: Report
) -> list[tuple[str, Sheet]]:
    """The sheets of that name, hidden or not."""
    picked = [(name, s) for name, s in found if s.name is None or fold(s.name) == fold(wanted)]
    if found and not picked:
        names = [sheet.name for _, sheet in found if sheet.name is not None]
        place = Place("competition.toml", column=f"{key}.sheet")
        hint = did_you_mean(wanted, names)
        report.error("sheet_missing", place, value=wanted, file=found[0][0], hint=hint)
    return picked


def best_sheet(
    candidates: Sequence[tuple[str, Sheet]], source: TableSource, layout: Layout
) -> tuple[str, Sheet]:
    """The first sheet with all required columns, else the first."""
    for name, sheet in candidates:
        header = header_row(sheet, source, layout)
        if header is not None and missing(columns_of(sheet, header, layout, source)[0], layout) == []:
            return name, sheet
    return candidates[0]


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
    by_name = sorted(headers, key=lambda column: fold(column.header))
    groups = [list(same) for _, same in groupby(by_name, key=lambda column: fold(column.header))]
    twice = [same[1] for same in groups if len(same) > 1]
    chosen: dict[str, tuple[int, Column]] = {}
    for column in (same[0] for same in groups):
        name, rank = layout.find(column.header) or (None, 0)
        if name is not None and (name not in chosen or rank < chosen[name][0]):
            chosen[name] = rank, column
    named = {name: column for name, (_, column) in chosen.items()}
    taken = set(named.values())
    others = {c.header: c for c in (same[0] for same in groups) if c not in taken}
    columns = {**{k: v for k, v in others.items() if k not in named}, **named}
    return dict(sorted(columns.items(), key=lambda item: item[1].index)), twice


def missing(columns: Collection[str], layout: Layout) -> list[str]:
    """The required columns that are not there."""
    return [name for name in layout.required if name not in columns]


def as_table(
    name: str, sheet: Sheet, source: TableSource, layout: Layout, key: str, report: Report
) -> Table | None:
    """A sheet as a table; None where its header cannot be used (reported)."""
    place = Place(name, sheet.name)
    header = header_row(sheet, source, layout)
    if header is None:
        report.error("table_without_header", place)
        return None
    columns, twice = columns_of(sheet, header, layout, source)
    table = Table(name, key, sheet, pl.DataFrame(), columns)
    for column in twice:
        where = replace(table.place(header), column=column.header)
        at = "" if sheet.kind != "spreadsheet" else Message(
            "at_cell", {"cell": cell_name(header, column.index)}
        )  # fmt: skip
        report.error("column_twice", where, value=column.header, at=at)
    lacking = [*missing(columns, layout), *unmapped(columns, source)]
    for column_name in dict.fromkeys(lacking):
        wanted = source.columns.get(column_name, column_name)
        free = [c.header for n, c in columns.items() if n == c.header]
        aliases = [header_name for header_name in layout.columns.get(column_name, ())]
        hint = closest_header([wanted, *aliases], free)
        report.error("column_missing", table.place(header), value=wanted, hint=hint)
    if lacking or twice:
        return None
    return rows_below(table, header, report)


def unmapped(columns: Mapping[str, Column], source: TableSource) -> list[str]:
    """The columns that the organiser maps to a header which is not there."""
    return [
        name
        for name, header in source.columns.items()
        if name not in columns or fold(columns[name].header) != fold(header)
    ]


def closest_header(wanted: Sequence[str], headers: Sequence[str]) -> Message | None:
    """The header that may have been meant by a column or by one of its usual names."""
    for name in wanted:
        found = closest(name, headers)
        if found is not None:
            return Message("hint_did_you_mean", {"name": found})
    return Message("hint_headers", {"names": list(headers)}) if headers else None


def rows_below(table: Table, header: int, report: Report) -> Table:
    """The table with the rows below its header: trimmed, without empty rows and rows of totals."""
    cells = table.sheet.cells.with_row_index(ROW).slice(header + 1)
    values = [pl.col(name).str.strip_chars().replace("", None) for name in table.sheet.cells.columns]
    # A formula without a value looks blank, but its row is none to skip.
    flagged = [row for row, _, code in table.sheet.flags if code != SHORT]
    cells = cells.with_columns(values).filter(
        pl.any_horizontal(pl.exclude(ROW).is_not_null()) | pl.col(ROW).is_in(flagged)
    )
    tell_cells_without_header(table, cells, report)
    tell_short_rows(table, header, report)
    frame = cells.select(
        ROW, *(pl.col(str(column.index)).alias(name) for name, column in table.columns.items())
    )
    return without_totals(table.with_frame(frame), report)


def tell_cells_without_header(table: Table, cells: pl.DataFrame, report: Report) -> None:
    """Values under no header: fields too many in a CSV (an error), notes beside a spreadsheet's table."""
    named = {str(column.index) for column in table.columns.values()}
    tell = report.error if table.sheet.kind == "line" else report.warning
    for name in table.sheet.cells.columns:
        if name in named:
            continue

        def say(row: Mapping[str, object], name: str = name) -> None:
            number = int(str(row[ROW]))
            spread = table.sheet.kind == "spreadsheet"
            at = Message("at_cell", {"cell": cell_name(number, int(name))}) if spread else ""
            tell("cell_without_header", table.place(number), value=row[name], at=at)

        report.each(cells.filter(pl.col(name).is_not_null()), say)


def tell_short_rows(table: Table, header: int, report: Report) -> None:
    """Rows of a CSV that end before the last header."""
    width = max((column.index + 1 for column in table.columns.values()), default=0)
    for row, fields, code in table.sheet.flags:
        if code == SHORT and row > header and fields < width:
            report.warning("row_short", table.place(row), fields=fields, columns=width)


def without_totals(table: Table, report: Report) -> Table:
    """The table without the rows of totals that organisers keep at its foot."""
    first = next(iter(table.columns), None)
    if first is None:
        return table
    label = pl.coalesce([pl.col(name) for name in table.columns])
    name = "id" if "id" in table.columns else "proposal" if "proposal" in table.columns else first
    told = pl.coalesce(pl.col(name), label)
    words = [word for word in table.frame.select(told).to_series().unique() if word]
    totals = [word for word in words if fold(word) in TOTALS]
    if not totals:
        return table
    rows = table.frame.with_columns(told.alias("@label")).filter(pl.col("@label").is_in(totals))
    report.each(
        rows,
        lambda row: table.warning(
            report, "row_of_totals", int(str(row[ROW])), name, value=row["@label"]
        ),
    )
    return table.with_frame(table.frame.filter(~told.is_in(totals).fill_null(value=False)))


def tell_flagged(table: Table, used: Collection[str], report: Report) -> None:
    """Cells of the columns in use that a reader complained about: errors, formulas without a value."""
    if not table.sheet.flags or table.frame.is_empty():
        return
    names = {column.index: name for name, column in table.columns.items() if name in used}
    rows = set(table.frame[ROW])
    for row, index, code in table.sheet.flags:
        if index in names and row in rows and code != SHORT:
            table.error(report, code, row, names[index])
