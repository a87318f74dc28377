"""Spreadsheets, read by calamine: Excel (.xlsx, .xlsm, .xls) and OpenDocument (.ods)."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from review import Message, Reader, Sheet
from review_plugins.readers.texts import moment_text, plain, problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet

# Beyond these the double that a spreadsheet holds shows its binary remainder.
SIGNIFICANT_DIGITS = 15


NOT_CHECKED = Message(
    "read_without_flags",
    {},
    {
        "en": "in this format errors of formulas look blank, and of merged cells the first alone "
        "may have the value: save the file as .xlsx to have them checked",
        "zh-Hans": "此格式中公式错误会显示为空白，合并单元格可能只有首格有值："
        "请另存为 .xlsx 以便检查",
    },
)


class SpreadsheetReader(Reader):
    """Every worksheet as text; a merged value holds for all its cells.

    In .xlsx, formulas without a stored value and cells that hold an error are flagged; other
    formats cannot tell them, which is noted.
    """

    id = "xlsx"
    title = {
        "en": "Spreadsheet (Excel, OpenDocument)",
        "zh-Hans": "电子表格（Excel、OpenDocument）",
    }
    suffixes = (".xlsx", ".xlsm", ".xls", ".ods")

    def read(self, path: Path, encoding: str | None = None) -> Sequence[Sheet]:
        import python_calamine as calamine  # noqa: PLC0415 -- slow, and many have no spreadsheet

        from review_plugins.readers.package import flags_by_sheet  # noqa: PLC0415 -- as above

        zipped = path.suffix.lower() in {".xlsx", ".xlsm"}
        flags = flags_by_sheet(path) if zipped else {}
        try:
            with calamine.CalamineWorkbook.from_path(path) as workbook:
                return [
                    Sheet(
                        grid(workbook.get_sheet_by_name(sheet.name), flags.get(sheet.name, ())),
                        "spreadsheet",
                        name=sheet.name,
                        hidden=sheet.visible != calamine.SheetVisibleEnum.Visible,
                        flags=flags.get(sheet.name, ()),
                        notes=() if zipped else (NOT_CHECKED,),
                    )
                    for sheet in workbook.sheets_metadata
                    if sheet.typ == calamine.SheetTypeEnum.WorkSheet
                ]
        except calamine.PasswordError:
            raise problem(
                "workbook_locked",
                "the workbook is protected by a password",
                "工作簿设有打开密码",
            ) from None
        except (calamine.CalamineError, OSError):
            raise problem(
                "workbook_unreadable",
                "not an Excel file, or damaged: open it in a spreadsheet and save it as .xlsx",
                "不是 Excel 文件，或文件已损坏：请用 Excel 或 WPS 打开后另存为 .xlsx",
            ) from None


def grid(sheet: CalamineSheet, flags: Sequence[tuple[int, int, str]] = ()) -> pl.DataFrame:
    """The cells of a sheet from A1 on, as text; as far as the flagged ones, which look blank."""
    rows: list[list[str | None]] = [
        [text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = rows[top][left]
    width = max([*map(len, rows), *(column + 1 for _, column, _ in flags)], default=0)
    height = max((row + 1 for row, _, _ in flags), default=0)
    rows += [[] for _ in range(height - len(rows))]
    rows = [row + [None] * (width - len(row)) for row in rows]
    return pl.DataFrame(
        rows, schema={str(column): pl.String for column in range(width)}, orient="row"
    )


def text(cell: Any) -> str | None:
    """A cell as text, null for a blank."""
    match cell:
        case str():
            return cell or None
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return plain(f"{cell:.{SIGNIFICANT_DIGITS}g}")
        case date() | time():
            return moment_text(cell)
        case _:  # a duration: what a spreadsheet holds is its number of days
            return plain(f"{cell / timedelta(days=1):.{SIGNIFICANT_DIGITS}g}")
