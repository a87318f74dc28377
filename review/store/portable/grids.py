"""Tables in canonical form: CSV in which every cell reads back as it was."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.load.words import loose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from review.load.headers import Layout

Cell = str | None

#: Signs by which a line or a separator could be taken for another one.
_DOUBTFUL = re.compile('["\r;\t\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]')
#: Rows above which a header is sought; see `review.load.tables`.
_HEADER_WITHIN = 30


@dataclass(frozen=True)
class Grid:
    """A header and rows of cells; None is a blank."""

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    separator: str = ","

    @classmethod
    def read(cls, content: bytes) -> Grid:
        """What `written` gave."""
        text = content.decode()
        try:
            records = _records(text, ",")
            separator = ","
        except csv.Error:  # every cell is in quotes, with another sign between them
            records = _records(text, ";")
            separator = ";"
        return cls(records[0], [[c or None for c in record] for record in records[1:]], separator)

    def written(self) -> bytes:
        """As UTF-8; every cell is in quotes where any of them could be misread without."""
        plain = _text(self, csv.QUOTE_MINIMAL)
        if self.separator != "," or _DOUBTFUL.search(plain):
            return _text(self, csv.QUOTE_ALL).encode()
        return plain.encode()

    def dicts(self) -> list[dict[str, Cell]]:
        """The rows by header."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]

    def with_rows(self, rows: Iterable[Mapping[str, Cell]]) -> Grid:
        """The same table with other rows, given by header."""
        return Grid(self.header, [[r[h] for h in self.header] for r in rows], self.separator)


def _records(text: str, separator: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))


def _text(grid: Grid, quoting: int) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=grid.separator,
        lineterminator="\n",
        quoting=quoting,  # type: ignore[arg-type]
    )
    writer.writerow(grid.header)
    writer.writerows(grid.rows)
    return text.getvalue()


def grid_of(frame: pl.DataFrame) -> Grid:
    """A frame of text as it stands."""
    return Grid(frame.columns, frame.rows())


@dataclass(frozen=True)
class Attributed:
    """A table of proposals or judges, and how competition.toml has to speak of it.

    `source`: keys beside `path`.
    """

    grid: Grid
    source: Mapping[str, object]


def attributed(
    frame: pl.DataFrame,
    layout: Layout,
    wanted: Mapping[str, str],
    *,
    decimal_comma: bool = False,
) -> Attributed:
    """The rows of a frame under headers by which each column gets its name again.

    The first column is the id. `wanted` are headers that some columns must have. `decimal_comma`:
    numbers in it are read as `8,5`.
    """
    headers = _headers(["id", *frame.columns[1:]], layout, wanted)
    mapped = {name: header for name, header in headers.items() if header != name.lstrip(" ")}
    grid = Grid(list(headers.values()), frame.rows(), ";" if decimal_comma else ",")
    source: dict[str, object] = {"columns": mapped} if mapped else {}
    if _header_in_doubt(grid, layout):
        source["header_row"] = 1
    return Attributed(grid, source)


def _headers(names: Sequence[str], layout: Layout, wanted: Mapping[str, str]) -> dict[str, str]:
    """A header for each column; those of organisers keep theirs, so ours give way."""
    taken: dict[str, str] = {}
    chosen: dict[str, str] = {}
    for name in sorted(names, key=lambda n: (n in layout.columns and n not in wanted, n in wanted)):
        header = wanted.get(name, name.lstrip(" "))
        number = 1
        while loose(header) in taken:
            number += 1
            header = f"{name.strip()} {number}"
        taken[loose(header)] = chosen[name] = header
    return {name: chosen[name] for name in names}


def _header_in_doubt(grid: Grid, layout: Layout) -> bool:
    """Whether a row of cells has as many known words as the header has."""

    def known(cells: Iterable[Cell]) -> int:
        return len({found[0] for cell in cells if cell and (found := layout.find(cell))})

    least = known(grid.header)
    return any(known(row) >= least for row in grid.rows[:_HEADER_WITHIN])
