"""Languages: choosing one, and translating the messages of the product (gettext).

English is the source language; `locale/zh_Hans/LC_MESSAGES/messages.po` is complete, and a test
holds it so. Nothing here imports more than the standard library: `review --help` needs it.
"""

from __future__ import annotations

import gettext
import locale
import os
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Language = Literal["en", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hans")
LOCALE_DIR = Path(__file__).parent / "locale"
DOMAIN = "messages"

_current: ContextVar[Language] = ContextVar("language", default="en")


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    name = language.replace("-", "_")
    return gettext.translation(DOMAIN, LOCALE_DIR, [name], fallback=True)


def translate(message: str, language: Language | None = None) -> str:
    """The text of an English `message` in `language` (default: the current one)."""
    # The translation of nothing is the header of the catalogue.
    return _catalogue(language or _current.get()).gettext(message) if message else ""


def N_(message: str) -> str:  # noqa: N802 -- the name gettext extractors look for
    """Mark a text for translation without translating it yet."""
    return message


def _(message: str) -> str:
    """Translate into the current language."""
    return translate(message)


def counted(one: str, many: str, count: int) -> str:
    """The text for `count` things in the current language, with `{count}` filled in."""
    return _catalogue(_current.get()).ngettext(one, many, count).format(count=f"{count:,}")


def pick(texts: Mapping[str, str], language: Language | None = None) -> str:
    """One text of a title given in several languages: the asked one, English, or the first."""
    language = language or _current.get()
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def current_language() -> Language:
    """The language that texts are rendered in just now."""
    return _current.get()


def set_language(language: Language) -> None:
    """Render texts in `language` from here on (in this context)."""
    _current.set(language)


@contextmanager
def using(language: Language) -> Iterator[None]:
    """Render texts in `language` inside the `with` block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def match_language(name: str) -> Language | None:
    """The supported language that a tag or locale name asks for: `zh_CN.UTF-8` → `zh-Hans`."""
    tag = name.partition(".")[0].partition("@")[0].replace("_", "-").lower()
    if tag.startswith(("zh", "chinese")):  # Windows says "Chinese (Simplified)_China"
        return "zh-Hans"
    return "en" if tag.startswith("en") else None


def environment_language() -> Language:
    """What the locale of the process asks for; English where it asks for nothing we have.

    As with GNU gettext, `LANGUAGE` (a list) goes before the locale, unless that is plain C.
    """
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next(filter(None, variables), None) or locale.getlocale()[0] or ""
    preferred = os.environ.get("LANGUAGE", "").split(":")
    wanted = [chosen] if chosen.partition(".")[0] in {"C", "POSIX"} else [*preferred, chosen]
    return next(filter(None, map(match_language, wanted)), "en")
