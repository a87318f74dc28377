"""Reasons and problems as a code with parameters, rendered in either language.

A code of the core has its English text in `CATALOGUE` (translated by gettext). A plugin brings the
text of its own codes along: `Message("code", {...}, {"en": "…", "zh-Hans": "…"})`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from review.catalogue import CATALOGUE, NAMES
from review.text import LANGUAGES, Language, current_language, pick, translate

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Message:
    """A code, its parameters, and (for a plugin's own code) its text by language.

    Parameters are text, numbers, lists of those (joined with commas), messages, titles by language.
    `by` may be the name of an attribute or a tie-break, which is put into words. A text chooses a
    word by a number with `{count:error|errors}`, the first of which is for 1.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    text: Mapping[str, str] | None = None

    @classmethod
    def plain(cls, text: str) -> Message:
        """A text that is the same in every language."""
        return cls("plain", {}, {"en": text.replace("{", "{{").replace("}", "}}")})

    def render(self, language: Language | None = None) -> str:
        """The sentence in `language` (default: the current one)."""
        language = language or current_language()
        template = (
            pick(self.text, language)
            if self.text is not None
            else translate(CATALOGUE[self.code], language)
        )
        params = {key: _Shown(_render(value, language)) for key, value in self.params.items()}
        if "by" in params:
            params["by"] = _Shown(in_words(params["by"], language))
        return template.format_map(params)

    def texts(self) -> dict[str, str]:
        """The sentence in every language, as results and problems carry it."""
        return {language: self.render(language) for language in LANGUAGES}

    def to_json(self) -> dict[str, object]:
        """`{"code", "en", "zh-Hans"}`."""
        return {"code": self.code, **self.texts()}


class _Shown(str):
    """A parameter as text, which as a number may choose between two words."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, choice, many = spec.partition("|")
        if not choice:
            return super().__format__(spec)
        return one if self == "1" else many


def in_words(name: str, language: Language | None = None) -> str:
    """An attribute or a tie-break in words; any other name, such as a person's, as it is."""
    kind, colon, rest = name.partition(":")
    text = NAMES.get(kind + colon)
    return name if text is None else translate(text, language).format(name=rest)


def _render(value: object, language: Language) -> str:
    if isinstance(value, Message):
        return value.render(language)
    if isinstance(value, dict):
        return pick(value, language)
    if isinstance(value, list | tuple):
        return ("、" if language == "zh-Hans" else ", ").join(_render(v, language) for v in value)
    return str(value)
