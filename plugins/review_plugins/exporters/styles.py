"""How worksheets look: formats, widths that fit Chinese text, page set-up."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from review_plugins.exporters.words import word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from review import Result
    from review_plugins.exporters.tables import Text

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_WIDTH = 30
LINE_HEIGHT = 15.5
TITLE_HEIGHT = 24
_MOST_HEIGHT = 400
_LEAST_WIDTH = 6
_ONE_LINE = 24
_A4 = 9
_CELL = {"valign": "vcenter", "border": 1, "border_color": "#D5D2CB", "font_name": "Arial"}
HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#8C1C24", "align": "center"}
LOOKS: dict[str, dict[str, Any]] = {
    "": {},
    "no_mark": {"bg_color": "#E4E1DA", "align": "center", "indent": 0, "font_size": 8},
    "struck": {"font_strikeout": True, "font_color": "#6B6B6B"},
    "in": {"bg_color": "#DDEFE0"},
    "reserve": {"bg_color": "#FFF1CC"},
    "undecided": {"bg_color": "#FFD9C2"},
    "winner": {"bg_color": "#FFF1CC", "bold": True},
}


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._of_cells: dict[tuple[object, str], Format] = {}

    def cell(self, **properties: Any) -> Format:
        """A cell with a border."""
        return self.bare(**_CELL, **properties)

    def bare(self, **properties: Any) -> Format:
        """Just the properties given."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def of_cell(self, kind: int | Literal["text", "blank"], look: str) -> Format:
        """The format of a text, of nothing, or of a number with `kind` decimals, in a look.

        Looked up by two small keys: a large workbook asks millions of times.
        """
        made = self._of_cells.get((kind, look))
        if made is None:
            made = self.cell(**{**_kind(kind), **LOOKS[look]})
            self._of_cells[kind, look] = made
        return made


def _kind(kind: int | Literal["text", "blank"]) -> dict[str, Any]:
    if kind == "text":
        return {"text_wrap": True, "indent": 1}
    if kind == "blank":
        return {}
    return {"num_format": "0." + "0" * kind if kind else "0", "align": "right", "indent": 1}


def bilingual(text: Text, separator: str = "\n") -> str:
    """Both languages in one cell; once where they are the same."""
    return separator.join(dict.fromkeys(part for part in text.values() if part))


def in_one_cell(text: Text) -> str:
    """Both languages in one line where that is short, else below each other."""
    line = bilingual(text, " ")
    return line if width(line) <= _ONE_LINE else bilingual(text)


def width(text: str) -> int:
    """The columns that a text takes, its longest line counting: a Chinese character is two wide."""
    if text.isascii():
        return max(map(len, text.split("\n"))) if "\n" in text else len(text)
    return max(sum(map(_columns, line)) for line in text.split("\n"))


@cache
def _columns(character: str) -> int:
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def column_width(texts: Iterable[str]) -> int:
    """A width that shows most texts in one line; longer ones wrap."""
    return max(_LEAST_WIDTH, min(MOST_WIDTH, max(map(width, texts), default=0) + 3))


def row_height(cells: Iterable[tuple[str, int]], line_height: float = LINE_HEIGHT) -> float:
    """A height for texts wrapped in columns that wide; not every program fits rows itself."""
    return min(_MOST_HEIGHT, max((_lines(*cell) for cell in cells), default=1) * line_height)


def _lines(text: str, columns: int) -> int:
    if len(text) * 2 < columns and "\n" not in text:
        return 1
    return sum(max(1, -(-width(line) // max(1, columns - 1))) for line in text.split("\n"))


def set_up_page(sheet: Worksheet, result: Result, header_rows: int, fixed_columns: int) -> None:
    """Frozen headers; on paper A4 landscape, one page wide, headers and state on each page."""
    sheet.freeze_panes(header_rows, fixed_columns)
    sheet.repeat_rows(0, header_rows - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    state = bilingual(word(result.state), " ")
    sheet.set_footer(f"&L{state}&C{_plain(result.competition)}&R&P / &N")


def _plain(text: str) -> str:
    """A text inside a header or footer, where `&` begins a code and 255 characters fit."""
    return text.replace("&", "&&")[:100]
