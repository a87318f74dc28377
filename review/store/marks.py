"""Marks: revisions that are only ever added, by operations that count once however often sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, insert, select

from review.errors import Refused
from review.messages import Message
from review.store import chain, rounds, schema, seals
from review.store.drafts import draft, drop_draft, save_draft
from review.store.instants import noted
from review.store.stored import (
    FIND_COMMENT,
    Cell,
    Mark,
    Progress,
    StoredBallot,
    StoredCell,
    ballot,
    cells_of,
    comments,
    counts,
    current,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

__all__ = [
    "Ballot",
    "Cell",
    "Mark",
    "Progress",
    "Receipt",
    "StoredBallot",
    "StoredCell",
    "ballot",
    "comments",
    "counts",
    "current",
    "draft",
    "drop_draft",
    "record",
    "replay",
    "request",
    "response",
    "save_draft",
    "take_in",
]

_OPERATION = schema.operation.c
_WORDS = schema.words.c


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was stored: `replay` where the same operation had come before, `seq` its event."""

    op: str
    at: str
    revisions: Mapping[str, int]
    replay: bool
    seq: int


class Ballot(NamedTuple):
    """A ballot that is to be stored, and under which operation.

    `comment` None leaves the comment as it is, an empty one takes it back.
    """

    op: str
    person: str
    round: str
    proposal: str
    cells: Mapping[str, Cell]
    comment: str | None = None


def record(  # noqa: PLR0913 -- what a ballot is
    conn: Connection,
    *,
    op: str,
    person: str,
    round: str,  # noqa: A002 -- the word everywhere
    proposal: str,
    cells: Mapping[str, Cell],
    base: Mapping[str, int],
    comment: str | None,
    client_time: str | None = None,
) -> Receipt:
    """Store a ballot in an open round.

    `base` is the revision of each criterion that the judge has seen (0: none yet). What is as it
    was gets no new revision. The same operation again gives the same receipt, whatever has become
    of the round. Refused: `op_reused` where the operation said something else before,
    `round_not_open`, `stale` where another device was first.
    """
    given = Ballot(op, person, round, proposal, cells, comment)
    before = replay(conn, given)
    if before is not None:
        return before
    rounds.holding_open(conn, round)
    stored = _cells(conn, given)
    _refuse_stale(conn, given, base, stored)
    return _store(conn, given, stored, _Origin("ballot", person, noted(client_time)))


def take_in(conn: Connection, given: Ballot, *, actor: str = chain.SYSTEM) -> Receipt:
    """Store a ballot that came from a table, whether its round is open or not."""
    before = replay(conn, given)
    if before is not None:
        return before
    return _store(conn, given, _cells(conn, given), _Origin("ballot_imported", actor, None))


def replay(conn: Connection, given: Ballot) -> Receipt | None:
    """The receipt of an operation that came before; Refused where it said something else."""
    row = conn.execute(_FIND_OPERATION, {"op": given.op}).one_or_none()
    if row is None:
        return None
    kept = json.loads(row.response)
    comment = given.comment
    if comment:
        salt = conn.scalar(select(_WORDS.salt).where(_WORDS.digest == kept["comment"]))
        comment = seals.words(salt, comment)
    if row.request != request(given, comment):
        raise Refused(Message("op_reused"), 409)
    return Receipt(given.op, row.at, kept["revisions"], replay=True, seq=kept["seq"])


_FIND_OPERATION = select(_OPERATION.request, _OPERATION.response, _OPERATION.at).where(
    _OPERATION.op == bindparam("op")
)


def request(given: Ballot, comment: str | None) -> str:
    """A digest of what was sent, its comment by its own salted digest: nobody guesses it back."""
    _, person, round_id, proposal, cells, _ = given
    return seals.digest(seals.canonical([person, round_id, proposal, dict(cells), comment]))


