"""One self-contained page with the results, for a phone, a screen and paper; no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from review import Exporter
from review_plugins.exporters.document import document, warnings
from review_plugins.exporters.tables import teams_of
from review_plugins.exporters.words import LANGUAGES, say, titled, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review import Result
    from review_plugins.exporters.tables import Cell, Text

_TEMPLATES = Path(__file__).parent / "templates"
_HAN = re.compile(r"[\u3400-\u9fff]")


class HtmlExporter(Exporter):
    """`report.html`: winners, standings, shortlists, reasons, rules, and the sheet to sign."""

    id = "html"
    title: ClassVar[Mapping[str, str]] = {"en": "Web page to print", "zh-Hans": "可打印的网页"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        path = folder / "report.html"
        path.write_text(render(result), encoding="utf-8", newline="\n")
        return [path]


def render(result: Result) -> str:
    """The page; the style sheet is allowed by its digest, anything else is not."""
    import jinja2  # noqa: PLC0415 -- only when a page is written

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html.jinja").render(
        result=result,
        title=titled(result.title, result.competition),
        style=style,
        style_digest=f"sha256-{digest}",
        languages=LANGUAGES,
        first=first_language(result),
        word=word,
        say=say,
        teams=defaultdict(str, teams_of(result)),
        titled=titled,
        number=number,
        show=show,
        language_of=language_of,
        warnings=warnings(result),
        sections=document(result),
        signatures=result.source.competition.signatures,
        figures=_figures(result),
    )


def first_language(result: Result) -> str:
    """The language that the page opens in: Chinese where the title is only Chinese."""
    english = result.title.get("en", "")
    return "zh-Hans" if _HAN.search(english) or (result.title and not english) else "en"


def language_of(cell: Cell, language: str) -> str:
    """The language a text is really in, where the only one there is stands in for `language`."""
    if not isinstance(cell, dict) or len(set(cell.values())) > 1:
        return language
    return "zh-Hans" if _HAN.search(cell[language]) else "en"


def number(value: Decimal | int | None) -> str:
    """A number at its own decimals, with a true minus sign."""
    text = f"{value:f}" if isinstance(value, Decimal) else str("" if value is None else value)
    return text.replace("-", "−")


def show(cell: Cell, language: str) -> str:
    """The text of a cell."""
    if isinstance(cell, Decimal | int):
        return number(cell)
    return cell.get(language, "") if isinstance(cell, dict) else str(cell or "")


def _figures(result: Result) -> list[tuple[Text, int]]:
    """The few numbers that say how large the competition is."""
    selected = sum(e.status == "in" for of in result.rounds for e in of.shortlist or ())
    winners = sum(len(award.winners) for award in result.awards)
    figures = [
        (word("proposals"), result.source.proposals.height),
        (word("judges"), result.source.judges.height),
        (word("rounds"), len(result.rounds)),
        (word("shortlisted"), selected),
        (word("winners"), winners),
    ]
    return [(label, count) for label, count in figures if count]
