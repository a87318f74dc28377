"""How fast the same store takes as many marks when nothing but an insert stands in the way."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from review.rehearsal.ledger import Row

_TABLE = """
CREATE TABLE bare_mark (op TEXT NOT NULL, round TEXT NOT NULL, person TEXT NOT NULL,
  proposal TEXT NOT NULL, criterion TEXT NOT NULL, revision INTEGER NOT NULL, mark TEXT,
  state TEXT, UNIQUE (round, person, proposal, criterion, revision))
"""
#: Ballots that one commit holds: as many as the server's writer takes at most.
GROUP = 128
#: Ballots to time where each has a commit of its own.
SINGLE = 500


@dataclass(frozen=True, slots=True)
class Bare:
    """Marks a second into a table without anything around it, with the store's durability.

    `grouped`: 128 ballots a commit. `single`: a commit for every ballot, one after another.
    """

    grouped: float
    single: float


def measure(store: Path | str, rows: Sequence[Row]) -> Bare:
    """Insert `rows` anew: beside the SQLite file at a path, or in the PostgreSQL database."""
    if isinstance(store, str):
        return _measure_postgresql(store, rows)
    beside = store.with_name("bare.sqlite3")
    with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return _measure(connection.cursor(), rows, "?")


def _measure_postgresql(url: str, rows: Sequence[Row]) -> Bare:
    import psycopg  # noqa: PLC0415 -- an extra

    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        return _measure(connection.cursor(), rows, "%s")


def _measure(cursor: Any, rows: Sequence[Row], mark: str) -> Bare:
    insert = f"INSERT INTO bare_mark VALUES ({', '.join([mark] * 8)})"  # noqa: S608 -- no data  # nosec B608
    grouped = _time(cursor, insert, list(_ballots(rows)), GROUP)
    return Bare(grouped, _time(cursor, insert, list(_ballots(rows))[:SINGLE], 1))


def _time(cursor: Any, insert: str, ballots: Sequence[list[Any]], group: int) -> float:
    cursor.execute(_TABLE)
    began, count = time.perf_counter(), 0
    for start in range(0, len(ballots), group):
        values = [value for ballot in ballots[start : start + group] for value in ballot]
        cursor.execute("BEGIN")
        cursor.executemany(insert, values)
        cursor.execute("COMMIT")
        count += len(values)
    seconds = time.perf_counter() - began
    cursor.execute("DROP TABLE bare_mark")
    return count / seconds


def _ballots(rows: Sequence[Row]) -> Iterator[list[Any]]:
    """The rows of each operation, as values."""
    ballots: dict[str, list[Any]] = {}
    for row in rows:
        cell = row.cell
        place = (cell.ballot.round, cell.ballot.judge, cell.ballot.proposal, cell.criterion)
        ballots.setdefault(row.op, []).append((row.op, *place, row.revision, *row.mark))
    yield from ballots.values()
