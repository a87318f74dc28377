"""CSV files that Excel opens as they are: UTF-8 with a mark, formulas in text made harmless."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from review import Exporter
from review_plugins.exporters.award_tables import awards
from review_plugins.exporters.names import file_stems
from review_plugins.exporters.tables import shortlist, standings
from review_plugins.exporters.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from review import Result
    from review_plugins.exporters.tables import Cell, Column, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvExporter(Exporter):
    """`standings-ROUND.csv`, `shortlist-ROUND.csv` and `awards.csv`, one line per entrant."""

    id = "csv"
    title: ClassVar[Mapping[str, str]] = {"en": "CSV tables", "zh-Hans": "CSV 表格"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        stems = file_stems(of.id for of in result.rounds)
        tables = {}
        for of in result.rounds:
            tables[f"standings-{stems[of.id]}.csv"] = standings(result, of)
            if of.shortlist is not None:
                tables[f"shortlist-{stems[of.id]}.csv"] = shortlist(result, of)
        tables["awards.csv"] = awards(result)
        for name, table in tables.items():
            _write(table, folder / name)
        return [folder / name for name in tables]


def _write(table: Table, path: Path) -> None:
    columns = table.data_columns()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(name) for column in columns for name in _names(column)])
        for row in table.rows:
            writer.writerow([c for column in columns for c in _cells(column, row.get(column.key))])


def _names(column: Column) -> list[str]:
    if column.kind == "both":
        return [f"{column.key}_{language}" for language in LANGUAGES]
    return [column.key]


def _cells(column: Column, cell: Cell) -> Iterator[object]:
    if column.kind == "number":
        yield "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else cell
    elif column.kind == "both":
        texts = cell if isinstance(cell, dict) else {}
        yield from (harmless(texts.get(language, "")) for language in LANGUAGES)
    else:
        yield harmless(str(cell or ""))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
