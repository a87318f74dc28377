"""What a document is made of: sections with paragraphs, lists, pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from review_plugins.exporters.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review_plugins.exporters.tables import Column, Row, Table, Text

MOST_ROWS = 5000
"""Lines of a table beyond which a page is no longer read; what is left out is said."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as people see it: without columns that are blank throughout."""

    id: str
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs, a list, pictures and tables under it, in this order.

    `figures`: SVG by language. `folded`: tables that only some want to see.
    """

    id: str
    title: Text
    paragraphs: Sequence[Text] = ()
    items: Sequence[Text] = ()
    figures: Sequence[Text] = ()
    tables: Sequence[PageTable] = ()
    folded: Sequence[PageTable] = ()
    sections: Sequence[Section] = field(default=())


def page_table(table: Table) -> PageTable:
    """The first `MOST_ROWS` lines of a table, and how many there are in all."""
    shown = list(islice(table.rows, MOST_ROWS))
    columns = table.page_columns(shown)
    notes = [] if table.note is None else [table.note]
    if table.count > len(shown):
        notes.append(say("rows_left_out", shown=len(shown), all=table.count))
    return PageTable(table.id, table.title, columns, shown, notes)
