"""A judge's own: the list of what there is to mark, a ballot, storing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from review.errors import Refused
from review.live.definition import as_cell
from review.live.policy import JUDGE, Phase, Viewer, visible
from review.live.tallies import Given, own
from review.messages import Message
from review.store import changes, marks, people, rounds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from concurrent.futures import Future

    from sqlalchemy import Connection

    from review.live.definition import Definition, Form
    from review.live.event import Event
    from review.store.marks import Cell, Receipt, StoredBallot
    from review.store.people import Person
    from review.store.rounds import RoundState

__all__ = [
    "Item",
    "ItemState",
    "OpenBallot",
    "Refused",
    "Sent",
    "asked_of",
    "drop_draft",
    "entrants_of",
    "judge_list",
    "open_ballot",
    "record",
    "save_draft",
    "statuses_of",
]

ItemState = Literal["todo", "part", "done", "abstain", "recused", "conflict", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal as a judge sees it.

    `title` by language, empty where the round hides it; `shown`: the attributes that the judge may
    see, without those that are blank. `order` of appearance as the table has it. `at`: when the
    ballot last changed. `marked` of `wanted` criteria that count have a mark or a state.
    """

    proposal: str
    title: Mapping[str, str]
    shown: Mapping[str, str]
    order: str | None
    state: ItemState
    marked: int
    wanted: int
    at: str | None


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A ballot to fill in: what is stored, what was drafted and not sent, whether it may change.

    `round` is where the round stands.
    """

    form: Form
    item: Item
    stored: StoredBallot
    draft: Mapping[str, object] | None
    editable: bool
    round: RoundState


@dataclass(frozen=True, slots=True)
class Sent:
    """What a judge's device sends: `op` is new for each thing that is to be stored.

    `rubric`: the digest of the form that was filled in. `cells`: what was typed on each criterion,
    a number or a state (see `definition.typed`). `base`: the revision of each that the judge has
    seen (0: none). `comment` None leaves the comment as it is, an empty one takes it back.
    """

    op: str
    round: str
    proposal: str
    rubric: str
    cells: Mapping[str, str | None]
    base: Mapping[str, int] = field(default_factory=dict)
    comment: str | None = None
    client_time: str | None = None


def judge_list(event: Event, person: Person, round_id: str) -> list[Item]:
    """What there is to mark for a judge in a round, in the order of appearance.

    Empty before the round opens and for a judge who does not serve it. Those that the judge must
    not mark are there with the reason as state.
    """
    form = event.definition.form(round_id)
    published = round_id in event.published_rounds()
    with event.database.reading() as conn:
        state = rounds.state(conn, round_id)
        given = own(conn, form, person.ref)
        statuses = statuses_of(conn, event.definition)
    desk = _Desk(event.definition, form, person, Phase(state.state, published), statuses)
    asked = desk.asked(entrants_of(event.definition, state))
    return [desk.item(proposal, given.get(proposal)) for proposal in asked]


def open_ballot(event: Event, person: Person, round_id: str, proposal: str) -> OpenBallot:
    """One ballot of a judge, to look at or to fill in.

    Refused: `not_an_entrant` (404), `not_assigned` (403).
    """
    definition, form = event.definition, event.definition.form(round_id)
    published = round_id in event.published_rounds()
    with event.database.reading() as conn:
        state = rounds.state(conn, round_id)
        stored = marks.ballot(conn, round_id, person.ref, proposal)
        draft = marks.draft(conn, round_id, person.ref, proposal)
        statuses = statuses_of(conn, definition)
    _refuse_stranger(definition, form, person, proposal, state)
    desk = _Desk(definition, form, person, Phase(state.state, published), statuses)
    cells = {c: marks.Cell(cell.mark, cell.state) for c, cell in stored.cells.items()}
    item = desk.item(proposal, Given.of(form, cells, stored.at) if stored.at else None)
    barred = item.state == "conflict" or person.withdrawn is not None
    return OpenBallot(form, item, stored, draft, state.state == "open" and not barred, state)


def record(event: Event, person: Person, sent: Sent) -> Future[Receipt]:
    """Store a ballot; the future is done once it is on the disk, or Refused.

    The same operation again gives the same receipt, whatever has become of the round, its rubric
    and the judge meanwhile. Refused: `op_reused`, `round_not_open`, `rubric_changed`, `stale`
    (409), `judge_withdrawn`, `conflict_of_interest`, `not_assigned` (403), `not_an_entrant` (404),
    `invalid_marks` (422).
    """
    cells = {criterion: as_cell(text) for criterion, text in sent.cells.items()}

    def store(conn: Connection) -> Receipt:
        ballot = marks.Ballot(sent.op, person.ref, sent.round, sent.proposal, cells, sent.comment)
        before = marks.replay(conn, ballot)
        if before is not None:
            return before
        _refuse_unfit(conn, event.definition_for(conn), person, sent, cells)
        receipt = marks.record(
            conn, op=sent.op, person=person.ref, round=sent.round, proposal=sent.proposal,
            cells=cells, base=sent.base, comment=sent.comment, client_time=sent.client_time,
        )  # fmt: skip
        marks.drop_draft(conn, sent.round, person.ref, sent.proposal)
        return receipt

    return event.writer.submit(store)


def save_draft(
    event: Event, person: Person, round_id: str, proposal: str, data: Mapping[str, object]
) -> Future[str]:
    """Keep what a judge has typed and not sent; the instant. Refused as `record`."""

    def store(conn: Connection) -> str:
        form = event.definition.form(round_id)
        state = rounds.state(conn, round_id)
        _refuse_not_open(round_id, state)
        _refuse_stranger(event.definition, form, person, proposal, state)
        return marks.save_draft(conn, round_id, person.ref, proposal, data)

    return event.writer.submit(store)


def drop_draft(event: Event, person: Person, round_id: str, proposal: str) -> Future[None]:
    """Forget a draft."""
    return event.writer.submit(lambda conn: marks.drop_draft(conn, round_id, person.ref, proposal))


def entrants_of(definition: Definition, state: RoundState) -> list[str]:
    """Who takes part in a round as it was fixed at its opening, in the order of appearance."""
    entrants = frozenset(state.entrants or ())
    return [proposal for proposal in definition.proposals if proposal in entrants]


@dataclass(frozen=True)
class _Desk:
    """What one judge has before them in one round."""

    definition: Definition
    form: Form
    person: Person
    phase: Phase
    statuses: Mapping[str, str | None]

    def asked(self, entrants: Collection[str]) -> list[str]:
        """The entrants that the judge is asked to mark, or must not."""
        return asked_of(self.form, self.person.judge, entrants)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The attributes that the judge may see."""
        return visible(Viewer(JUDGE, self.person.ref), self.phase, self.form)

    def item(self, proposal: str, given: Given | None) -> Item:
        """A proposal and how far its ballot is."""
        row: Mapping[str, Any] = self.definition.proposals[proposal]
        names = self.names
        state: ItemState = given.state if given else "todo"
        if (self.person.judge, proposal) in self.definition.conflicts:
            state = "conflict"
        elif self.statuses.get(proposal) is not None:
            state = "withdrawn"
        shown = {
            name: row[name]
            for name in names
            if row[name] is not None and name not in _APART and not name.startswith("title_")
        }
        return Item(
            proposal=proposal,
            title=self.definition.title(proposal) if "title" in names else {},
            shown=shown,
            order=row["order"],
            state=state,
            marked=given.told if given else 0,
            wanted=len(self.form.counting),
            at=given.at if given else None,
        )


