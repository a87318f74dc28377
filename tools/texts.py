"""Texts for translation: `python -m tools.texts` after any change of a text.

1. collects the texts of the sources into review/locale/messages.pot;
2. brings messages.po up to date with it: what is new stands there empty, to be translated, and what
   is gone is left out;
3. compiles every .po to the .mo that is read when `review` runs.

Line numbers and dates are left out, so that the files change only where texts do.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "review/locale"
TEMPLATE = LOCALE / "messages.pot"
KEYWORDS = {"_": None, "N_": None, "translate": None, "counted": (1, 2)}
#: Headers that say when, by whom and with what, which would change where no text did.
UNWANTED = {
    "Generated-By",
    "Language-Team",
    "Last-Translator",
    "PO-Revision-Date",
    "POT-Creation-Date",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
}
HEADER = "# Texts of review. English is the source; see docs/cli.md on how to translate."


class Texts(Catalog):
    """A catalogue whose header says no more than how to read it."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The headers that are wanted."""
        return [(name, text) for name, text in super().mime_headers if name not in UNWANTED]


def template() -> str:
    """messages.pot as the sources have it now."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Texts(header_comment=HEADER, charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS, comment_tags=("Translators:",))
    for path, _line, message, comments, context in found:
        catalog.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    for each in catalog:
        each.locations.sort()  # by which messages are sorted; as they are when they are read again
    return text_of(catalog)


def text_of(catalog: Catalog) -> str:
    """A catalogue as the text of a .po file, without line numbers."""
    buffer = BytesIO()
    write_po(
        buffer, catalog, width=100, include_lineno=False, sort_by_file=True, ignore_obsolete=True
    )
    return buffer.getvalue().decode().rstrip("\n") + "\n"


def read(path: Path) -> Texts:
    """A .po or .pot file."""
    locale = None if path.suffix == ".pot" else path.parts[-3]
    with path.open("rb") as file:
        found = read_po(file, locale=locale)
    catalog = Texts(locale, header_comment=found.header_comment, charset="utf-8", fuzzy=False)
    for message in found:
        if message.id:
            catalog[message.id] = message
    return catalog


def compiled(path: Path) -> bytes:
    """What the .mo of a .po has to be."""
    buffer = BytesIO()
    write_mo(buffer, read(path))
    return buffer.getvalue()


def catalogues() -> list[Path]:
    """Every .po file."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def update() -> None:
    """Collect, merge and compile."""
    TEMPLATE.write_text(template(), encoding="utf-8", newline="\n")
    for path in catalogues():
        if path.stem == TEMPLATE.stem:
            catalog = read(path)
            catalog.update(read(TEMPLATE), no_fuzzy_matching=True, update_header_comment=True)
            path.write_text(text_of(catalog), encoding="utf-8", newline="\n")
        path.with_suffix(".mo").write_bytes(compiled(path))


if __name__ == "__main__":
    update()
