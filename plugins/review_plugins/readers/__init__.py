"""Readers of the tables that competitions are kept in: text, spreadsheets, JSON, Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.readers.delimited import CsvReader
from review_plugins.readers.parquet import ParquetReader
from review_plugins.readers.records import JsonReader
from review_plugins.readers.spreadsheet import SpreadsheetReader

if TYPE_CHECKING:
    from review import Reader

READERS: tuple[type[Reader], ...] = (CsvReader, JsonReader, ParquetReader, SpreadsheetReader)
