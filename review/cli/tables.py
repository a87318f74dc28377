"""Tables by tabulate that keep to the width of the screen, Chinese text aligned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tabulate import tabulate
from wcwidth import wcswidth

from review.cli.screen import plain, screen_width
from review.cli.width import cut, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 2

#: A column that may give way keeps this much on the narrowest screen.
NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `fit` is what happens where the table is too wide, `least` what it should keep."""

    title: str
    align: Literal["left", "right"] = "left"
    fit: Literal["keep", "cut", "wrap"] = "keep"
    least: int = 12


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """The table as text. Columns without any content are left out; numbers are never cut."""
    used = [i for i in range(len(columns)) if any(row[i] for row in rows)]
    columns = [columns[i] for i in used]
    cells = [[plain(row[i]) for i in used] for row in rows]
    widths = _widths(columns, cells)
    titles = [column.title for column in columns]
    fitted = [
        [
            _fit(cell, column, width)
            for cell, column, width in zip(row, columns, widths, strict=True)
        ]
        for row in [titles, *cells]
    ]
    # The header is a row, since tabulate makes a column two wider than a header of its own.
    return tabulate(
        [fitted[0], ["─" * width for width in widths], *fitted[1:]],
        tablefmt="plain",
        colalign=[column.align for column in columns],
        disable_numparse=True,
        preserve_whitespace=True,
    )


def _widths(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column: what is in it or, where the table is too wide, less.

    The widest of those that may give way gives way, down to its `least` while that is possible.
    """
    widths = [
        max(wcswidth(text) for text in (column.title, *(row[i] for row in cells)))
        for i, column in enumerate(columns)
    ]
    excess = sum(widths) + GAP * (len(widths) - 1) - screen_width()
    for _ in range(excess):
        flexible = [i for i, column in enumerate(columns) if column.fit != "keep"]
        roomy = [i for i in flexible if widths[i] > columns[i].least]
        giving = roomy or [i for i in flexible if widths[i] > NARROWEST]
        if giving:
            widths[max(giving, key=widths.__getitem__)] -= 1
    return widths


def _fit(cell: str, column: Column, width: int) -> str:
    if column.fit == "wrap":
        return "\n".join(wrap(cell, width, wcswidth))
    return cut(cell, width, wcswidth) if column.fit == "cut" else cell
