"""Sessions: rows that can be ended at once, known by the digest of a random token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from review.store import chain, schema
from review.store.instants import later
from review.store.people import Person, digest_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: A session ends after this however it is used.
LIVES = timedelta(days=7)
#: An organiser's ends after this long without use; a judge's does not: marks may be queued.
IDLE = timedelta(hours=12)

_PERSON = schema.person.c
_SESSION = schema.session.c


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in; `csrf` is the secret that their forms carry."""

    person: Person
    csrf: str
    made: str
    seen: str
    expires: str


def open_session(conn: Connection, ref: str, at: str) -> str:
    """Sign a person in; the token for their cookie, of which only the digest is kept."""
    token = secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(32)
    digest, expires = digest_of(token), later(at, LIVES)
    chain.append(
        conn, "session_opened", ref,
        {"session": digest, "csrf": digest_of(csrf), "made": at, "expires": expires},
    )  # fmt: skip
    conn.execute(
        insert(schema.session),
        {
            "digest": digest, "person": ref, "csrf": csrf,
            "made": at, "seen": at, "expires": expires,
        },
    )  # fmt: skip
    return token


def find(conn: Connection, token: str, at: str) -> Session | None:
    """Whose session it is: not ended, not expired, not idle, of nobody who was withdrawn."""
    row = conn.execute(
        _FIND, {"digest": digest_of(token), "at": at, "idle": later(at, -IDLE)}
    ).one_or_none()
    if row is None:
        return None
    return Session(Person(*row[:6]), row.csrf, row.made, row.seen, row.expires)


_FIND = (
    select(
        _PERSON.ref, _PERSON.role, _PERSON.judge, _PERSON.name, _PERSON.login, _PERSON.withdrawn,
        _SESSION.csrf, _SESSION.made, _SESSION.seen, _SESSION.expires,
    )
    .join(schema.person, _SESSION.person == _PERSON.ref)
    .where(
        _SESSION.digest == bindparam("digest"),
        _SESSION.revoked.is_(None),
        _SESSION.expires > bindparam("at"),
        (_PERSON.role == "judge") | (_SESSION.seen > bindparam("idle")),
        _PERSON.withdrawn.is_(None),
    )
)  # fmt: skip


def touch(conn: Connection, token: str, at: str) -> None:
    """Note that a session is in use."""
    conn.execute(update(schema.session).where(_SESSION.digest == digest_of(token)).values(seen=at))


def end(conn: Connection, token: str) -> None:
    """Sign out."""
    digest = digest_of(token)
    ref = conn.scalar(
        select(_SESSION.person).where(_SESSION.digest == digest, _SESSION.revoked.is_(None))
    )
    if ref is not None:
        link = chain.append(conn, "session_ended", ref, {"session": digest})
        conn.execute(
            update(schema.session).where(_SESSION.digest == digest).values(revoked=link.at)
        )


def end_all(conn: Connection, ref: str, *, actor: str = chain.SYSTEM) -> None:
    """Sign a person out everywhere; their links go on working."""
    link = chain.append(conn, "sessions_ended", actor, {"person": ref})
    conn.execute(
        update(schema.session)
        .where(_SESSION.person == ref, _SESSION.revoked.is_(None))
        .values(revoked=link.at)
    )
