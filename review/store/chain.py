"""The record of an event as a hash chain: who did what when, each event sealed with the one before.

An event names people by their random refs and free text by salted digests, so names and texts can
be erased and the chain still verifies. `hash` is SHA-256 over the JSON of `{"actor", "at", "data",
"kind", "prev", "seq"}`: keys sorted, no blanks, UTF-8. `review.store.verifying` checks it all.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from review.store import schema, seals
from review.store.instants import now
from review.store.verifying import Finding, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

__all__ = [
    "SYSTEM",
    "Event",
    "Finding",
    "Link",
    "Words",
    "append",
    "append_said",
    "erase_words",
    "events",
    "head",
    "new_words",
    "store_words",
    "verify",
    "words_of",
]

#: The actor of what nobody in particular did.
SYSTEM = "system"


class Link(NamedTuple):
    """A place in the chain: the number, the instant and the hash of an event."""

    seq: int
    at: str
    hash: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is in the record."""

    seq: int
    at: str
    kind: str
    actor: str
    data: Mapping[str, Any]
    prev: str
    hash: str

    def to_json(self) -> dict[str, object]:
        """All of it, as JSON."""
        return {
            "seq": self.seq, "at": self.at, "kind": self.kind, "actor": self.actor,
            "data": self.data, "prev": self.prev, "hash": self.hash,
        }  # fmt: skip


class Words(NamedTuple):
    """A text and the salted digest that stands for it in events."""

    digest: str
    salt: str
    text: str


_HEAD = select(schema.head.c.seq, schema.head.c.hash)
_INSERT = insert(schema.event)
_MOVE = update(schema.head).values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))


def append(conn: Connection, kind: str, actor: str, data: Mapping[str, object]) -> Link:
    """Seal an event into the record; `actor` is a person's ref or SYSTEM, `data` is JSON."""
    seq, prev = conn.execute(_HEAD).one()
    at, text = now(), seals.canonical(data)
    hashed = seals.event(prev, seq + 1, at, kind, actor, text)
    conn.execute(
        _INSERT,
        {
            "seq": seq + 1, "at": at, "kind": kind, "actor": actor,
            "data": text, "prev": prev, "hash": hashed,
        },
    )  # fmt: skip
    conn.execute(_MOVE, {"new_seq": seq + 1, "new_hash": hashed})
    return Link(seq + 1, at, hashed)


def append_said(
    conn: Connection, kind: str, actor: str, data: Mapping[str, object], why: str | None
) -> tuple[Link, str | None]:
    """Seal an event with what its actor says about it, whose digest is `why` in its data."""
    words = new_words(why) if why else None
    digest = words and words.digest
    link = append(conn, kind, actor, {**data, "why": digest})
    if words is not None:
        about = {key: str(data[key]) for key in ("round", "proposal", "criterion") if key in data}
        store_words(conn, words, event=link.seq, person=actor, **about)
    return link, digest


def head(conn: Connection) -> Link:
    """The last event; number 0 where nothing has happened yet."""
    seq, hashed = conn.execute(_HEAD).one()
    at = conn.scalar(select(schema.event.c.at).where(schema.event.c.seq == seq))
    return Link(seq, at or "", hashed)


def events(conn: Connection, after: int = 0, limit: int | None = None) -> Iterator[Event]:
    """The events after a number in their order, at most `limit`."""
    table = schema.event
    query = select(table).where(table.c.seq > after).order_by(table.c.seq).limit(limit)
    for row in conn.execute(query):
        yield Event(row.seq, row.at, row.kind, row.actor, json.loads(row.data), row.prev, row.hash)


def new_words(text: str) -> Words:
    """A text under a new salt; its `digest` goes into the event, then `store_words` keeps it."""
    salt = secrets.token_hex(16)
    return Words(seals.words(salt, text), salt, text)


def store_words(  # noqa: PLR0913 -- what the words are about
    conn: Connection,
    words: Words,
    *,
    event: int,
    person: str,
    round: str | None = None,  # noqa: A002 -- the word for it everywhere
    proposal: str | None = None,
    criterion: str | None = None,
) -> str:
    """Keep a text that event number `event` names by its digest, which is given back.

    `round`, `proposal` and `criterion` are those of the event's data, or None where it has none;
    `person` is the event's actor, or whose ballot it is: `verify` holds them against the event.
    """
    conn.execute(
        _KEEP,
        {
            "digest": words.digest, "event": event, "person": person, "round": round,
            "proposal": proposal, "criterion": criterion, "salt": words.salt, "text": words.text,
        },
    )  # fmt: skip
    return words.digest


_KEEP = insert(schema.words)


def words_of(conn: Connection, digest: str | None) -> str | None:
    """The text behind a digest; None once it was erased."""
    text: str | None = conn.scalar(
        select(schema.words.c.text).where(schema.words.c.digest == digest)
    )
    return text


def erase_words(conn: Connection, digest: str, *, actor: str) -> Link:
    """Erase one text for good; the record says that it was."""
    link = append(conn, "words_erased", actor, {"digests": [digest]})
    conn.execute(
        update(schema.words).where(schema.words.c.digest == digest).values(text=None, salt=None)
    )
    return link