def _refuse_stale(
    conn: Connection,
    given: Ballot,
    base: Mapping[str, int],
    stored: Mapping[str, StoredCell],
) -> None:
    """Refuse a ballot that would write over what the judge has not seen."""
    if any(
        stored[criterion].revision > base.get(criterion, 0) and stored[criterion][:2] != _kept(cell)
        for criterion, cell in given.cells.items()
        if criterion in stored
    ):
        found = ballot(conn, given.round, given.person, given.proposal)
        current = [
            {"criterion": criterion, **cell._asdict()} for criterion, cell in found.cells.items()
        ]
        raise Refused(
            Message("stale"), 409, {"current": current, "comment": found.comment, "at": found.at}
        )


def _kept(cell: Cell) -> Cell:
    """A cell as it is kept: one without a number has a state."""
    return Cell(None, "missing") if cell == (None, None) else cell


class _Origin(NamedTuple):
    """How a ballot came, by whom, and what their clock said."""

    kind: str
    actor: str
    client_time: str | None


def _store(
    conn: Connection, given: Ballot, stored: Mapping[str, StoredCell], origin: _Origin
) -> Receipt:
    """Add the event, the operation, and a revision of each cell that is not as it was."""
    kept, changed = {}, {}
    for criterion, cell in given.cells.items():
        was = stored.get(criterion, _NOTHING)
        wanted = _kept(cell)
        if wanted == was[:2]:
            kept[criterion] = was.revision
        else:
            changed[criterion] = (was.revision + 1, *wanted)
    words, is_new = _words(conn, given)
    comment = words.digest if words and given.comment else given.comment
    sent = request(given, comment)
    link = chain.append(
        conn, origin.kind, origin.actor,
        {
            "op": given.op, "person": given.person, "round": given.round,
            "proposal": given.proposal, "request": sent, "cells": changed, "kept": kept,
            "comment": words and words.digest, "client_time": origin.client_time,
        },
    )  # fmt: skip
    if words is not None and is_new:
        chain.store_words(
            conn, words, event=link.seq, person=given.person, round=given.round,
            proposal=given.proposal,
        )  # fmt: skip
    revisions = {**kept, **{criterion: cell[0] for criterion, cell in changed.items()}}
    conn.execute(
        _ADD_OPERATION,
        {
            "op": given.op, "person": given.person, "request": sent, "at": link.at,
            "response": response(revisions, link.seq, words and words.digest),
        },
    )  # fmt: skip
    if changed:
        conn.execute(
            _ADD_MARKS,
            [
                {
                    "op": given.op, "event": link.seq, "round": given.round,
                    "person": given.person, "proposal": given.proposal, "criterion": criterion,
                    "revision": revision, "mark": mark, "state": state, "at": link.at,
                }
                for criterion, (revision, mark, state) in changed.items()
            ],
        )  # fmt: skip
    return Receipt(given.op, link.at, revisions, replay=False, seq=link.seq)


def _words(conn: Connection, given: Ballot) -> tuple[chain.Words | None, bool]:
    """The comment under its digest, and whether that is new; None where there is nothing to say."""
    if given.comment is None:
        return None, False
    row = conn.execute(
        FIND_COMMENT,
        {"round": given.round, "person": given.person, "proposal": given.proposal},
    ).first()
    if row is not None and row.text == given.comment:
        return chain.Words(row.digest, row.salt, row.text), False
    if row is None and not given.comment:
        return None, False
    return chain.new_words(given.comment), True


_NOTHING = StoredCell(None, "missing", 0)
_ADD_OPERATION = insert(schema.operation)
_ADD_MARKS = insert(schema.mark_revision)


def response(revisions: Mapping[str, int], seq: int, comment: str | None) -> str:
    """What an operation keeps to answer itself when it is sent again."""
    return seals.canonical({"revisions": dict(revisions), "seq": seq, "comment": comment})


def _cells(conn: Connection, given: Ballot) -> dict[str, StoredCell]:
    return cells_of(conn, given.round, given.person, given.proposal)
