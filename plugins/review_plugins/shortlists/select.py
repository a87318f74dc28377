"""From a rule's terms to one choice per entrant: rulings, the walk, places and the reserve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from review import Choice, Message, Selection
from review_plugins.shortlists.quotas import Quotas
from review_plugins.shortlists.walk import Walk
from review_plugins.shortlists.words import floor_lowered, floors_clash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from review import Entrant
    from review_plugins.shortlists.quotas import Quota


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule asks for.

    `size`: how many places (None: no limit); `min_score`: who is below it is no candidate; `inside`
    and `beyond`: the plain reasons for being in and out.
    """

    size: int | None
    quotas: Sequence[Quota]
    reserve: int
    line: str
    inside: Message
    beyond: Message
    min_score: Decimal | None = None


def choose(entrants: Sequence[Entrant], terms: Terms) -> Selection:
    """One choice per entrant, best first, and the minimums that cannot be met."""
    field = sorted(entrants, key=lambda entrant: (entrant.rank, entrant.proposal))
    walk = _walked(field, terms)
    floor_places = _floor_places(walk, field, terms)
    choices = dict(_in_order(field, walk, floor_places))
    if terms.reserve:
        choices.update(_reserve(field, choices, walk, terms.reserve))
    return Selection(choices, _unmet(walk))


def _unmet(walk: Walk) -> list[Message]:
    """The minimums that cannot be met, and what they are lowered to."""
    notes = [
        floor_lowered(key, least, walk.floors[key])
        for key, least in walk.quotas.floors.items()
        if walk.floors[key] < least
    ]
    if walk.short:
        floors = walk.floors.items()
        lacking = [k for k, n in floors if any(case.counts.get(k, 0) < n for case in walk.cases)]
        notes.append(floors_clash(lacking, walk.short))
    return notes


def _walked(field: Sequence[Entrant], terms: Terms, *, floors: bool = True) -> Walk:
    quotas = Quotas(terms.quotas, field, floors=floors)
    size = len(field) if terms.size is None else terms.size
    walk = Walk(quotas, size, terms.line, terms.inside, terms.beyond)
    first = [entrant for entrant in field if entrant.ruling == "in"]
    candidates = [
        entrant
        for entrant in field
        if entrant.ruling is None and (terms.min_score is None or entrant.score >= terms.min_score)
    ]
    walk.go(first, candidates)
    return walk


def _floor_places(walk: Walk, field: Sequence[Entrant], terms: Terms) -> dict[str, Message]:
    """Who is in only because of a floor: not within the size by the walk with caps only."""
    if not walk.floor_of:
        return {}
    # Whom an extension would bring in is not within the size.
    line = "report" if terms.line == "extend" else terms.line
    plain = _walked(field, replace(terms, line=line), floors=False)
    least = walk.quotas.floors
    return {
        proposal: Message("floor_place", {"by": by, "value": value, "min": least[by, value]})
        for proposal, (by, value) in walk.floor_of.items()
        if proposal not in plain.ins
    }


def _in_order(
    field: Sequence[Entrant], walk: Walk, floor_places: dict[str, Message]
) -> Iterator[tuple[str, Choice]]:
    """Each choice; places count those in, equal ranks share."""
    seen, place, rank = 0, 0, None
    for entrant in field:
        proposal = entrant.proposal
        reason = floor_places.get(proposal) or walk.ins.get(proposal)
        if reason is None:
            yield proposal, walk.rest.get(proposal, walk.beyond)
            continue
        seen += 1
        if entrant.rank != rank:
            place, rank = seen, entrant.rank
        yield proposal, Choice("in", reason, place)


def _reserve(
    field: Sequence[Entrant], choices: dict[str, Choice], walk: Walk, size: int
) -> Iterator[tuple[str, Choice]]:
    """The next down the standings whom no cap excludes; equal ranks at the end all come in."""
    given = 0
    waiting = (
        entrant
        for entrant in field
        if choices[entrant.proposal].status == "out" and entrant.ruling is None
    )
    for _, block in groupby(waiting, key=lambda entrant: entrant.rank):
        if given >= size:
            return
        allowed = [entrant for entrant in block if walk.allows(entrant)]
        choice = Choice("reserve", Message("reserve", {"place": given + 1}), given + 1)
        for entrant in allowed:
            yield entrant.proposal, choice
        given += len(allowed)
