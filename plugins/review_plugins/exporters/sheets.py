"""Tables on worksheets: one below a frozen header, or several below each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from review_plugins.exporters.styles import (
    FILLS,
    HEAD,
    MOST_COLUMNS,
    MOST_ROWS,
    TITLE_HEIGHT,
    bilingual,
    column_width,
    in_one_cell,
    row_height,
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
        return in_one_cell(cell) if self.language is None else cell[self.language]


def _fields(table: Table, rows: Sequence[Row]) -> list[_Field]:
    """The columns that people read; a text that is the same in both languages takes one."""
    fields: list[_Field] = []
    for column in table.page_columns(rows):
        texts = [row.get(column.key) for row in rows]
        if column.kind == "both" and column.use == "all" and any(map(_differs, texts)):
            fields += [_Field(column, language) for language in LANGUAGES]
        else:
            fields.append(_Field(column))
    return fields


def _differs(cell: Cell) -> bool:
    return isinstance(cell, dict) and len(set(cell.values())) > 1


@dataclass(frozen=True, slots=True)
class _Block:
    """A table with its lines read, laid out in worksheet columns."""

    title: Text
    fields: Sequence[_Field]
    rows: Sequence[Row]

    def widths(self) -> list[int]:
        """Each column as wide as what stands in it, within bounds."""
        return [
            column_width([field.label, *(shown(field.of(row)) for row in self.rows)])
            for field in self.fields
        ]


def _block(table: Table) -> _Block:
    rows = list(table.rows)
    return _Block(table.title, _fields(table, rows), rows)


def write_table(sheet: Worksheet, styles: Styles, result: Result, table: Table) -> None:
    """One table that fills the worksheet: header frozen, every column with a filter."""
    block = _block(table)
    set_up_page(sheet, result, HEADER_ROWS, _FIXED_COLUMNS)
    widths = _set_widths(sheet, [block])
    end = _put_block(sheet, styles, block, widths, 0)
    if end > HEADER_ROWS:
        sheet.autofilter(HEADER_ROWS - 1, 0, end - 1, len(block.fields) - 1)


def write_stack(sheet: Worksheet, styles: Styles, tables: Sequence[Table]) -> None:
    """Tables below each other; those without a line are left out."""
    blocks = [block for block in map(_block, tables) if block.rows]
    widths = _set_widths(sheet, blocks)
    top = 0
    for block in blocks:
        top = _put_block(sheet, styles, block, widths, top) + 1


def _set_widths(sheet: Worksheet, blocks: Sequence[_Block]) -> list[int]:
    """Columns wide enough for every block on the worksheet."""
    widths = [max(sizes) for sizes in zip_longest(*(b.widths() for b in blocks), fillvalue=0)]
    for number, size in enumerate(widths):
        sheet.set_column(number, number, size)
    return widths


def _put_block(
    sheet: Worksheet, styles: Styles, block: _Block, widths: Sequence[int], top: int
) -> int:
    """Write title, header and lines from row `top` down; the first row after them."""
    sheet.write_string(top, 0, bilingual(block.title, "  "), styles.bare(bold=True, font_size=14))
    sheet.set_row(top, TITLE_HEIGHT)
    first = top + HEADER_ROWS
    if not fits(sheet, first + len(block.rows), len(block.fields), top + 1):
        return first
    labels = [field.label for field in block.fields]
    head = styles.cell(text_wrap=True, **HEAD)
    for number, label in enumerate(labels):
        sheet.write_string(top + 1, number, label, head)
    sheet.set_row(top + 1, row_height(zip(labels, widths, strict=False)))
    for line, row in enumerate(block.rows, first):
        look = FILLS.get(str(row.get("status") or row.get("outcome")), {})
        cells = [field.of(row) for field in block.fields]
        for number, cell in enumerate(cells):
            put(sheet, styles, (line, number), cell, **look)
        sheet.set_row(line, row_height(zip(map(shown, cells), widths, strict=False)))
    return first + len(block.rows)


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
        sheet.write_string(*at, str(cell), styles.cell(text_wrap=True, **{"indent": 1, **look}))
    else:
        sheet.write_blank(*at, None, styles.cell(**look))


def shown(cell: Cell) -> str:
    """The text that a cell shows."""
    return f"{cell:f}" if isinstance(cell, Decimal) else str("" if cell is None else cell)
