"""One Markdown file with the results in both languages, one after the other."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from review import Exporter
from review_plugins.exporters.document import document, warnings
from review_plugins.exporters.words import LANGUAGES, titled, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from review import Result
    from review_plugins.exporters.sections import PageTable, Section
    from review_plugins.exporters.tables import Cell


class MarkdownExporter(Exporter):
    """`results.md`: what `report.html` says, as plain text."""

    id = "md"
    title: ClassVar[Mapping[str, str]] = {"en": "Markdown", "zh-Hans": "Markdown 文档"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        path = folder / "results.md"
        sections = document(result)
        texts = ["\n".join(_lines(result, sections, language)) for language in LANGUAGES]
        path.write_text("\n---\n\n".join(texts), encoding="utf-8", newline="\n")
        return [path]


def _lines(result: Result, sections: Sequence[Section], language: str) -> Iterator[str]:
    yield f"# {escape(titled(result.title, result.competition)[language])}"
    yield ""
    state, note = word(result.state), word(f"{result.state}_note")
    yield f"**{state[language]}** {note[language]}"
    yield ""
    for warning in warnings(result):
        yield f"> {escape(warning[language])}"
        yield ""
    for section in sections:
        yield from _section(section, language, 2)


def _section(section: Section, language: str, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escape(section.title[language])}"
    yield ""
    for paragraph in section.paragraphs:
        yield escape(paragraph[language])
        yield ""
    if section.items:
        yield from (f"- {escape(item[language])}" for item in section.items)
        yield ""
    for table in (*section.tables, *section.folded):
        yield from _table(table, language)
    for inner in section.sections:
        yield from _section(inner, language, level + 1)


def _table(table: PageTable, language: str) -> Iterator[str]:
    yield f"**{escape(table.title[language])}**"
    yield ""
    yield _row(escape(c.label[language]) for c in table.columns)
    yield _row("---:" if c.kind == "number" else "---" for c in table.columns)
    for row in table.rows:
        yield _row(cell_text(row.get(c.key), language) for c in table.columns)
    yield ""
    for note in table.notes:
        yield escape(note[language])
        yield ""


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def cell_text(cell: Cell, language: str) -> str:
    """A cell as Markdown text in one line."""
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
        case str():
            return escape(cell)
        case _:
            return escape(cell.get(language, ""))


def escape(text: str) -> str:
    """Text that Markdown shows as it is written, in one line."""
    line = " ".join(text.split())
    return re.sub(r"([\\`*_{}\[\]<>|#~&$])", r"\\\1", line)
