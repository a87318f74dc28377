"""Judges and organisers, and their ways in: links, short codes, passwords.

Of a link only the digest of its token is kept, of a code and a password a slow hash: who reads the
database cannot sign in with what is there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from review.errors import Refused
from review.messages import Message
from review.store import chain, schema, seals
from review.store.instants import later, now

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlalchemy import ColumnElement, Connection

#: Twenty characters that nobody mistakes for one another, whatever the handwriting.
ALPHABET = "23479CDFHJKMNPQRTWXY"
#: A code's first characters, to look it up by, and the secret ones after them: 34.6 bits.
HANDLE, SECRET = 2, 8
#: How long a code lives, and how many wrong guesses end it.
CODE_LIVES = timedelta(minutes=10)
GUESSES = 5
#: How long the link lives that a command prints for an organiser.
ORGANISER_LINK_LIVES = timedelta(days=1)

_PERSON = schema.person.c
_COLUMNS = (
    _PERSON.ref, _PERSON.role, _PERSON.judge, _PERSON.name, _PERSON.login, _PERSON.withdrawn
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part; `judge` is their id in the table of judges."""

    ref: str
    role: str
    judge: str | None
    name: str
    login: str | None
    withdrawn: str | None


def add_judge(conn: Connection, judge_id: str, name: str, *, actor: str = chain.SYSTEM) -> Person:
    """Take a judge of the table of judges in."""
    return _add(conn, "judge", judge_id, name, actor)


def add_organiser(conn: Connection, name: str, *, actor: str = chain.SYSTEM) -> Person:
    """Take in somebody who runs the event."""
    return _add(conn, "organiser", None, name, actor)


def _add(conn: Connection, role: str, judge_id: str | None, name: str, actor: str) -> Person:
    ref = secrets.token_hex(8)
    salt, digest = _identity(judge_id, name)
    link = chain.append(
        conn, f"{role}_added", actor, {"person": ref, "role": role, "identity": digest}
    )
    conn.execute(
        insert(schema.person),
        {
            "ref": ref, "role": role, "judge": judge_id, "name": name,
            "salt": salt, "digest": digest, "added": link.at,
        },
    )  # fmt: skip
    return Person(ref, role, judge_id, name, None, None)


def _identity(judge_id: str | None, name: str) -> tuple[str, str]:
    """A new salt, and the digest that stands for who it is."""
    salt = secrets.token_hex(16)
    return salt, seals.person(salt, judge_id, name)


def rename(conn: Connection, ref: str, name: str, *, actor: str = chain.SYSTEM) -> None:
    """Correct a name."""
    known = _must(conn, ref)
    salt, digest = _identity(known.judge, name)
    conn.execute(
        update(schema.person).where(_PERSON.ref == ref).values(name=name, salt=salt, digest=digest)
    )
    chain.append(conn, "person_renamed", actor, {"person": ref, "identity": digest})


def person(conn: Connection, ref: str) -> Person | None:
    """The person of a ref."""
    return _one(conn, _PERSON.ref == ref)


def by_judge(conn: Connection, judge_id: str) -> Person | None:
    """The judge of that id in the table of judges."""
    return _one(conn, _PERSON.judge == judge_id)


def people(conn: Connection, role: str | None = None) -> list[Person]:
    """Everybody, or those of a role, in the order in which they were added."""
    query = select(*_COLUMNS).order_by(_PERSON.added, _PERSON.ref)
    if role is not None:
        query = query.where(_PERSON.role == role)
    return [Person(*row) for row in conn.execute(query)]


def _one(conn: Connection, condition: ColumnElement[bool]) -> Person | None:
    row = conn.execute(select(*_COLUMNS).where(condition)).one_or_none()
    return None if row is None else Person(*row)


def _must(conn: Connection, ref: str) -> Person:
    found = person(conn, ref)
    if found is None:
        raise Refused(Message("person_unknown", {"person": ref}), 404)
    return found


def digest_of(token: str) -> str:
    """What is kept of a token of 256 random bits: guessing it back is hopeless without a salt."""
    return seals.digest(token)


def new_link(
    conn: Connection, ref: str, *, expires: str | None = None, actor: str = chain.SYSTEM
) -> str:
    """A token that signs a person in until it is revoked or expires; it is not kept."""
    _must(conn, ref)
    token = secrets.token_urlsafe(32)
    digest = digest_of(token)
    link = chain.append(
        conn, "link_made", actor, {"person": ref, "link": digest, "expires": expires}
    )
    conn.execute(
        insert(schema.link),
        {"digest": digest, "person": ref, "made": link.at, "expires": expires},
    )
    return token


def organiser_link(conn: Connection, name: str) -> str:
    """A token that signs the organiser of that name in for a day; made where there is none."""
    known = [who for who in people(conn, "organiser") if who.name == name and not who.withdrawn]
    who = known[0] if known else add_organiser(conn, name)
    return new_link(conn, who.ref, expires=later(now(), ORGANISER_LINK_LIVES))


