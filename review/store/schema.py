"""The tables, one schema for SQLite and PostgreSQL.

Three kinds:

- The record is append-only, held so by triggers (`APPEND_ONLY`): `event` (the hash chain),
  `mark_revision`, `operation`, `definition`. It names people by random refs only.
- Words can be erased: `person`, `definition_file`, `words`, `decision`, `draft`. The record has
  salted digests of them.
- State that follows from the record and is kept for speed or secrecy: `round_state`,
  `proposal_state`, `link`, `code`, `session`, `publication`, `head`.

Instants are text in UTC, `2026-11-24T06:03:00.123456Z`, so that they sort and read alike on both
databases. A mark is the text of its decimal number, exactly: no database's idea of a number
comes near it.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: The hash chain: `hash` = SHA-256 over `prev`, `seq`, `at`, `kind`, `actor` and `data`.
event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor", String, nullable=False),  # a person's ref, or "system"
    Column("data", Text, nullable=False),  # canonical JSON
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Index(None, "kind"),
)

#: One row: the last event. Whoever appends takes it first, which puts writers in order.
head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

#: A judge or an organiser. `ref` is random and all that the record knows of anybody.
person = Table(
    "person",
    metadata,
    Column("ref", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("judge", String, unique=True),  # the id in the table of judges
    Column("name", String, nullable=False),  # empty once erased
    Column("salt", String),
    Column("digest", String, nullable=False),  # SHA-256 over salt, id and name
    Column("login", String, unique=True),
    Column("password", String),  # argon2id
    Column("withdrawn", String),  # null | kept | left_out: what became of the marks given
    Column("added", String, nullable=False),
    CheckConstraint("role IN ('judge', 'organiser')", name="role"),
    CheckConstraint("withdrawn IN ('kept', 'left_out')", name="withdrawn"),
)

#: A way in by URL or QR code: good until it is revoked. Only the digest of the token is kept.
link = Table(
    "link",
    metadata,
    Column("digest", String, primary_key=True),
    Column("person", String, ForeignKey("person.ref"), nullable=False, index=True),
    Column("made", String, nullable=False),
    Column("expires", String),
    Column("used", String),  # the last time
    Column("revoked", String),
)

#: A way in by typing: short, so it lives minutes, works once, and few guesses end it.
code = Table(
    "code",
    metadata,
    Column("handle", String, primary_key=True),  # its first two characters, to look it up by
    Column("secret", String, nullable=False),  # argon2id of the rest
    Column("person", String, ForeignKey("person.ref"), nullable=False, index=True),
    Column("made", String, nullable=False),
    Column("expires", String, nullable=False),
    Column("guesses", Integer, nullable=False, server_default="0"),
)

session = Table(
    "session",
    metadata,
    Column("digest", String, primary_key=True),
    Column("person", String, ForeignKey("person.ref"), nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("made", String, nullable=False),
    Column("seen", String, nullable=False),
    Column("expires", String, nullable=False),
    Column("revoked", String),
)

#: A version of the rules and tables: what the competition's folder said when it was read.
definition = Table(
    "definition",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("rules", String, nullable=False),  # the digest that result.json carries
    Column("manifest", String, nullable=False),  # digest over its files' paths and salted digests
)

#: Its files in the canonical form of an export; `content` is null once erased.
definition_file = Table(
    "definition_file",
    metadata,
    Column("version", Integer, ForeignKey("definition.version"), primary_key=True),
    Column("path", String, primary_key=True),
    Column("content", LargeBinary),
    Column("salt", String),
    Column("digest", String, nullable=False),  # SHA-256 over salt and content
)

#: `planned` → `open` ⇄ `locked` → `closed` → (reopened) `open`.
round_state = Table(
    "round_state",
    metadata,
    Column("round", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),  # optimistic lock
    Column("entrants", Text),  # JSON list of proposals, fixed when the round opens
    Column("coverage", Text),  # JSON {expected, marked, missing} stated at closing
    Column("at", String, nullable=False),
    CheckConstraint("state IN ('planned', 'open', 'locked', 'closed')", name="state"),
)

#: A status given during the event; the table of proposals has those from before.
proposal_state = Table(
    "proposal_state",
    metadata,
    Column("proposal", String, primary_key=True),
    Column("status", String),  # null: restored
    Column("reason", String),  # the digest of its words
    Column("at", String, nullable=False),
)

#: What a client sent once, however often it sent it.
operation = Table(
    "operation",
    metadata,
    Column("op", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("request", String, nullable=False),  # digest of what was sent
    Column("response", Text, nullable=False),
    Column("at", String, nullable=False),
)

mark_revision = Table(
    "mark_revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("op", String, ForeignKey("operation.op"), nullable=False),
    Column("event", Integer, ForeignKey("event.seq"), nullable=False),
    Column("round", String, nullable=False),
    Column("person", String, nullable=False),
    Column("proposal", String, nullable=False),
    Column("criterion", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("mark", String),  # a decimal, or null with a state
    Column("state", String),  # null | missing | absent | abstain | recused
    Column("at", String, nullable=False),
    UniqueConstraint("round", "person", "proposal", "criterion", "revision"),
    UniqueConstraint("op", "round", "person", "proposal", "criterion"),
    Index(None, "round", "proposal"),
)

#: Free text that came with an event: a comment on a ballot, the reason of an organiser.
words = Table(
    "words",
    metadata,
    Column("digest", String, primary_key=True),  # "words:" and SHA-256 over salt and text
    Column("event", Integer, nullable=False),
    Column("person", String, nullable=False),  # whose words
    Column("round", String),
    Column("proposal", String),
    Column("criterion", String),  # null: the whole ballot
    Column("salt", String),
    Column("text", Text),  # null once erased
    Index(None, "round", "person", "proposal"),
)

#: What a judge has typed and not yet sent.
draft = Table(
    "draft",
    metadata,
    Column("round", String, primary_key=True),
    Column("person", String, ForeignKey("person.ref"), primary_key=True),
    Column("proposal", String, primary_key=True),
    Column("data", Text, nullable=False),
    Column("at", String, nullable=False),
)

#: A person's ruling. `by`, `second` and `why` are null once erased; the event has their digest.
decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event", Integer, ForeignKey("event.seq"), nullable=False),
    Column("round", String, nullable=False),
    Column("proposal", String, nullable=False),
    Column("what", String, nullable=False),
    Column("by", String),
    Column("second", String),
    Column("why", Text),
    Column("salt", String),
    Column("digest", String, nullable=False),  # SHA-256 over salt, by, second and why
    Column("undone", Integer),  # the event that took it back
    Column("at", String, nullable=False),
)

#: What was published, to the byte, with the head of the chain at that moment.
publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", Text, nullable=False),  # JSON {"rounds": […], "awards": bool}
    Column("result", Text, nullable=False),  # result.json of what is published
    Column("page", Text, nullable=False),  # report.html
    Column("seq", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("at", String, nullable=False),
    Column("until", String),  # embargo: not shown before
    Column("withdrawn", String),
)

APPEND_ONLY = ("event", "operation", "mark_revision", "definition")
