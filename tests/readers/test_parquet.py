from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest

from review import ReadError
from review_plugins.readers.parquet import ParquetReader
from tests.readers.conftest import labels, rows

if TYPE_CHECKING:
    from pathlib import Path


def test_columns_are_text_and_rows_are_counted_from_0(tmp_path: Path) -> None:
    pl.DataFrame(
        {
            "id": ["0577594806", ""],
            "whole": [10**18 + 1, None],
            "double": [0.1 + 0.2, 1e20],
            "single": pl.Series([0.1, 2.0], dtype=pl.Float32),
            "odd": [float("nan"), -0.0],
            "exact": pl.Series(["1.50", "2"]).cast(pl.Decimal(10, 2)),
            "day": [dt.date(2024, 9, 2), None],
            "moment": [dt.datetime.fromisoformat(d) for d in ("2024-09-02T10:30", "2024-09-02")],
            "ok": [True, False],
            "panel": [["a", "b"], []],
        }
    ).write_parquet(tmp_path / "a.parquet")
    (sheet,) = ParquetReader().read(tmp_path / "a.parquet")
    assert list(zip(*rows(sheet), strict=True)) == [
        ("id", "0577594806", None),
        ("whole", "1000000000000000001", None),
        ("double", "0.30000000000000004", "100000000000000000000"),
        ("single", "0.1", "2"),
        ("odd", "NaN", "0"),
        ("exact", "1.50", "2.00"),
        ("day", "2024-09-02", None),
        ("moment", "2024-09-02T10:30:00", "2024-09-02"),
        ("ok", "true", "false"),
        ("panel", "a;b", None),
    ]
    assert labels(sheet) == [-1, 0, 1]


@pytest.mark.parametrize(
    "column",
    [
        pl.Series("x", [{"a": 1}]),
        pl.Series("x", [[1, 2]]),
        pl.Series("x", [b"ab"]),
        pl.Series("x", [dt.timedelta(1)]),
    ],
    ids=lambda column: str(column.dtype),
)
def test_type_without_a_text_is_refused(tmp_path: Path, column: pl.Series) -> None:
    column.to_frame().write_parquet(tmp_path / "a.parquet")
    with pytest.raises(ReadError) as caught:
        ParquetReader().read(tmp_path / "a.parquet")
    assert caught.value.message.code == "parquet_type"


def test_what_is_no_parquet_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"nothing of the kind")
    with pytest.raises(ReadError) as caught:
        ParquetReader().read(tmp_path / "a.parquet")
    assert caught.value.message.code == "parquet_unreadable"