def by_link(conn: Connection, token: str, at: str) -> Person | None:
    """Whose link it is, if it works at that instant; nothing is written."""
    link = schema.link.c
    query = (
        select(*_COLUMNS)
        .join(schema.link, link.person == _PERSON.ref)
        .where(
            link.digest == digest_of(token),
            link.revoked.is_(None),
            link.expires.is_(None) | (link.expires > at),
            _PERSON.withdrawn.is_(None),
        )
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else Person(*row)


def use_link(conn: Connection, token: str, at: str) -> Person | None:
    """Whose link it is, and note that it was used."""
    found = by_link(conn, token, at)
    if found is not None:
        digest = digest_of(token)
        link = chain.append(conn, "link_used", found.ref, {"link": digest})
        conn.execute(update(schema.link).where(schema.link.c.digest == digest).values(used=link.at))
    return found


def revoke_links(conn: Connection, ref: str, *, actor: str = chain.SYSTEM) -> None:
    """End every way in that a person was given, and every session that came of them."""
    link = chain.append(conn, "links_revoked", actor, {"person": ref})
    for table in (schema.link, schema.session):
        conn.execute(
            update(table)
            .where(table.c.person == ref, table.c.revoked.is_(None))
            .values(revoked=link.at)
        )
    conn.execute(delete(schema.code).where(schema.code.c.person == ref))


def new_code(conn: Connection, ref: str, *, actor: str = chain.SYSTEM) -> str:
    """A code to type, `KQ7M2-X9PHD`: once, within ten minutes. A person has one at a time."""
    _must(conn, ref)
    at, code = now(), schema.code.c
    conn.execute(delete(schema.code).where((code.expires <= at) | (code.person == ref)))
    taken = set(conn.scalars(select(code.handle)))
    free = [a + b for a in ALPHABET for b in ALPHABET if a + b not in taken]
    if not free:
        raise Refused(Message("codes_all_given"), 409)
    handle = secrets.choice(free)
    secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET))
    row = {
        "handle": handle, "secret": _hasher().hash(secret), "person": ref,
        "made": at, "expires": later(at, CODE_LIVES),
    }  # fmt: skip
    conn.execute(insert(schema.code), row)
    chain.append(conn, "code_made", actor, {"person": ref, "code": seals.code(row)})
    whole = handle + secret
    half = len(whole) // 2
    return f"{whole[:half]}-{whole[half:]}"


def take_code(conn: Connection, typed: str, at: str) -> Person | None:
    """Whose code it is; it works no more afterwards. A wrong one counts as a guess.

    What is typed may have blanks, hyphens and small letters.
    """
    plain = _plain(typed)
    code = schema.code.c
    row = conn.execute(
        select(schema.code)
        .join(schema.person, code.person == _PERSON.ref)
        .where(
            code.handle == plain[:HANDLE],
            code.expires > at,
            code.guesses < GUESSES,
            _PERSON.withdrawn.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    if not _matches(row.secret, plain[HANDLE:]):
        conn.execute(
            update(schema.code).where(code.handle == row.handle).values(guesses=code.guesses + 1)
        )
        chain.append(conn, "code_missed", chain.SYSTEM, {"person": row.person})
        return None
    conn.execute(delete(schema.code).where(code.handle == row.handle))
    chain.append(conn, "code_used", row.person, {})
    return person(conn, row.person)


def handle_of(typed: str) -> str:
    """What a code is looked up by, however it was typed."""
    return _plain(typed)[:HANDLE]


def _plain(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def _hasher() -> PasswordHasher:
    """A quick profile (some 10 ms): writers wait for it, and a code lives ten minutes."""
    from argon2 import PasswordHasher  # noqa: PLC0415 -- only codes need it

    return PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


def _matches(hashed: str, secret: str) -> bool:
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415 -- as above

    try:
        return _hasher().verify(hashed, secret)
    except VerifyMismatchError:
        return False


def set_password(
    conn: Connection, ref: str, login: str, hashed: str, *, actor: str | None = None
) -> None:
    """Give a person a login and the argon2id hash of a password; None as actor: they themselves."""
    _must(conn, ref)
    conn.execute(
        update(schema.person).where(_PERSON.ref == ref).values(login=login, password=hashed)
    )
    data = {"person": ref, "password": seals.password(login, hashed)}
    chain.append(conn, "password_set", actor or ref, data)


def by_login(conn: Connection, login: str) -> tuple[Person, str] | None:
    """The person of a login and the hash of their password, unless they were withdrawn."""
    row = conn.execute(
        select(*_COLUMNS, _PERSON.password).where(
            _PERSON.login == login, _PERSON.password.is_not(None), _PERSON.withdrawn.is_(None)
        )
    ).one_or_none()
    return None if row is None else (Person(*row[:-1]), row[-1])
