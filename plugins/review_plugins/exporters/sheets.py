"""Tables on worksheets: one below a frozen header, or several below each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review_plugins.exporters.styles import (
    FILLS,
    HEAD,
    MOST_COLUMNS,
    MOST_ROWS,
    bilingual,
    column_width,
    set_up_page,
)
from review_plugins.exporters.words import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter.worksheet import Worksheet

    from review import Result
    from review_plugins.exporters.styles import Styles
    from review_plugins.exporters.tables import Cell, Column, Row, Table, Text

HEADER_ROWS = 2
_FIXED_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class _Field:
    """A worksheet column: a column of the table, in one language where `language` says so."""

    column: Column
    language: str | None = None

    @property
    def label(self) -> str:
        if self.language is None:
            return bilingual(self.column.label)
        return self.column.label[self.language]

    def of(self, row: Row) -> Cell:
        cell = row.get(self.column.key)
        if not isinstance(cell, dict):
            return cell
        return bilingual(cell) if self.language is None else cell[self.language]


def _fields(table: Table, rows: Sequence[Row]) -> list[_Field]:
    """The columns that people read; a text that is the same in both languages takes one."""
    fields: list[_Field] = []
    for column in table.columns:
        texts = [row.get(column.key) for row in rows]
        if column.use == "data":
            continue
        if column.kind == "both" and column.use == "all" and any(map(_differs, texts)):
            fields += [_Field(column, language) for language in LANGUAGES]
        else:
            fields.append(_Field(column))
    return fields


def _differs(cell: Cell) -> bool:
    return isinstance(cell, dict) and len(set(cell.values())) > 1


def write_table(sheet: Worksheet, styles: Styles, result: Result, table: Table) -> None:
    """One table that fills the worksheet: header frozen, every column with a filter."""
    rows = list(table.rows)
    fields = _fields(table, rows)
    set_up_page(sheet, result, HEADER_ROWS, _FIXED_COLUMNS)
    end = put_table(sheet, styles, table.title, fields, rows, 0)
    set_widths(sheet, [(fields, rows)])
    if rows and end <= MOST_ROWS:
        sheet.autofilter(HEADER_ROWS - 1, 0, end - 1, len(fields) - 1)


def write_stack(sheet: Worksheet, styles: Styles, tables: Sequence[Table]) -> None:
    """Tables below each other; those without a line are left out."""
    top = 0
    ready = [(table, rows) for table in tables if (rows := list(table.rows))]
    blocks = [(_fields(table, rows), rows) for table, rows in ready]
    for (table, _), (fields, rows) in zip(ready, blocks, strict=True):
        top = put_table(sheet, styles, table.title, fields, rows, top) + 1
    set_widths(sheet, blocks)


def put_table(  # noqa: PLR0913 -- where, how and what
    sheet: Worksheet,
    styles: Styles,
    title: Text,
    fields: Sequence[_Field],
    rows: Sequence[Row],
    top: int,
) -> int:
    """Write title, header and lines from row `top` down; the first row after them."""
    sheet.write_string(top, 0, bilingual(title, "  "), styles.bare(bold=True, font_size=14))
    if not fits(sheet, top + HEADER_ROWS + len(rows), len(fields), top + 1):
        return top + HEADER_ROWS
    for number, field in enumerate(fields):
        head = styles.cell(text_wrap=True, **HEAD)
        sheet.write_string(top + 1, number, field.label, head)
    first = top + HEADER_ROWS
    for line, row in enumerate(rows, first):
        for number, field in enumerate(fields):
            look = FILLS.get(str(row.get("status") or row.get("outcome")), {})
            put(sheet, styles, (line, number), field.of(row), **look)
    return first + len(rows)


def fits(sheet: Worksheet, rows: int, columns: int, top: int) -> bool:
    """Whether a worksheet holds so much; where it does not, that is said on it."""
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS:
        return True
    sheet.write_string(top, 0, bilingual(say("sheet_left_out", rows=rows, columns=columns), " "))
    return False


def put(sheet: Worksheet, styles: Styles, at: tuple[int, int], cell: Cell, **look: Any) -> None:
    """A cell by its kind: numbers stay numbers, text is never a formula or a link."""
    if isinstance(cell, Decimal | int):
        sheet.write_number(*at, cell, styles.number(cell, **look))
    elif cell:
        sheet.write_string(*at, str(cell), styles.cell(text_wrap=True, **look))
    else:
        sheet.write_blank(*at, None, styles.cell(**look))


def set_widths(sheet: Worksheet, blocks: Sequence[tuple[Sequence[_Field], Sequence[Row]]]) -> None:
    """Each column as wide as what stands in it, within bounds."""
    widths: dict[int, int] = {}
    for fields, rows in blocks:
        for number, field in enumerate(fields):
            texts = [field.label, *(_shown(field.of(row)) for row in rows)]
            widths[number] = max(widths.get(number, 0), column_width(texts))
    for number, size in widths.items():
        sheet.set_column(number, number, size)


def _shown(cell: Cell) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell or "")
