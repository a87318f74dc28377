"""Where a rehearsal keeps its marks, and what stands there when it is over."""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, func, make_url, select, text

from review.errors import StoreError
from review.messages import Message
from review.rehearsal.ledger import Ballot, Cell, Mark, Row
from review.rehearsal.sheets import text_of
from review.store import chain, schema
from review.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine


@contextmanager
def a_store(server: str | None, folder: Path) -> Iterator[str]:
    """The address of an empty database that nothing else uses.

    An SQLite file in `folder`, or a database on the PostgreSQL `server`, made under a new name
    beside the one that the address names, which is not looked into, and dropped at the end.
    """
    if server is None:
        yield str(folder / "live.sqlite3")
        return
    address = make_url(server)
    if address.get_backend_name() != "postgresql":
        raise StoreError(Message("rehearsal_postgres_only"))
    name = f"review_rehearsal_{secrets.token_hex(4)}"
    maintenance = create_engine(
        address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,
    )  # fmt: skip
    _run(maintenance, f"CREATE DATABASE {name}")
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(maintenance, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        maintenance.dispose()


def _run(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))


@dataclass(frozen=True, slots=True)
class Stored:
    """The revisions of marks, how many events there are, and what is wrong with their chain."""

    rows: Sequence[Row]
    events: int
    findings: Sequence[str]


def read(url: str) -> Stored:
    """Everything that the bookkeeping is held against."""
    mark, person = schema.mark_revision.c, schema.person.c
    query = (
        select(
            mark.op, mark.round, person.judge, mark.proposal, mark.criterion,
            mark.revision, mark.mark, mark.state, mark.event, mark.at,
        )
        .join(schema.person, person.ref == mark.person)
        .order_by(mark.id)
    )  # fmt: skip
    with closing(Database.open(url)) as database, database.reading() as conn:
        rows = [
            Row(
                op, Cell(Ballot(round_, judge, proposal), criterion), revision,
                a_mark(number, state), event, datetime.fromisoformat(at).timestamp(),
            )
            for op, round_, judge, proposal, criterion, revision, number, state, event, at
            in conn.execute(query)
        ]  # fmt: skip
        events = conn.scalar(select(func.count()).select_from(schema.event)) or 0
        return Stored(rows, events, [str(finding) for finding in chain.verify(conn)])


def a_mark(number: str | None, state: str | None) -> Mark:
    """A mark with no more digits than it needs, as players write theirs."""
    return Mark(text_of(Decimal(number)) if number else None, state or None)
