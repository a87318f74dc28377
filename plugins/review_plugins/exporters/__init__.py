"""The formats that results are written in."""

from __future__ import annotations

from review_plugins.exporters.columnar import ParquetExporter
from review_plugins.exporters.delimited import CsvExporter
from review_plugins.exporters.markdown import MarkdownExporter
from review_plugins.exporters.page import HtmlExporter
from review_plugins.exporters.workbook import XlsxExporter

EXPORTERS = [CsvExporter, XlsxExporter, MarkdownExporter, HtmlExporter, ParquetExporter]

__all__ = [
    "EXPORTERS",
    "CsvExporter",
    "HtmlExporter",
    "MarkdownExporter",
    "ParquetExporter",
    "XlsxExporter",
]
