"""A reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review import Message, Reader, ReadError, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NOT_TEXT = {"en": "the file is not UTF-8", "zh-Hans": "文件不是 UTF-8 编码"}


class WikiTable(Reader):
    """Tables as in a wiki: `| p1 | 8 |`, one row a line; a line of dashes is skipped."""

    id = "wiki_table"
    title = {"en": "Wiki table", "zh-Hans": "维基表格"}
    suffixes = (".wiki",)

    def read(self, path: Path, encoding: str | None = None) -> Sequence[Sheet]:
        """The one table of the file."""
        try:
            lines = path.read_text(encoding or "utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise ReadError(Message("wiki_not_text", {}, NOT_TEXT)) from error
        kept = [(n, line) for n, line in enumerate(lines, start=1) if line.strip("|- \t")]
        rows = [[cell.strip() or None for cell in line.strip("| ").split("|")] for _, line in kept]
        width = max(map(len, rows), default=0)
        columns = {
            str(i): pl.Series([row[i] if i < len(row) else None for row in rows], dtype=pl.String)
            for i in range(width)
        }
        return [Sheet(pl.DataFrame(columns), "line", rows=[number for number, _ in kept])]
