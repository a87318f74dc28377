"""Opening, locking, reopening and closing a round, and who takes part in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from review.engine.entrants import entrants
from review.errors import Refused
from review.live.coverage import read
from review.live.deriving import BESIDE
from review.live.naming import in_titles
from review.messages import Message
from review.model.result import awaits_draw
from review.store import rounds, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from review.live.definition import Definition
    from review.live.deriving import Derived
    from review.live.event import Event
    from review.store.people import Person
    from review.store.rounds import RoundState


@dataclass(frozen=True, slots=True)
class EntrantsUpdate:
    """Who would come into a round and who would leave it, were it opened now."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    entrants: tuple[str, ...]


def states(event: Event) -> dict[str, RoundState]:
    """Where each round stands that judges mark, in the order of the competition."""
    with event.database.reading() as conn:
        return {name: rounds.state(conn, name) for name in event.definition.forms}


def open_round(event: Event, person: Person, round_id: str, version: int) -> RoundState:
    """Open a planned round; who takes part in it is fixed.

    Refused: `source_not_closed`, `shortlist_undecided`, `shortlist_awaits_draw`,
    `no_result_yet`, `round_version`, `round_step` (409), `round_unknown_live` (404).
    """
    fixed = entrants_now(event, round_id)
    return _write(
        event,
        lambda conn: rounds.change(
            conn, round_id, "open", version=version, actor=person.ref, entrants=fixed
        ),
    )


def lock(event: Event, person: Person, round_id: str, version: int) -> RoundState:
    """Take no more marks for now. Refused: `round_version`, `round_step`, `round_unknown_live`."""
    event.definition.form(round_id)
    return _write(
        event,
        lambda conn: rounds.change(conn, round_id, "locked", version=version, actor=person.ref),
    )


def reopen(  # noqa: PLR0913 -- what an organiser says on the page
    event: Event,
    person: Person,
    round_id: str,
    version: int,
    *,
    why: str,
    confirmed: bool = False,
) -> RoundState:
    """Take marks again in a round that was locked or closed.

    Refused besides as `lock`: `reason_needed` (422), and `dependants_open` (409) unless
    `confirmed`, where rounds whose entrants come from this one have begun (`details["rounds"]`).
    """
    event.definition.form(round_id)
    _need(why)

    def change(conn: Connection) -> RoundState:
        found = rounds.states(conn)
        begun = [
            r for r in _dependants(event, round_id) if r in found and found[r].state != "planned"
        ]
        closed = round_id in found and found[round_id].state == "closed"
        if closed and begun and not confirmed:
            told = {"round": round_id, "rounds": begun}
            raise Refused(Message("dependants_open", told), 409, told)
        return rounds.change(
            conn, round_id, "open", version=version, actor=person.ref, why=why.strip()
        )

    return _write(event, change)


def close(
    event: Event, person: Person, round_id: str, version: int, *, why: str = ""
) -> RoundState:
    """Close a round, marks missing or not; how many were, and whose, is stated in the record.

    Refused as `lock`, and `reason_needed` (422) where marks are missing and `why` is blank.
    """
    definition, form = event.definition, event.definition.form(round_id)

    def change(conn: Connection) -> RoundState:
        found = read(conn, definition, form, event.tallies.peek(conn, form))
        if found.missing:
            _need(why)
        return rounds.change(
            conn, round_id, "closed", version=version, actor=person.ref,
            coverage=found.stated(), why=why.strip() or None,
        )  # fmt: skip

    return _write(event, change)


def entrants_update(event: Event, round_id: str) -> EntrantsUpdate | None:
    """How the entrants of a round that has begun differ from who should be in it now.

    None where they do not, or where the rounds they come from are not decided at the moment.
    """
    with event.database.reading() as conn:
        state = rounds.state(conn, round_id)
    if state.entrants is None:
        return None
    try:
        wanted = entrants_now(event, round_id)
    except Refused:
        return None
    added = tuple(p for p in wanted if p not in state.entrants)
    removed = tuple(p for p in state.entrants if p not in wanted)
    return EntrantsUpdate(added, removed, tuple(wanted)) if added or removed else None


def update_entrants(event: Event, person: Person, round_id: str, version: int) -> RoundState:
    """Fix the entrants of a round that has begun anew; marks of those who leave stay in the record.

    Refused: `entrants_as_they_were` and as `open_round`.
    """
    wanted = entrants_now(event, round_id)

    def change(conn: Connection) -> RoundState:
        state = rounds.state(conn, round_id)
        if state.entrants is None or set(state.entrants) == set(wanted):
            raise Refused(Message("entrants_as_they_were", {"round": round_id}), 409)
        # There and back: a round takes entrants in when it opens.
        back = "locked" if state.state == "open" else "open"
        rounds.change(conn, round_id, back, version=version, actor=person.ref, entrants=wanted)
        return rounds.change(
            conn, round_id, state.state, version=version + 1, actor=person.ref,
            coverage=state.coverage,
        )  # fmt: skip

    return _write(event, change)


