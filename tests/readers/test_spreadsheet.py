from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from review import ReadError
from review_plugins.readers.package import (
    MOST_BYTES,
    cell_flags,
    column_index,
    flags_by_sheet,
    refuse_bomb,
)
from review_plugins.readers.spreadsheet import SpreadsheetReader, text
from tests.readers.conftest import rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Merged cells, numbers, dates, formulas, errors; a hidden sheet, an empty one, a chart."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("评分")
        sheet.merge_range("A1:C1", "评分表")
        sheet.write_row("A2", ["编号", "分数", "时间"])
        sheet.merge_range("A3:A4", "007")
        sheet.write_row("B3", [0.1 + 0.2])
        sheet.write_row("B4", [7.0])
        sheet.write_datetime(
            "C3", dt.datetime.fromisoformat("2024-09-02"), made.add_format({"num_format": "d/m/yy"})
        )
        sheet.write_formula("B6", "=1/0", value="#DIV/0!")
        sheet.write_formula("D8", "=B3*2", value="")
        sheet.write_formula("B7", '=IF(1,"","")', value="")
        hidden = made.add_worksheet("草稿")
        hidden.write_boolean(0, 0, boolean=True)
        hidden.hide()
        made.add_worksheet("空")
        chart = made.add_chart({"type": "bar"})
        chart.add_series({"values": "=评分!$B$3:$B$4"})
        made.add_chartsheet("图").set_chart(chart)
    return path


def test_sheets_are_text_with_merged_values_everywhere(book: Path) -> None:
    first, hidden, empty = SpreadsheetReader().read(book)
    assert rows(first) == [
        ["评分表", "评分表", "评分表", None],
        ["编号", "分数", "时间", None],
        ["007", "0.3", "2024-09-02", None],
        ["007", "7", None, None],
        [None, None, None, None],
        [None, None, None, None],
        [None, None, None, None],
        [None, None, None, None],
    ]
    assert (first.name, first.kind, first.hidden) == ("评分", "spreadsheet", False)
    assert (hidden.name, rows(hidden), hidden.hidden) == ("草稿", [["true"]], True)
    assert (empty.name, rows(empty)) == ("空", [])


def test_errors_and_formulas_without_a_value_are_flagged(book: Path) -> None:
    first, *_ = SpreadsheetReader().read(book)
    assert list(first.flags) == [
        (5, 1, "cell_error"),
        (6, 1, "formula_without_value"),
        (7, 3, "formula_without_value"),
    ]


def test_formula_whose_text_is_empty_is_not_flagged() -> None:
    xml = b'<x><c r="A1" t="str"><f>B1</f><v></v></c><c><f>B1</f></c></x>'
    assert list(cell_flags(xml)) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", None),
        ("17e5986322", "17e5986322"),
        (True, "true"),
        (False, "false"),
        (8.500000000000002, "8.5"),
        (1e20, "100000000000000000000"),
        (-0.0, "0"),
        (1.5e-7, "0.00000015"),
        (577594806.0, "577594806"),
        (dt.date(2024, 9, 2), "2024-09-02"),
        (dt.datetime.fromisoformat("2024-09-02T10:30"), "2024-09-02T10:30:00"),
        (dt.time(10, 30), "10:30:00"),
        (dt.timedelta(hours=36), "1.5"),
    ],
)
def test_cell_is_taken_as_text(cell: object, expected: str | None) -> None:
    assert text(cell) == expected


def test_what_is_no_workbook_says_so(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.xls", "a.ods"):
        (tmp_path / name).write_bytes(b"no workbook")
        with pytest.raises(ReadError) as caught:
            SpreadsheetReader().read(tmp_path / name)
        assert caught.value.message.code == "workbook_unreadable"


def test_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    """Such a file is a compound document with these two streams; their names are enough."""
    path = tmp_path / "locked.xlsx"
    path.write_bytes(compound_document(["EncryptionInfo", "EncryptedPackage"]))
    with pytest.raises(ReadError) as caught:
        SpreadsheetReader().read(path)
    assert caught.value.message.code == "workbook_locked"


def compound_document(streams: list[str]) -> bytes:
    """The smallest compound document with empty streams of these names."""
    end, free, special = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(10)
    header += b"".join(
        number.to_bytes(4, "little") for number in (1, 1, 0, 4096, end, 0, end, 0, 0)
    )
    header += b"".join(free.to_bytes(4, "little") for _ in range(108))
    table = [special, end] + [free] * 126
    entries = [("Root Entry", 5, 1)] + [(name, 2, free) for name in streams]
    directory = b""
    for number, (name, kind, child) in enumerate(entries):
        raw = (name + "\0").encode("utf-16-le")
        sibling = number + 1 if 0 < number < len(streams) else free
        links = b"".join(link.to_bytes(4, "little") for link in (free, sibling, child))
        directory += (
            raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes([kind, 1]) + links
        )
        directory += bytes(36) + end.to_bytes(4, "little") + bytes(8)
    directory += bytes(512 - len(directory))
    return header + b"".join(link.to_bytes(4, "little") for link in table) + directory


def test_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(70 * 2**20))
    with pytest.raises(ReadError) as caught:
        SpreadsheetReader().read(path)
    assert caught.value.message.code == "workbook_too_large"


def test_size_is_refused_however_well_it_packs() -> None:
    member = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
    member.file_size = member.compress_size = MOST_BYTES + 1
    with pytest.raises(ReadError):
        refuse_bomb([member])


def test_stray_cell_far_away_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write("A1", "id")
        sheet.write("XFD1048576", "stray")
    with pytest.raises(ReadError) as caught:
        SpreadsheetReader().read(path)
    assert caught.value.message.code == "sheet_too_large"
    assert "row 1048576 and column 16384" in caught.value.message.render("en")


@pytest.mark.parametrize(
    ("changed", "content"),
    [
        ("xl/_rels/workbook.xml.rels", b"<broken"),
        ("xl/workbook.xml", b"<!DOCTYPE x><x/>"),
        ("xl/_rels/workbook.xml.rels", None),
    ],
)
def test_package_that_is_not_understood_has_no_flags(
    book: Path, tmp_path: Path, changed: str, content: bytes | None
) -> None:
    """calamine is left to say what is wrong."""
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            if name != changed:
                target.writestr(name, source.read(name))
            elif content is not None:
                target.writestr(name, content)
    assert flags_by_sheet(other) == {}


def test_sheet_whose_part_is_missing_has_no_flags(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                target.writestr(name, source.read(name))
    assert "评分" not in flags_by_sheet(other)


def test_macro_workbooks_are_read_as_well(book: Path, tmp_path: Path) -> None:
    copy = shutil.copy(book, tmp_path / "book.xlsm")
    assert len(SpreadsheetReader().read(tmp_path / copy)) == 3


CONTENT = """<?xml version="1.0"?><office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="A"><table:table-row
 ><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell
 ><table:table-cell office:value-type="float" office:value="8.5"><text:p>8,5</text:p
 ></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body
 ></office:document-content>"""
MANIFEST = """<?xml version="1.0"?><manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""


def test_opendocument_is_read_with_a_note_on_what_cannot_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("content.xml", CONTENT)
        package.writestr("META-INF/manifest.xml", MANIFEST)
    (sheet,) = SpreadsheetReader().read(path)
    assert rows(sheet) == [["id", "8.5"]]
    assert [note.code for note in sheet.notes] == ["read_without_flags"]


def test_column_index_counts_letters() -> None:
    assert [column_index(name) for name in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]
