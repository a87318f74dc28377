"""Delimited text: CSV, TSV and what spreadsheets export under those names."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from review import Message, Reader, Sheet
from review_plugins.readers.texts import problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SEPARATORS = (",", ";", "\t")
SAMPLE_LINES = 100

AS_GB18030 = Message(
    "read_as_gb18030",
    {},
    {
        "en": 'not UTF-8: read as GB18030 (say `encoding = "…"` if that is wrong)',
        "zh-Hans": '不是 UTF-8 编码，已按 GB18030 读取（如有误，请用 encoding = "…" 指明）',
    },
)


class CsvReader(Reader):
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB18030; separated by `,` `;` or tabs."""

    id = "csv"
    title = {"en": "Delimited text (CSV, TSV)", "zh-Hans": "分隔符文本（CSV、TSV）"}
    suffixes = (".csv", ".tsv", ".txt")

    def read(self, path: Path, encoding: str | None = None) -> Sequence[Sheet]:
        text, notes = decode(path.read_bytes(), encoding)
        separator = "\t" if path.suffix.lower() == ".tsv" else find_separator(text)
        cells, rows, flags = read_plain(text, separator) or read_quoted(text, separator)
        return [
            Sheet(
                cells, "line", rows=rows, flags=flags, notes=notes, decimal_comma=separator == ";"
            )
        ]


def decode(data: bytes, encoding: str | None) -> tuple[str, tuple[Message, ...]]:
    """The text of a file, and a note where its encoding was guessed."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise problem(
            "not_text",
            "this is a spreadsheet, not delimited text: name it .xlsx or .xls",
            "这是电子表格，不是分隔符文本：请将扩展名改为 .xlsx 或 .xls",
        )
    if encoding is None and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    if encoding is not None:
        return decode_as(data, encoding), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return decode_as(data, "gb18030"), (AS_GB18030,)


def decode_as(data: bytes, encoding: str) -> str:
    """The text in a given encoding (ReadError where it does not fit)."""
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise problem(
            "encoding_unknown",
            "there is no encoding “{encoding}”",
            "没有“{encoding}”这种编码",
            encoding=encoding,
        ) from None
    except UnicodeDecodeError as error:
        raise problem(
            "not_decodable",
            "the text is not valid {encoding}",
            "文本不是有效的 {encoding} 编码",
            data.count(b"\n", 0, error.start) + 1,
            encoding=encoding.upper(),
        ) from None


def find_separator(text: str) -> str:
    """The separator by which the first lines have the most fields, and equally many.

    One by which quotes do not close properly is none, if another one is.
    """
    lines = text[: 1 << 16].splitlines()[:SAMPLE_LINES]
    possible = [s for s in SEPARATORS if '"' not in text or quotes_close(lines, s)]

    def regularity(separator: str) -> float:
        counts = Counter(len(record) for record in csv.reader(lines, delimiter=separator) if record)
        fields, often = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return 0.0 if fields < 2 else fields * often / counts.total()  # noqa: PLR2004 -- one field: no separator

    return max(possible or SEPARATORS, key=regularity)


def quotes_close(lines: Sequence[str], separator: str) -> bool:
    """Whether no quote stands where none can; the last record may be cut off."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        return reader.line_num >= len(lines)
    return True


Grid = tuple[pl.DataFrame, "Sequence[int] | None", "Sequence[tuple[int, int, str]]"]


def read_plain(text: str, separator: str) -> Grid | None:
    """The fast way, where it is provably the same as the csv module; else None.

    Without a quote character a record is a line. As many separators as rows × (columns - 1), and
    no row with too many (polars refuses it), leave no row with too few.
    """
    text = text.replace("\r\n", "\n")
    columns = text.partition("\n")[0].count(separator) + 1
    lines = text.count("\n") + (not text.endswith("\n"))
    if columns == 1 or any(mark in text for mark in '"\r\0'):
        return None
    if text.count(separator) != lines * (columns - 1):
        return None
    try:
        cells = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=separator,
            quote_char=None,
            infer_schema=False,
        )
    except pl.exceptions.ComputeError:
        return None
    cells.columns = [str(number) for number in range(cells.width)]
    return cells, None, ()


def read_quoted(text: str, separator: str) -> Grid:
    """The exact way: the csv module, with the line on which each record starts."""
    rows: list[int] = []
    records: list[list[str]] = []
    for line, record in numbered_records(text, separator):
        rows.append(line)
        records.append(record)
    width = max(map(len, records), default=0)
    flags = [
        (number, len(record), "row_short")
        for number, record in enumerate(records)
        if 0 < len(record) < width
    ]
    cells = pl.DataFrame(
        {
            str(column): [
                (record[column] if column < len(record) else None) or None for record in records
            ]
            for column in range(width)
        },
        schema={str(column): pl.String for column in range(width)},
    )
    return cells, None if rows == list(range(1, len(rows) + 1)) else rows, flags


def numbered_records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise problem(
            "quotes_unbalanced",
            "the quotes of this record do not close properly ({detail})",
            "此记录的引号没有正确闭合（{detail}）",
            line,
            detail=str(error),
        ) from None
