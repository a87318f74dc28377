"""Tables on worksheets: one below a frozen header, or several below each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

from review_plugins.exporters.styles import (
    HEAD,
    LINE_HEIGHT,
    LOOKS,
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
    from collections.abc import Iterable, Sequence

    from xlsxwriter.worksheet import Worksheet

    from review import Result
    from review_plugins.exporters.styles import Styles
    from review_plugins.exporters.tables import Cell, Column, Row, Table, Text

HEADER_ROWS = 2
_FIXED_COLUMNS = 3
_LOOKED_AT = 1000


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
    note: Text | None = None

    def widths(self) -> list[int]:
        """Each column as wide as what stands in it, within bounds.

        Of a large table the ends are looked at: ids and ranks are longest there.
        """
        rows = self.rows
        if len(rows) > 2 * _LOOKED_AT:
            rows = [*rows[:_LOOKED_AT], *rows[-_LOOKED_AT:]]
        return [
            column_width([field.label, *(shown(field.of(row)) for row in rows)])
            for field in self.fields
        ]


def _block(table: Table) -> _Block:
    rows = list(table.rows)
    return _Block(table.title, _fields(table, rows), rows, table.note)


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
        status = str(row.get("status") or row.get("outcome"))
        look = status if status in LOOKS else ""
        cells = [field.of(row) for field in block.fields]
        for number, cell in enumerate(cells):
            put(sheet, styles, line, number, cell, look)
        set_height(sheet, line, zip(cells, widths, strict=False))
    end = first + len(block.rows)
    if block.note:
        sheet.write_string(end + 1, 0, bilingual(block.note, "  "), styles.bare(italic=True))
    return end


def fits(sheet: Worksheet, rows: int, columns: int, top: int) -> bool:
    """Whether a worksheet holds so much; where it does not, that is said on it."""
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS:
        return True
    sheet.write_string(top, 0, bilingual(say("sheet_left_out", rows=rows, columns=columns), " "))
    return False


def put(  # noqa: PLR0913, PLR0917 -- called for every cell
    sheet: Worksheet, styles: Styles, row: int, column: int, cell: Cell, look: str = "", /
) -> None:
    """A cell by its kind: numbers stay numbers, text is never a formula or a link."""
    if isinstance(cell, Decimal):
        places = max(0, -int(cell.as_tuple().exponent))
        sheet.write_number(row, column, cell, styles.of_cell(places, look))
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, styles.of_cell(0, look))
    elif cell:
        sheet.write_string(row, column, str(cell), styles.of_cell("text", look))
    else:
        sheet.write_blank(row, column, None, styles.of_cell("blank", look))


def set_height(sheet: Worksheet, row: int, cells: Iterable[tuple[Cell, int]]) -> None:
    """A row as high as its texts in columns that wide; one line is the height anyway."""
    texts = ((cell, columns) for cell, columns in cells if isinstance(cell, str))
    height = row_height(texts)
    if height > LINE_HEIGHT:
        sheet.set_row(row, height)


def shown(cell: Cell) -> str:
    """The text that a cell shows."""
    return f"{cell:f}" if isinstance(cell, Decimal) else str("" if cell is None else cell)