def obstacle(event: Event, round_id: str) -> Message | None:
    """Why a round cannot open as things stand; None where it can."""
    try:
        entrants_now(event, round_id, settled)
    except Refused as refused:
        return refused.message
    return None


def undecided(event: Event, *, by_lot: bool = False) -> dict[str, list[str]]:
    """The closed rounds in whose shortlists people must rule, and on which proposals.

    `by_lot`: those which wait for a draw instead, whose secret is not published yet. Both in the
    order of the competition.
    """
    closed = [name for name, state in states(event).items() if state.state == "closed"]
    competition = event.definition.loaded.competition
    if not any(competition.round(name).shortlist for name in closed):
        return {}
    derived = settled(event)
    found = {name: set(_undecided(derived.round(name) or {}, by_lot=by_lot)) for name in closed}
    order = event.definition.proposals
    return {name: [p for p in order if p in tied] for name, tied in found.items() if tied}


def settled(event: Event) -> Derived:
    """A result that holds for every closed round, though marks in others may be newer."""
    known = event.deriver.known
    if known is None:
        return event.deriver.latest()
    recorded = schema.event.c
    query = select(recorded.seq).where(
        recorded.seq > known.seq, recorded.kind.not_in((*BESIDE, "ballot"))
    )
    with event.database.reading() as conn:
        is_old = conn.scalar(query.limit(1)) is not None
    return event.deriver.latest() if is_old else known


def entrants_now(
    event: Event, round_id: str, derive: Callable[[Event], Derived] | None = None
) -> list[str]:
    """Who would take part in a round if it were opened now; Refused as `open_round`.

    `derive` gives the result to go by, the latest by default.
    """
    with in_titles(event.definition.loaded):
        return _entrants_now(event, round_id, derive or (lambda event: event.deriver.latest()))


def _entrants_now(event: Event, round_id: str, derive: Callable[[Event], Derived]) -> list[str]:
    definition = event.definition
    definition.form(round_id)
    competition = definition.loaded.competition
    round_ = competition.round(round_id)
    if not isinstance(round_.entrants, tuple):
        frame = entrants(round_, definition.loaded.proposals, {})
        return frame["proposal"].to_list()
    with event.database.reading() as conn:
        found = rounds.states(conn)
    waiting = [s for s in round_.entrants if not is_over(definition, s, found)]
    if waiting:
        told = {"round": round_id, "sources": waiting}
        raise Refused(Message("source_not_closed", told), 409, told)
    derived = derive(event)
    going: set[str] = set()
    for source in round_.entrants:
        going |= _going_on(derived, source)
    return [proposal for proposal in definition.proposals if proposal in going]


def _going_on(derived: Derived, source: str) -> set[str]:
    result = derived.round(source)
    if result is None:
        problems = [problem["message"] for problem in derived.errors]
        told = problems[0] if problems else Message("round_not_run", {"round": source})
        raise Refused(
            Message("no_result_yet", {"problem": told}), 409, {"problems": list(derived.errors)}
        )
    shortlist: Sequence[Mapping[str, Any]] = result["shortlist"] or ()
    for code, by_lot in (("shortlist_undecided", False), ("shortlist_awaits_draw", True)):
        waiting = _undecided(result, by_lot=by_lot)
        if waiting:
            told = {"source": source, "proposals": waiting}
            raise Refused(Message(code, told), 409, told)
    return {entry["proposal"] for entry in shortlist if entry["status"] == "in"}


def _undecided(result: Mapping[str, Any], *, by_lot: bool) -> list[str]:
    return [
        entry["proposal"]
        for entry in result.get("shortlist") or ()
        if entry["status"] == "undecided" and awaits_draw(entry["reason"]["code"]) == by_lot
    ]


def is_over(definition: Definition, round_id: str, found: Mapping[str, RoundState]) -> bool:
    """Whether a round is closed; one that nobody marks is when those it is made of are."""
    if round_id in definition.forms:
        return round_id in found and found[round_id].state == "closed"
    parts = definition.loaded.competition.round(round_id).made_of
    made_of = {p.from_.partition(":")[2] for p in parts if p.from_.startswith("round:")}
    return all(is_over(definition, source, found) for source in made_of)


def _write(event: Event, change: Callable[[Connection], RoundState]) -> RoundState:
    with in_titles(event.definition.loaded):
        return event.writer.do(change)


def _dependants(event: Event, round_id: str) -> list[str]:
    """The rounds whose entrants come from a round, directly or through others."""
    found = [round_id]
    for round_ in event.definition.loaded.competition.rounds * len(event.definition.forms):
        comes_from = round_.entrants if isinstance(round_.entrants, tuple) else ()
        if round_.id not in found and set(comes_from) & set(found):
            found.append(round_.id)
    return found[1:]


def _need(why: str) -> None:
    if not why.strip():
        raise Refused(Message("reason_needed"), 422)
