from __future__ import annotations

import pytest
from wcwidth import wcswidth

from review.cli.tables import Column, table

COLUMNS = [
    Column("Rank", "right"),
    Column("Title", fit="cut", least=10),
    Column("Empty"),
    Column("Why", fit="wrap", least=10),
]


def test_table_leaves_out_columns_without_content() -> None:
    assert table(COLUMNS, [["1", "星选", "", "第一"], ["12", "é", "", ""]]) == (
        "Rank  Title  Why\n────  ─────  ────\n   1  星选   第一\n  12  é"
    )


def test_table_of_numbers_alone_keeps_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    columns = [Column("Number", "right"), Column("Number", "right")]
    assert table(columns, [["1" * 40, "2" * 40]]).splitlines()[2] == "1" * 40 + "  " + "2" * 40


@pytest.mark.parametrize("screen", [60, 80, 120])
def test_table_fits_the_screen_and_keeps_its_numbers(
    screen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(screen))
    text = table(COLUMNS, [["1234567", "垃圾角变口袋花园" * 9, "x", "为什么 why " * 20]])
    assert max(map(wcswidth, text.splitlines())) <= screen
    assert "1234567" in text
