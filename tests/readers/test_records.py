from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review import ReadError
from review_plugins.readers.records import JsonReader
from tests.readers.conftest import labels, rows

if TYPE_CHECKING:
    from pathlib import Path


def test_objects_are_rows_called_by_their_pointer(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '[{"id": "0577594806", "n": 8.50, "ok": true, "panel": ["a", "b"]},'
        ' {"id": 17e3, "n": null, "late": false, "panel": []}]',
        encoding="utf-8-sig",
    )
    (sheet,) = JsonReader().read(path)
    assert rows(sheet) == [
        ["id", "n", "ok", "panel", "late"],
        ["0577594806", "8.50", "true", "a;b", None],
        ["17e3", None, None, None, "false"],
    ]
    assert labels(sheet) == ["", "/0", "/1"]
    assert sheet.kind == "pointer"


def test_rows_may_stand_in_an_object(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"made by": "hand", "rows": [{"名": ""}]}', encoding="gb18030")
    (sheet,) = JsonReader().read(path, "gb18030")
    assert rows(sheet) == [["名"], [None]]
    assert labels(sheet) == ["", "/rows/0"]


def test_no_rows_are_no_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[]", encoding="utf-8")
    (sheet,) = JsonReader().read(path)
    assert rows(sheet) == []


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("[1]", "json_row_not_object", "/0"),
        ('[{"a": {}}]', "json_cell_nested", "/0"),
        ('{"rows": [{"a": [[1]]}]}', "json_cell_nested", "/rows/0"),
        ('{"a": []}', "json_no_rows", None),
        ("3", "json_no_rows", None),
        ('[{"a": 1, "a": 2}]', "json_key_twice", None),
        ("[{]", "json_invalid", None),
        ("[" * 100_000, "json_deep", None),
        ("名", "not_decodable", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_other_json_says_what_is_wanted(
    tmp_path: Path, text: str, code: str, row: str | None
) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="gb18030")
    with pytest.raises(ReadError) as caught:
        JsonReader().read(path)
    assert (caught.value.message.code, caught.value.row) == (code, row)
    assert all(caught.value.message.texts().values())
