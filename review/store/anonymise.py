"""After the event: what is known of people is erased; marks stay, and the record still verifies."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import delete, select, update

from review.store import chain, changes, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from review.store.database import Database

Pseudonymise: TypeAlias = (
    "Callable[[Mapping[str, bytes], Mapping[str, str]], tuple[Mapping[str, bytes], str]]"
)

_PERSON = schema.person.c


@dataclass(frozen=True, slots=True)
class Anonymised:
    """How much was erased, and the head of the chain afterwards."""

    people: int
    words: int
    publications: int
    head: chain.Link


def anonymise(
    database: Database,
    pseudonymise: Pseudonymise,
    *,
    actor: str = chain.SYSTEM,
) -> Anonymised:
    """Erase names, logins, comments, reasons, drafts, ways in, and the definition's files.

    `pseudonymise` makes the files that take their place, from the last ones and a pseudonym for
    each judge's id; it also gives the digest of their rules. Published pages that name somebody
    are erased; others stay. StoreError while the database is served (SQLite).
    """
    with database.alone():
        with database.writing() as conn:
            done = _erase(conn, pseudonymise, actor)
        _compact(database)
    return done


def _erase(
    conn: Connection,
    pseudonymise: Pseudonymise,
    actor: str,
) -> Anonymised:
    people = conn.execute(select(_PERSON.ref, _PERSON.judge, _PERSON.name)).all()
    pseudonyms = _pseudonyms(people)
    files, rules = pseudonymise(
        changes.definition(conn)[1],
        {row.judge: pseudonyms[row.ref] for row in people if row.judge is not None},
    )
    words = schema.words.c.text
    count = len(conn.execute(select(schema.words.c.digest).where(words.is_not(None))).all())
    unpublished = _unpublish(conn, people)
    conn.execute(update(schema.words).values(text=None, salt=None))
    conn.execute(update(schema.decision).values(by=None, second=None, why=None, salt=None))
    conn.execute(update(schema.definition_file).values(content=None, salt=None))
    for table in (schema.draft, schema.code, schema.link, schema.session):
        conn.execute(delete(table))
    for row in people:
        conn.execute(
            update(schema.person)
            .where(_PERSON.ref == row.ref)
            .values(
                judge=pseudonyms[row.ref] or None, name="", salt=None, login=None, password=None
            )
        )
    version = changes.add_definition(conn, files, rules, actor=actor)
    head = chain.append(
        conn, "anonymised", actor,
        {"people": pseudonyms, "definition": version, "publications": unpublished},
    )  # fmt: skip
    return Anonymised(len(people), count, len(unpublished), head)


def _pseudonyms(people: Sequence[Row[Any, Any, Any]]) -> dict[str, str]:
    """By ref: `judge-7` in an order that says nothing; empty for organisers, who need none."""
    taken = {row.judge for row in people}
    refs = [row.ref for row in people if row.judge is not None]
    secrets.SystemRandom().shuffle(refs)
    names = (f"judge-{n}" for n in itertools.count(1) if f"judge-{n}" not in taken)
    return {row.ref: "" for row in people} | dict(zip(refs, names, strict=False))


def _unpublish(conn: Connection, people: Sequence[Row[Any, Any, Any]]) -> list[int]:
    """Erase what was published with a person's name, or a judge's id as a text of its own."""
    publication = schema.publication.c
    names = [row.name for row in people if row.name]
    ids = [f'"{row.judge}"' for row in people if row.judge]
    found = [
        row.id
        for row in conn.execute(select(publication.id, publication.result, publication.page))
        if any(name in row.page or name in row.result for name in names)
        or any(quoted in row.result for quoted in ids)
    ]
    conn.execute(
        update(schema.publication).where(publication.id.in_(found)).values(result="", page="")
    )
    return found


def _compact(database: Database) -> None:
    """Write the database anew without what was erased, and empty its journal."""
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for table in schema.metadata.sorted_tables:
                conn.exec_driver_sql(f"VACUUM FULL {table.name}")
        return
    raw = database.engine.raw_connection()
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            raw.cursor().execute(statement).fetchall()
    finally:
        raw.close()
