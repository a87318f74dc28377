"""Many ballots at once, from tables of marks: an event for each, but few statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from review.store import chain, schema, seals
from review.store.instants import now
from review.store.marks import request, response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Table

    from review.store.marks import Ballot

#: Rows that are sent together.
BATCH = 10_000
#: In the order in which rows of one need those of another.
_TABLES = (schema.event, schema.operation, schema.mark_revision, schema.words)


def take_in_all(
    conn: Connection, ballots: Iterable[Ballot], *, actor: str = chain.SYSTEM
) -> chain.Link:
    """Store ballots where nothing of theirs is stored yet, each cell as revision 1.

    Cells that say nothing are named by the event and get no revision. What `marks.take_in` does for
    one ballot is the same, but that it looks whether it came before.
    """
    seq, prev = conn.execute(select(schema.head.c.seq, schema.head.c.hash)).one()
    link = chain.Link(seq, now(), prev)
    rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in _TABLES}
    for ballot in ballots:
        link = _add(rows, ballot, link, actor)
    for table in _TABLES:
        _insert(conn, table, rows[table.name])
    conn.execute(update(schema.head).values(seq=link.seq, hash=link.hash))
    return link


def _insert(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows and conn.dialect.name == "postgresql":
        _copy(conn, table, rows)
        return
    for start in range(0, len(rows), BATCH):
        conn.execute(insert(table), rows[start : start + BATCH])


def _copy(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """PostgreSQL's own way for many rows, several times as fast as inserting them."""
    driver: Any = conn.connection.driver_connection
    names = ", ".join(f'"{name}"' for name in rows[0])
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(tuple(row.values()))


def _add(
    rows: dict[str, list[dict[str, Any]]], ballot: Ballot, last: chain.Link, actor: str
) -> chain.Link:
    """Add the rows of one ballot; its place in the chain."""
    at, seq = now(), last.seq + 1
    said = {c: cell for c, cell in ballot.cells.items() if cell not in {(None, None), _SILENT}}
    kept = dict.fromkeys(ballot.cells.keys() - said.keys(), 0)
    words = chain.new_words(ballot.comment) if ballot.comment else None
    sent = request(ballot, words and words.digest)
    where = {"person": ballot.person, "round": ballot.round, "proposal": ballot.proposal}
    data = {
        "op": ballot.op, **where, "request": sent,
        "cells": {criterion: (1, *cell) for criterion, cell in said.items()},
        "kept": kept, "comment": words and words.digest, "client_time": None,
    }  # fmt: skip
    text, kind = seals.canonical(data), "ballot_imported"
    sealed = seals.event(last.hash, seq, at, kind, actor, text)
    rows["event"].append(
        {
            "seq": seq, "at": at, "kind": kind, "actor": actor, "data": text,
            "prev": last.hash, "hash": sealed,
        }
    )  # fmt: skip
    answer = response({**kept, **dict.fromkeys(said, 1)}, seq, words and words.digest)
    rows["operation"].append(
        {"op": ballot.op, "person": ballot.person, "request": sent, "response": answer, "at": at}
    )
    rows["mark_revision"] += [
        {
            "op": ballot.op, "event": seq, **where, "criterion": criterion, "revision": 1,
            "mark": mark, "state": state, "at": at,
        }
        for criterion, (mark, state) in said.items()
    ]  # fmt: skip
    if words is not None:
        rows["words"].append(
            {
                "digest": words.digest, "event": seq, **where, "criterion": None,
                "salt": words.salt, "text": words.text,
            }
        )  # fmt: skip
    return chain.Link(seq, at, sealed)


_SILENT = (None, "missing")
