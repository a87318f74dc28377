"""What has been marked in a round so far, kept in memory and caught up with by its new rows alone.

Reading 75,000 marks takes a while; the few that came since the last look do not. A tally is never
changed: catching up gives a new one, so that readers and the writer's transaction each see theirs.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import bindparam, select

from review.store import schema
from review.store.marks import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from review.live.definition import Form

_MARK = schema.mark_revision.c
_SINCE = (
    select(
        _MARK.id, _MARK.person, _MARK.proposal, _MARK.criterion, _MARK.mark, _MARK.state, _MARK.at
    )
    .where(_MARK.round == bindparam("round"), _MARK.id > bindparam("last"))
    .order_by(_MARK.id)
)
_OWN = (
    select(_MARK.proposal, _MARK.criterion, _MARK.mark, _MARK.state, _MARK.at)
    .where(_MARK.round == bindparam("round"), _MARK.person == bindparam("person"))
    .order_by(_MARK.revision)
)

Progress = Literal["todo", "part", "done", "abstain", "recused"]


class Given(NamedTuple):
    """What a judge has given a proposal, and when it last changed.

    Of the criteria that count, `told` have a mark or a state other than missing, `marked` a mark.
    `state`: `done` has a mark and no gap; without any mark it is `recused`, where one cell says so,
    or `abstain`.
    """

    cells: Mapping[str, Cell]
    at: str
    state: Progress
    told: int
    marked: int

    @classmethod
    def of(cls, form: Form, cells: Mapping[str, Cell], at: str) -> Given:
        """What a judge has given, counted."""
        told = marked = 0
        recused = False
        for criterion, cell in cells.items():
            if criterion in form.counting and cell.state != "missing":
                told += 1
                marked += cell.mark is not None
                recused |= cell.state == "recused"
        state: Progress = "recused" if recused else "abstain"
        if told < len(form.counting):
            state = "part" if told else "todo"
        elif marked:
            state = "done"
        return cls(cells, at, state, told, marked)


@dataclass(frozen=True, slots=True)
class Tally:
    """The ballots of a round, by `(person, proposal)`; `last` is the last row that it knows."""

    form: Form
    last: int = 0
    ballots: Mapping[tuple[str, str], Given] = field(default_factory=dict)

    def caught_up(self, conn: Connection) -> Tally:
        """The tally as the connection sees the round now."""
        rows = conn.execute(_SINCE, {"round": self.form.round, "last": self.last}).all()
        if not rows:
            return self
        fresh: dict[tuple[str, str], tuple[dict[str, Cell], str]] = {}
        for _, person, proposal, criterion, mark, state, at in rows:
            key = (person, proposal)
            if key not in fresh:
                known = self.ballots.get(key)
                fresh[key] = dict(known.cells) if known else {}, at
            cells, _ = fresh[key]
            cells[criterion] = Cell(mark, state)
            fresh[key] = cells, at
        ballots = dict(self.ballots)
        for key, (cells, at) in fresh.items():
            ballots[key] = Given.of(self.form, cells, at)
        return Tally(self.form, rows[-1][0], ballots)


class Tallies:
    """The last tally of each round that somebody looked at; threads may share it."""

    def __init__(self) -> None:
        self._known: dict[str, Tally] = {}
        self._lock = threading.Lock()

    def of(self, conn: Connection, form: Form) -> Tally:
        """A round's tally as a reader sees it now."""
        with self._lock:
            found = self.peek(conn, form)
            self._known[form.round] = found
        return found

    def peek(self, conn: Connection, form: Form) -> Tally:
        """The same for the writer, whose rows may yet be undone: nothing is kept."""
        known = self._known.get(form.round)
        if known is None or known.form.digest != form.digest:
            known = Tally(form)
        return known.caught_up(conn)


def own(conn: Connection, form: Form, person: str) -> dict[str, Given]:
    """What one judge has given in a round, by proposal."""
    found: dict[str, tuple[dict[str, Cell], str]] = {}
    rows = conn.execute(_OWN, {"round": form.round, "person": person})
    for proposal, criterion, mark, state, at in rows:
        cells, latest = found.get(proposal, ({}, at))
        cells[criterion] = Cell(mark, state)
        found[proposal] = (cells, max(latest, at))
    return {proposal: Given.of(form, cells, at) for proposal, (cells, at) in found.items()}
