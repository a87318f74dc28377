"""What calamine does not tell of an .xlsx file: formulas without value, errors, its size."""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # nosec B405

from review_plugins.readers.texts import problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MOST_BYTES = 512 * 2**20
SUSPICIOUS_BYTES = 64 * 2**20
MOST_RATIO = 200
MOST_CELLS = 20_000_000

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
CELL = re.compile(r"([A-Z]+)([0-9]+)")
REFERENCES = re.compile(rb'<c [^>]*?\br="([A-Z]+)([0-9]+)"')

Flag = tuple[int, int, str]


def flags_by_sheet(path: Path) -> Mapping[str, list[Flag]]:
    """sheet name → (row, column, code) of each cell to complain about; rows and columns from 0.

    Raises ReadError for a file that would not fit in memory once it is unpacked.
    """
    try:
        with zipfile.ZipFile(path) as package:
            refuse_bomb(package.infolist())
            return {
                name: list(cell_flags(package.read(part)))
                for name, part in sheet_parts(package)
                if part in package.namelist()
            }
    except (zipfile.BadZipFile, ET.ParseError, KeyError, NotImplementedError, RuntimeError):
        # Not a package we understand: calamine says what is wrong with it.
        return {}


def refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Refuse a package that unpacks to far more than a real workbook does."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MOST_BYTES or (unpacked > SUSPICIOUS_BYTES and unpacked > MOST_RATIO * packed):
        raise problem(
            "workbook_too_large",
            "the workbook unpacks to {megabytes} MB: too much for a table of marks",
            "工作簿解压后达 {megabytes} MB，超出评分表应有的大小",
            megabytes=unpacked >> 20,
        )


def sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(sheet name, name of its part)."""
    book = "xl/workbook.xml"
    relations = tree(package.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    for sheet in tree(package.read(book)).iter():
        if sheet.tag in {f"{MAIN}sheet", f"{STRICT}sheet"}:
            relation = next(value for key, value in sheet.items() if key.endswith("}id"))
            target = targets[relation]
            yield (
                sheet.get("name", ""),
                posixpath.normpath(posixpath.join("/xl", target)).removeprefix("/"),
            )


def tree(xml: bytes) -> ET.Element:
    """A part of the package, parsed."""
    if b"<!DOCTYPE" in xml:
        raise ET.ParseError
    return ET.fromstring(xml)  # noqa: S314 -- without a DOCTYPE no entity is declared  # nosec B314


def cell_flags(xml: bytes) -> Iterator[Flag]:
    """The cells of a sheet that calamine would give as blank: never calculated, or an error."""
    refuse_far_cells(xml)
    if b"<f" not in xml and b't="e"' not in xml:
        return
    for cell in tree(xml).iter():
        space, _, tag = cell.tag.rpartition("}")
        if tag != "c" or (place := CELL.fullmatch(cell.get("r", ""))) is None:
            continue
        value = cell.findtext(f"{space}}}v")
        where = int(place[2]) - 1, column_index(place[1])
        if cell.get("t") == "e":
            yield *where, "cell_error"
        elif cell.find(f"{space}}}f") is not None and not value and cell.get("t") != "str":
            yield *where, "formula_without_value"


def refuse_far_cells(xml: bytes) -> None:
    """Refuse a stray cell far away: everything up to it would be held in memory."""
    names: set[bytes] = set()
    last = 0
    for found in REFERENCES.finditer(xml):
        names.add(found[1])
        last = max(last, int(found[2]))
    columns = max((column_index(name.decode()) + 1 for name in names), default=0)
    if last * columns > MOST_CELLS:
        raise problem(
            "sheet_too_large",
            "a sheet reaches to row {last} and column {columns}: delete the stray cells",
            "某工作表延伸到第 {last} 行、第 {columns} 列：请删除多余的单元格",
            last=last,
            columns=columns,
        )


def column_index(letters: str) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
