"""What has been marked in a round so far, kept in memory and caught up with by its new rows alone.

Reading 75,000 marks takes a while; the few that came since the last look do not. A tally is never
changed: catching up gives a new one, so that readers and the writer's transaction each see theirs.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select

from review.store import schema
from review.store.marks import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

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


class Given(NamedTuple):
    """What a judge has given a proposal, and when it last changed."""

    cells: Mapping[str, Cell]
    at: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The ballots of a round, by `(person, proposal)`; `last` is the last row that it knows."""

    round: str
    last: int = 0
    ballots: Mapping[tuple[str, str], Given] = field(default_factory=dict)

    def caught_up(self, conn: Connection) -> Tally:
        """The tally as the connection sees the round now."""
        rows = conn.execute(_SINCE, {"round": self.round, "last": self.last}).all()
        if not rows:
            return self
        ballots = dict(self.ballots)
        fresh: dict[tuple[str, str], dict[str, Cell]] = {}
        for _, person, proposal, criterion, mark, state, at in rows:
            key = (person, proposal)
            cells = fresh.get(key)
            if cells is None:
                cells = fresh[key] = dict(ballots[key].cells) if key in ballots else {}
            cells[criterion] = Cell(mark, state)
            ballots[key] = Given(cells, at)
        return Tally(self.round, rows[-1][0], ballots)


class Tallies:
    """The last tally of each round that somebody looked at; threads may share it."""

    def __init__(self) -> None:
        self._known: dict[str, Tally] = {}
        self._lock = threading.Lock()

    def of(self, conn: Connection, round_id: str) -> Tally:
        """A round's tally as a reader sees it now."""
        with self._lock:
            found = self._known[round_id] = self.peek(conn, round_id)
            return found

    def peek(self, conn: Connection, round_id: str) -> Tally:
        """The same for the writer, whose rows may yet be undone: nothing is kept."""
        return self._known.get(round_id, Tally(round_id)).caught_up(conn)


def own(conn: Connection, round_id: str, person: str) -> dict[str, Given]:
    """What one judge has given in a round, by proposal."""
    found: dict[str, tuple[dict[str, Cell], str]] = {}
    rows = conn.execute(_OWN, {"round": round_id, "person": person})
    for proposal, criterion, mark, state, at in rows:
        cells, latest = found.get(proposal, ({}, at))
        cells[criterion] = Cell(mark, state)
        found[proposal] = (cells, max(latest, at))
    return {proposal: Given(cells, at) for proposal, (cells, at) in found.items()}