#: Shown in places of their own.
_APART = frozenset({"title", "order", "status"})


def statuses_of(conn: Connection, definition: Definition) -> dict[str, str | None]:
    """The status of each proposal that has one, from the table or given during the event."""
    found = {p: row["status"] for p, row in definition.proposals.items() if row["status"]}
    return found | {p: state.status for p, state in changes.statuses(conn).items()}


def asked_of(form: Form, judge: str | None, entrants: Collection[str]) -> list[str]:
    """The entrants that a judge was asked to mark, in their order."""
    if form.assigned is None:
        return list(entrants) if judge in form.panel else []
    return [proposal for proposal in entrants if (judge, proposal) in form.assigned]


def _is_asked(form: Form, judge: str | None, proposal: str) -> bool:
    """Whether a judge was asked to mark a proposal: by name, else as one of the panel."""
    return bool(asked_of(form, judge, [proposal]))


def _refuse_unfit(
    conn: Connection, definition: Definition, person: Person, sent: Sent, cells: Mapping[str, Cell]
) -> None:
    """Refuse what cannot be stored as things stand, the reason that explains the most first."""
    form = definition.form(sent.round)
    current = people.person(conn, person.ref)
    if current is None or current.withdrawn is not None:
        raise Refused(Message("judge_withdrawn"), 403)
    state = rounds.state(conn, sent.round)
    _refuse_not_open(sent.round, state)
    _refuse_stranger(definition, form, person, sent.proposal, state)
    if (person.judge, sent.proposal) in definition.conflicts:
        told = {"proposal": sent.proposal}
        raise Refused(Message("conflict_of_interest", told), 403, told)
    if sent.rubric != form.digest:
        raise Refused(
            Message("rubric_changed", {"round": sent.round}), 409, {"rubric": form.digest}
        )
    form.check(cells)


def _refuse_not_open(round_id: str, state: RoundState) -> None:
    if state.state != "open":
        raise Refused(Message("round_not_open", {"round": round_id}), 409, {"state": state.state})


def _refuse_stranger(
    definition: Definition, form: Form, person: Person, proposal: str, state: RoundState
) -> None:
    """Refuse who does not take part in the round, and who was not asked to mark it."""
    told = {"round": form.round, "proposal": proposal}
    if proposal not in definition.proposals or proposal not in (state.entrants or ()):
        raise Refused(Message("not_an_entrant", told), 404, told)
    if not _is_asked(form, person.judge, proposal):
        raise Refused(Message("not_assigned", told), 403, told)
