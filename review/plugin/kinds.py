"""The kinds of parts, and what a class must be to be taken as one: concrete, with an id."""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from review.errors import PluginError
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review.plugin.installed import PluginInfo
    from review.plugin.parts import Part

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class Kind(Enum):
    """The kinds of parts; the value is the end of the hook's name and of the code of its word."""

    RUBRIC = "rubrics"
    SCORER = "scorers"
    SHORTLIST = "shortlists"
    AWARD = "awards"
    READER = "readers"
    EXPORTER = "exporters"

    @property
    def hook(self) -> str:
        """The hook that brings parts of this kind."""
        return f"register_{self.value}"

    @property
    def message(self) -> Message:
        """The word for it, in the reader's language."""
        return Message(f"kind_{self.value}")

    @property
    def bases(self) -> tuple[type[Part], ...]:
        """The classes of which a part of this kind is one (a rubric is a file)."""
        public = import_module("review")
        return tuple(getattr(public, name) for name in _BASES[self])


_BASES = {
    Kind.RUBRIC: (),
    Kind.SCORER: ("Scorer", "FieldScorer", "RankingScorer"),
    Kind.SHORTLIST: ("ShortlistRule",),
    Kind.AWARD: ("Award",),
    Kind.READER: ("Reader",),
    Kind.EXPORTER: ("Exporter",),
}


def complain(code: str, plugin: PluginInfo, **params: object) -> PluginError:
    """An error that names the plugin with its distribution and version."""
    return PluginError(Message(code, {"plugin": str(plugin), **params}))


def part_class(kind: Kind, part: object, plugin: PluginInfo) -> type[Any]:
    """The part as a class of its kind; raises PluginError where it is none."""
    if not (isinstance(part, type) and issubclass(part, kind.bases)):
        bases = [base.__name__ for base in kind.bases]
        raise complain("part_of_no_kind", plugin, hook=kind.hook, part=repr(part), bases=bases)
    missing = sorted(getattr(part, "__abstractmethods__", ()))
    if missing:
        raise complain("part_abstract", plugin, part=part.__qualname__, methods=missing)
    part_id = getattr(part, "id", None)
    if not (isinstance(part_id, str) and SNAKE_CASE.fullmatch(part_id)):
        raise complain("part_id", plugin, part=part.__qualname__, value=repr(part_id))
    if kind is Kind.READER and not _are_suffixes(getattr(part, "suffixes", None)):
        raise complain("reader_suffixes", plugin, part=part.__qualname__)
    return part


def title_of(part: type[Part] | Path) -> Mapping[str, str]:
    """What people call a part, by language; a rubric says it in its file."""
    if isinstance(part, type):
        return part.title
    title: str | dict[str, str] = tomllib.loads(part.read_text(encoding="utf-8")).get("title", {})
    return {"en": title} if isinstance(title, str) else title


def _are_suffixes(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(suffix, str) and suffix.startswith(".") for suffix in value)
    )
