"""Messages about a competition with titles and names in the place of ids, as pages say them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from review.errors import Refused
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from review.model.loaded import LoadedCompetition

    Titles = Mapping[str, str]

#: Parameters of messages that hold ids, and what they are ids of.
KINDS = {
    "round": "round", "rounds": "round", "source": "round", "sources": "round",
    "proposal": "proposal", "proposals": "proposal", "award": "award", "judge": "judge",
}  # fmt: skip


def named(message: Message, loaded: LoadedCompetition) -> Message:
    """A message that calls rounds, proposals, awards and judges by their titles and names.

    What has none, or is not there, is called by its id.
    """
    competition = loaded.competition
    find: dict[str, Callable[[str], Titles | None]] = {
        "round": {r.id: r.title for r in competition.rounds}.get,
        "award": {a.id: a.title for a in competition.awards}.get,
        "proposal": lambda key: _title(loaded, key),
        "judge": lambda key: _name(loaded, key),
    }

    def shown(name: str, value: object) -> object:
        if isinstance(value, Message):
            return named(value, loaded)
        if name not in KINDS:
            return value
        if isinstance(value, list | tuple):
            return [shown(name, each) for each in value]
        return dict(find[KINDS[name]](str(value)) or {}) or value

    return replace(message, params={k: shown(k, v) for k, v in message.params.items()})


@contextmanager
def in_titles(loaded: LoadedCompetition) -> Iterator[None]:
    """Whatever is refused inside is told by titles; `details` keep the ids."""
    try:
        yield
    except Refused as refused:
        raise Refused(named(refused.message, loaded), refused.status, refused.details) from None


def _title(loaded: LoadedCompetition, proposal: str) -> Titles:
    rows = loaded.proposals.filter(pl.col("proposal") == proposal).to_dicts()
    found = {"en": rows[0]["title"]} if rows else {}
    for row in rows:
        found |= {k.removeprefix("title_"): v for k, v in row.items() if k.startswith("title_")}
    return {language: title for language, title in found.items() if title}


def _name(loaded: LoadedCompetition, judge: str) -> Titles:
    rows = loaded.judges.filter(pl.col("judge") == judge).to_dicts()
    return {"en": rows[0]["name"]} if rows and rows[0].get("name") else {}
