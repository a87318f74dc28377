from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import ReadError
from review_plugins.readers.delimited import CsvReader, find_separator, read_plain, read_quoted
from tests.readers.conftest import labels, rows

if TYPE_CHECKING:
    from pathlib import Path

    from review import Sheet


def read(path: Path, data: bytes, encoding: str | None = None) -> Sheet:
    path.write_bytes(data)
    (sheet,) = CsvReader().read(path, encoding)
    return sheet


def test_plain_file_is_read_as_written(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", b"id,title\n0577594806, 17e5986322\n007,\n")
    assert rows(sheet) == [["id", "title"], ["0577594806", " 17e5986322"], ["007", None]]
    assert labels(sheet) == [1, 2, 3]
    assert (sheet.kind, sheet.notes, sheet.flags, sheet.decimal_comma) == ("line", (), (), False)


@pytest.mark.parametrize(
    ("text", "encoding", "notes"),
    [
        ("编号,姓名\nj1,张敏\n", "utf-8", []),
        ("编号,姓名\nj1,张敏\n", "utf-8-sig", []),
        ("编号,姓名\nj1,张敏\n", "utf-16", []),
        ("编号,姓名\nj1,张敏\n", "gb18030", ["read_as_gb18030"]),
    ],
)
def test_encoding_is_found(tmp_path: Path, text: str, encoding: str, notes: list[str]) -> None:
    sheet = read(tmp_path / "a.csv", text.encode(encoding))
    assert rows(sheet) == [["编号", "姓名"], ["j1", "张敏"]]
    assert [note.code for note in sheet.notes] == notes


def test_encoding_is_taken_as_stated(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", "名,é\n".encode("big5", "ignore"), "big5")
    assert rows(sheet) == [["名", None]]


@pytest.mark.parametrize(
    ("data", "encoding", "code", "row"),
    [
        (b"a,b\n\xff\xff\n", None, "not_decodable", 2),
        (b"a,b\n", "utf-7000", "encoding_unknown", None),
        (b"PK\x03\x04", None, "not_text", None),
        (b"\xd0\xcf\x11\xe0", None, "not_text", None),
        (b'a,b\n1,2\n"3,4\n', None, "quotes_unbalanced", 3),
        (b'a,b\n"1"2,3\n', None, "quotes_unbalanced", 2),
    ],
)
def test_unreadable_file_says_why(
    tmp_path: Path, data: bytes, encoding: str | None, code: str, row: int | None
) -> None:
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "a.csv", data, encoding)
    assert (caught.value.message.code, caught.value.row) == (code, row)
    assert set(caught.value.message.texts()) == {"en", "zh-Hans"}


def test_record_with_line_breaks_is_called_by_its_first_line(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", b'id,why\n1,"two\nlines"\n\n2,"say ""hi"""\n')
    assert rows(sheet) == [
        ["id", "why"],
        ["1", "two\nlines"],
        [None, None],
        ["2", 'say "hi"'],
    ]
    assert labels(sheet) == [1, 2, 4, 5]


def test_short_rows_are_flagged_and_long_ones_kept(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", b"a,b\n1\n1,2,3\n")
    assert rows(sheet) == [["a", "b", None], ["1", None, None], ["1", "2", "3"]]
    assert list(sheet.flags) == [(0, 2, "row_short"), (1, 1, "row_short")]


def test_empty_file_has_no_cells(tmp_path: Path) -> None:
    assert rows(read(tmp_path / "a.csv", b"")) == []


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1,5\t2;5\n", "\t"),
        ("id,panel\n1,x;y\n2,x;y\n", ","),
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ("only\none\n", ","),
        ("", ","),
    ],
)
def test_separator_is_the_one_that_fits_most_lines(text: str, separator: str) -> None:
    assert find_separator(text) == separator


def test_semicolons_mean_decimal_commas(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", b"a;b\n1,5;2\n")
    assert rows(sheet) == [["a", "b"], ["1,5", "2"]]
    assert sheet.decimal_comma


def test_tsv_is_separated_by_tabs_whatever_else_it_has(tmp_path: Path) -> None:
    assert rows(read(tmp_path / "a.tsv", b"a,b,c\td\n1,2,3\t4\n")) == [
        ["a,b,c", "d"],
        ["1,2,3", "4"],
    ]


FIELDS = st.text(st.sampled_from('ab1 .,;"\n\r\té中\0'), max_size=4)
GRIDS = st.lists(st.lists(FIELDS, min_size=1, max_size=3), max_size=5)


def grid(text: str) -> list[list[str | None]]:
    frame, _, _ = read_quoted(text, ",")
    return [list(row) for row in frame.iter_rows()]


@given(GRIDS, st.sampled_from(["\n", "\r\n"]))
def test_fast_way_is_the_exact_way_on_what_is_written_as_csv(
    records: list[list[str]], end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows(records)
    fast = read_plain(text.getvalue(), ",")
    assert fast is None or [list(row) for row in fast[0].iter_rows()] == grid(text.getvalue())


@given(st.text(st.sampled_from("ab1, \n\r\0é"), max_size=30))
def test_fast_way_is_the_exact_way_on_any_text_without_quotes(text: str) -> None:
    fast = read_plain(text, ",")
    assert fast is None or [list(row) for row in fast[0].iter_rows()] == grid(text)


def test_fast_way_is_taken_for_regular_text_only() -> None:
    assert read_plain("a,b\n1,2\n", ",") is not None
    assert read_plain("a,b\n1\n", ",") is None
    assert read_plain("a,b\n1,2,3\n4\n", ",") is None
    assert read_plain("a,b\n1\n2,3,4\n", ",") is None


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_none_by_which_quotes_do_not_close(separator: str) -> None:
    """However many others stand in the cells."""
    cell = '"' + "; , \t" * 20 + '"'
    text = f'"id"{separator}"words"\n"a"{separator}{cell}\n'
    assert find_separator(text) == separator


def test_separator_is_found_where_no_quotes_close() -> None:
    assert find_separator('a;b"\n"c"d;e\n"f"g;h\n') == ";"
