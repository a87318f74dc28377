"""Parquet: typed columns, rendered exactly; the place of a row is its index, counted from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from review import Reader, Sheet
from review_plugins.readers.texts import moment_text, plain, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class ParquetReader(Reader):
    """Numbers as they are, doubles by their shortest exact text, dates as ISO 8601."""

    id = "parquet"
    title = {"en": "Parquet", "zh-Hans": "Parquet"}
    suffixes = (".parquet",)

    def read(self, path: Path, encoding: str | None = None) -> Sequence[Sheet]:
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise problem(
                "parquet_unreadable",
                "not a readable Parquet file ({detail})",
                "不是可读取的 Parquet 文件（{detail}）",
                detail=str(error).partition("\n")[0],
            ) from None
        cells = pl.DataFrame(
            {
                str(number): pl.concat([pl.Series([column.name]), as_text(column)])
                for number, column in enumerate(frame)
            }
        )
        return [Sheet(cells, "record", rows=range(-1, frame.height))]


def as_text(column: pl.Series) -> pl.Series:
    """A column as String, blanks as null (ReadError where its type has no text)."""
    dtype = column.dtype
    if dtype.is_float():
        return mapped(column.cast(pl.String), plain)
    if dtype.is_temporal() and dtype != pl.Duration:
        return mapped(column, moment_text)
    if dtype == pl.List(pl.String):
        return column.list.join(";").replace("", None)
    if dtype.is_nested() or dtype in (pl.Duration, pl.Binary, pl.Object):
        raise problem(
            "parquet_type",
            "column “{name}” has the type {type}; text, numbers, dates, lists of texts are read",
            "“{name}”列的类型是 {type}；只能读取文本、数字、日期和文本列表",
            name=column.name,
            type=str(dtype),
        )
    return column.cast(pl.String).replace("", None)


def mapped(column: pl.Series, text: Callable[[Any], str]) -> pl.Series:
    """The text of each distinct value, put back in place."""
    values = column.unique().drop_nulls()
    texts = pl.Series([text(value) for value in values], dtype=pl.String)
    return column.replace_strict(values, texts, default=None, return_dtype=pl.String)
