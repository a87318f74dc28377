"""The formats that results are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.exporters.columnar import ParquetExporter
from review_plugins.exporters.delimited import CsvExporter
from review_plugins.exporters.markdown import MarkdownExporter
from review_plugins.exporters.page import HtmlExporter
from review_plugins.exporters.workbook import XlsxExporter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Exporter

EXPORTERS: Sequence[type[Exporter]] = [
    CsvExporter,
    XlsxExporter,
    MarkdownExporter,
    HtmlExporter,
    ParquetExporter,
]

__all__ = [
    "EXPORTERS",
    "CsvExporter",
    "HtmlExporter",
    "MarkdownExporter",
    "ParquetExporter",
    "XlsxExporter",
]
