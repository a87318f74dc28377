"""Sheets as plain lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review import Sheet


def rows(sheet: Sheet) -> list[list[str | None]]:
    """The cells of a sheet, row by row."""
    return [list(row) for row in sheet.cells.iter_rows()]


def labels(sheet: Sheet) -> list[int | str]:
    """What each row is called."""
    return list(sheet.rows or range(1, sheet.cells.height + 1))
