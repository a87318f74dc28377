"""After the event: what is known of people is erased; marks stay, and the record still verifies."""

from __future__ import annotations

import html
import itertools
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import delete, func, select, update

from review.errors import Refused
from review.messages import Message
from review.store import chain, changes, schema, transfer
from review.store.mentions import Mentions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from review.store.database import Database

Pseudonymise: TypeAlias = (
    "Callable[[Mapping[str, bytes], Mapping[str, str]], tuple[Mapping[str, bytes], str]]"
)
_Person: TypeAlias = "Row[Any, Any, Any, Any]"
Outcome: TypeAlias = "Callable[[Mapping[str, bytes]], Mapping[str, object]]"

KIND = "anonymised"
_PERSON = schema.person.c
_DECISION = schema.decision.c


@dataclass(frozen=True, slots=True)
class Anonymised:
    """How much was erased, and the head of the chain afterwards.

    `words` counts comments and reasons, `decisions` rulings whose authors were named; `unpublished`
    are the numbers of the publications that named people.
    """

    people: int
    words: int
    decisions: int
    unpublished: tuple[int, ...]
    head: chain.Link


def anonymise(
    database: Database,
    pseudonymise: Pseudonymise,
    outcome: Outcome | None = None,
    *,
    actor: str = chain.SYSTEM,
) -> Anonymised:
    """Erase names, logins, comments, reasons, drafts, ways in, and the definition's files.

    `pseudonymise` makes the files that take their place, from the last ones and a pseudonym for
    each judge's id; it also gives the digest of their rules. `outcome` says what an export comes
    to, which must stay as it was. Published pages that name somebody, or quote what is erased, are
    erased; others stay. StoreError while the database is served (SQLite); Refused
    (`anonymised_otherwise`, 409) where the outcome would be another one. Then nothing is erased.
    """
    with database.alone():
        with database.writing() as conn:
            before = outcome(transfer.export_files(conn)) if outcome else {}
            done = _erase(conn, pseudonymise, actor)
            after = outcome(transfer.export_files(conn)) if outcome else {}
            _refuse_other(before, after)
        _compact(database)
    return done


def was_anonymised(conn: Connection) -> bool:
    """Whether the people of an event were erased."""
    event = schema.event.c
    return bool(conn.scalar(select(func.count()).where(event.kind == KIND)))


def _refuse_other(before: Mapping[str, object], after: Mapping[str, object]) -> None:
    parts = [k for k in dict.fromkeys([*before, *after]) if before.get(k) != after.get(k)]
    if parts:
        raise Refused(Message("anonymised_otherwise", {"parts": parts}), 409)


def _erase(
    conn: Connection,
    pseudonymise: Pseudonymise,
    actor: str,
) -> Anonymised:
    people = conn.execute(
        select(_PERSON.ref, _PERSON.judge, _PERSON.name, _PERSON.salt).order_by(_PERSON.ref)
    ).all()
    pseudonyms = _pseudonyms(people)
    files, rules = pseudonymise(
        changes.definition(conn)[1],
        {row.judge: pseudonyms[row.ref] for row in people if row.judge is not None},
    )
    words = schema.words.c.text
    count = len(conn.execute(select(schema.words.c.digest).where(words.is_not(None))).all())
    ruled = conn.execute(select(_DECISION.id).where(_DECISION.salt.is_not(None))).all()
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
        conn, KIND, actor,
        {"people": pseudonyms, "definition": version, "publications": unpublished},
    )  # fmt: skip
    known = sum(row.salt is not None for row in people)
    return Anonymised(known, count, len(ruled), tuple(unpublished), head)


def _pseudonyms(people: Sequence[_Person]) -> dict[str, str]:
    """By ref: `judge-7` in an order that says nothing; empty for organisers, who need none.

    Who has a pseudonym already keeps it: without a salt a person was erased before.
    """
    taken = {row.judge for row in people}
    refs = [row.ref for row in people if row.judge is not None and row.salt is not None]
    secrets.SystemRandom().shuffle(refs)
    names = (f"judge-{n}" for n in itertools.count(1) if f"judge-{n}" not in taken)
    kept = {row.ref: row.judge or "" for row in people}
    return kept | dict(zip(refs, names, strict=False))


def _unpublish(conn: Connection, people: Sequence[_Person]) -> list[int]:
    """Erase what was published with a person's name or words, or a judge's id as a text."""
    publication = schema.publication.c
    known = [row for row in people if row.salt is not None]
    mentions = Mentions(itertools.chain((row.name for row in known), _quoted(conn)))
    ids = [json.dumps(row.judge, ensure_ascii=False) for row in known if row.judge]
    found = [
        row.id
        for row in conn.execute(
            select(publication.id, publication.result, publication.page).order_by(publication.id)
        )
        if mentions(row.result, html.unescape(row.page))
        or any(quoted in row.result for quoted in ids)
    ]
    conn.execute(
        update(schema.publication).where(publication.id.in_(found)).values(result="", page="")
    )
    return found


def _quoted(conn: Connection) -> Iterator[str | None]:
    """What results may quote of people: who ruled and why, why a proposal got its status."""
    for row in conn.execute(select(_DECISION.by, _DECISION.second, _DECISION.why)):
        yield from row
    words, event = schema.words.c, schema.event.c
    yield from conn.scalars(
        select(words.text)
        .join(schema.event, event.seq == words.event)
        .where(event.kind == "proposal_status")
    )


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
