"""What things are called on organisers' pages: titles in the reader's language, people's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.text import _, current_language, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from review.live.definition import Definition

#: What a status given to a proposal is called.
STATUSES: Mapping[str, Callable[[], str]] = {
    "withdrawn": lambda: _("withdrawn"),
    "disqualified": lambda: _("disqualified"),
    "absent": lambda: _("absent"),
}
#: Columns of proposals that pages show in places of their own.
_OWN = frozenset(("proposal", "title", "team", "status", "status_reason"))


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with an id and a title in the reader's language; `short` where there is no room."""

    id: str
    title: str
    short: str = ""


def proposals(definition: Definition) -> Sequence[Named]:
    """Every proposal in the order of appearance."""
    return [proposal(definition, found) for found in definition.proposals]


def proposal(definition: Definition, proposal_id: str) -> Named:
    """A proposal; its id stands for the title where it is in no table any more."""
    row = definition.proposals.get(proposal_id)
    if row is None:
        return Named(proposal_id, proposal_id, proposal_id)
    return Named(
        proposal_id,
        pick(definition.title(proposal_id)) or proposal_id,
        row.get("order") or proposal_id,
    )


def judge(definition: Definition, judge_id: str) -> str:
    """A judge's name, their id where the table has none."""
    row = definition.judges.get(judge_id)
    return (row.get("name") if row else None) or judge_id


def attributes(definition: Definition, proposal_id: str) -> list[tuple[str, str]]:
    """What the table says of a proposal, besides its title, team and status."""
    row: Mapping[str, Any] = definition.proposals[proposal_id]
    return [
        (key, value)
        for key, value in row.items()
        if value and key not in _OWN and not key.startswith("title_")
    ]


def rounds(definition: Definition, *, live: bool | None = None) -> Sequence[Named]:
    """The rounds in their order; `live`: only those that are (not) judged here."""
    return [
        Named(r.id, pick(r.title) or r.id)
        for r in definition.loaded.competition.rounds
        if live is None or (r.id in definition.forms) is live
    ]


def round_title(definition: Definition, round_id: str) -> str:
    """A round's title."""
    return {r.id: r.title for r in rounds(definition)}.get(round_id, round_id)


def criteria(definition: Definition, round_id: str) -> Mapping[str, str]:
    """The titles of a round's criteria by id; none where the round is not there any more."""
    rubric = definition.loaded.rubrics.get(round_id)
    return {c.id: pick(c.title) or c.id for c in rubric.criteria} if rubric else {}


def award_title(definition: Definition, award: str) -> str:
    """An award's title, its id where it has none of its own."""
    found = {a.id: a for a in definition.loaded.competition.awards}.get(award)
    return (pick(found.title) if found and found.title else "") or award


def separated(parts: Sequence[str]) -> str:
    """Several names as a list in the reader's language."""
    return ("、" if current_language() == "zh-Hans" else ", ").join(parts)
