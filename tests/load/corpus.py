"""The corpus of bad inputs: a good competition, and what each case changes in it.

A case is a text file. It begins with a sentence; then each `=== PATH` starts a file:

- `=== PATH`: the file has this content (an empty line at its end is not part of it)
- `=== PATH (encoding NAME)`: the same, in another encoding
- `=== PATH (edit)`: pairs of lines, `- old` and `+ new` (`+` alone removes), each found once
- `=== PATH (append)`: these lines at the end
- `=== PATH (removed)`
- `=== NAME.xlsx`: `[sheet NAME]` or `[hidden NAME]`, then rows with cells between `|`;
  `=A1` is a formula that was never calculated, `#N/A` an error, `'8` text; `[merge A2:A4]`
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import xlsxwriter

GOLDEN = Path(__file__).parents[1] / "golden/bad_inputs"
GOOD = GOLDEN / "good"
CASES = sorted(GOLDEN.glob("*.txt"))


def build(case: str, folder: Path) -> None:
    """The good competition in `folder`, changed as a case says."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    for section in re.split(r"(?m)^=== ", case)[1:]:
        head, _, body = section.partition("\n")
        found = re.fullmatch(r"(.+?)(?: \((\w+) ?([\w-]*)\))?", head)
        assert found is not None
        name, how, encoding = found.groups()
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        body = body.removesuffix("\n") if body.endswith("\n\n") else body
        match how:
            case "removed":
                path.unlink()
            case "edit":
                path.write_text(edited(path.read_text(encoding="utf-8"), body), encoding="utf-8")
            case "append":
                path.write_text(path.read_text(encoding="utf-8") + body, encoding="utf-8")
            case None | "encoding" if path.suffix == ".xlsx":
                write_workbook(path, body)
            case _:
                path.write_bytes(body.encode(encoding or "utf-8"))


def edited(text: str, changes: str) -> str:
    """The text with each `- old` replaced by the `+ new` below it."""
    pairs = re.findall(r"(?m)^- (.*)\n\+ ?(.*)$", changes)
    for old, new in pairs:
        assert text.count(old + "\n") == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old + "\n", new + "\n" if new else "")
    return text


def write_workbook(path: Path, description: str) -> None:
    """A workbook from its description."""
    with xlsxwriter.Workbook(path) as book:
        for part in re.split(r"(?m)^\[(?=sheet|hidden)", description)[1:]:
            head, _, body = part.partition("]\n")
            kind, _, name = head.partition(" ")
            sheet = book.add_worksheet(name)
            if kind == "hidden":
                sheet.hide()
            write_rows(sheet, body.splitlines())


def write_rows(sheet: xlsxwriter.worksheet.Worksheet, lines: list[str]) -> None:
    """Rows of cells between `|`; merged ranges take what stands in their first cell."""
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line[:1] != "["]
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            write_cell(sheet, number, column, cell)
    for line in lines:
        merge = re.fullmatch(r"\[merge ([A-Z])(\d+):([A-Z])(\d+)\]", line)
        if merge:
            left, right = ord(merge[1]) - 65, ord(merge[3]) - 65
            top, bottom = int(merge[2]) - 1, int(merge[4]) - 1
            sheet.merge_range(top, left, bottom, right, rows[top][left])


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: str) -> None:
    """A number, a text, a formula without a value, or an error."""
    if cell.startswith("="):
        sheet.write_formula(row, column, cell, value="")
    elif cell.startswith("#"):
        sheet.write_formula(row, column, "=NA()", value=cell)
    elif re.fullmatch(r"-?\d+(\.\d+)?", cell):
        sheet.write_number(row, column, float(cell))
    elif cell:
        sheet.write_string(row, column, cell.removeprefix("'"))
