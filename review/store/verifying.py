"""Whether the record is unbroken: every hash is computed anew, every row held against its event.

Not held: drafts, the time a session was last seen, and codes that ran out, which go quietly.
Whoever can rewrite the whole chain can do so consistently; its head, published with results and
printed on the sheets, is what gives that away.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from review.messages import Message
from review.store import schema, seals
from review.store.replaying import Expected, Key, Pass, Row, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Table


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was changed, taken out or put in past the application."""

    code: str
    table: str
    key: str

    @property
    def message(self) -> Message:
        """It in words."""
        return Message(self.code, {"table": self.table, "key": self.key})


def verify(conn: Connection) -> list[Finding]:
    """Everything that does not fit; an empty list is an unbroken record."""
    expected = Expected()
    hashes: dict[int, str] = {}
    findings = list(_check_chain(conn, expected, hashes))
    for check in (
        _check_marks, _check_definitions, _check_words, _check_states, _check_people,
        _check_passes, _check_codes, _check_decisions,
    ):  # fmt: skip
        findings += check(conn, expected)
    return [*findings, *_check_publications(conn, expected, hashes)]


def _check_chain(conn: Connection, expected: Expected, hashes: dict[int, str]) -> Iterator[Finding]:
    last, before = 0, seals.GENESIS
    for row in conn.execute(select(schema.event).order_by(schema.event.c.seq)):
        for seq in range(last + 1, row.seq):
            yield Finding("row_missing", "event", str(seq))
        sealed = seals.event(before, row.seq, row.at, row.kind, row.actor, row.data)
        if (row.prev, row.hash) != (before, sealed) or not _take(expected, row):
            yield Finding("row_changed", "event", str(row.seq))
        last, before = row.seq, row.hash
        hashes[row.seq] = row.hash
    found = conn.execute(select(schema.head.c.id, schema.head.c.seq, schema.head.c.hash)).all()
    if [tuple(row) for row in found] != [(1, last, before)]:
        yield Finding("row_changed", "head", "1")


def _take(expected: Expected, row: Any) -> bool:
    """Let an event happen; False where its data makes no sense, so that it is not ours."""
    try:
        data = json.loads(row.data)
        if seals.canonical(data) != row.data:
            return False
        expected.take(Told(row.seq, row.at, row.kind, row.actor, data))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


def _compare(
    table: str, expected: Mapping[Key, Row], found: Mapping[Key, Row]
) -> Iterator[Finding]:
    for key in expected.keys() - found.keys():
        yield _about("row_missing", table, key)
    for key, row in found.items():
        if key not in expected:
            yield _about("row_added", table, key)
        elif row != expected[key]:
            yield _about("row_changed", table, key)


def _about(code: str, table: str, key: Key) -> Finding:
    return Finding(code, table, " · ".join(map(str, key)))


def _rows(conn: Connection, table: Table, key: str, columns: str) -> dict[Key, Row]:
    """The rows of a table by the columns of a key; both as names with blanks between."""
    names = key.split()
    query = select(*(table.c[name] for name in names + columns.split()))
    return {tuple(row[: len(names)]): tuple(row[len(names) :]) for row in conn.execute(query)}


def _check_marks(conn: Connection, expected: Expected) -> Iterator[Finding]:
    found = _rows(conn, schema.operation, "op", "person request response at")
    yield from _compare("operation", expected.operations, found)
    found = _rows(
        conn, schema.mark_revision,
        "round person proposal criterion revision", "op event mark state at",
    )  # fmt: skip
    yield from _compare("mark_revision", expected.marks, found)


def _check_definitions(conn: Connection, expected: Expected) -> Iterator[Finding]:
    found = _rows(conn, schema.definition, "version", "at rules manifest")
    yield from _compare("definition", expected.definitions, found)
    files = conn.execute(select(schema.definition_file)).all()
    manifests: dict[int, list[tuple[str, str]]] = {}
    for row in files:
        manifests.setdefault(row.version, []).append((row.path, row.digest))
        erased = (row.content, row.salt) == (None, None)
        whole = row.content is not None and row.digest == seals.salted(row.salt, row.content)
        if not whole and not (erased and row.version < expected.redefined):
            yield _about("row_changed", "definition_file", (row.version, row.path))
    for (version,), (_, _, manifest) in expected.definitions.items():
        if seals.manifest(manifests.pop(int(str(version)), [])) != manifest:
            yield _about("row_changed", "definition_file", (version,))
    for version in manifests:
        yield _about("row_added", "definition_file", (version,))


def _check_words(conn: Connection, expected: Expected) -> Iterator[Finding]:
    missing = dict(expected.words)
    for row in conn.execute(select(schema.words)):
        about = missing.pop(row.digest, None)
        if about is None:
            yield _about("row_added", "words", (row.digest,))
            continue
        erased = (row.text, row.salt) == (None, None)
        allowed = row.digest in expected.erased or row.event < expected.anonymised
        whole = row.text is not None and seals.words(row.salt, row.text) == row.digest
        if _about_words(row) != about or not (whole or (erased and allowed)):
            yield _about("row_changed", "words", (row.digest,))
    for digest in missing:
        yield _about("row_missing", "words", (digest,))


def _about_words(row: Any) -> Row:
    return row.event, row.person, row.round, row.proposal, row.criterion


def _check_states(conn: Connection, expected: Expected) -> Iterator[Finding]:
    found = _rows(conn, schema.round_state, "round", "state version entrants coverage at")
    yield from _compare("round_state", expected.rounds, found)
    found = _rows(conn, schema.proposal_state, "proposal", "status reason at")
    yield from _compare("proposal_state", expected.proposals, found)


def _check_people(conn: Connection, expected: Expected) -> Iterator[Finding]:
    wanted: dict[Key, Row] = {
        (ref,): (who.role, who.added, who.identity, who.withdrawn, True, who.password)
        for ref, who in expected.people.items()
    }
    found: dict[Key, Row] = {}
    for row in conn.execute(select(schema.person)):
        who = expected.people.get(row.ref)
        known = (
            row.digest == seals.person(row.salt, row.judge, row.name)
            if who is None or who.pseudonym is None
            else (row.judge, row.name, row.salt) == (who.pseudonym or None, "", None)
        )
        password = None
        if (row.login, row.password) != (None, None):
            password = seals.password(row.login, row.password)
        found[row.ref,] = (row.role, row.added, row.digest, row.withdrawn, known, password)
    yield from _compare("person", wanted, found)


def _check_passes(conn: Connection, expected: Expected) -> Iterator[Finding]:
    found = _rows(conn, schema.link, "digest", "person made expires used revoked")
    yield from _compare("link", _passes(expected.links), found)
    found = {
        (row.digest,): (row.person, row.made, row.expires, row.revoked, seals.digest(row.csrf))
        for row in conn.execute(select(schema.session))
    }
    wanted: dict[Key, Row] = {
        (digest,): (kept.person, kept.made, kept.expires, kept.revoked, kept.csrf)
        for digest, kept in expected.sessions.items()
    }
    yield from _compare("session", wanted, found)


def _passes(passes: Mapping[str, Pass]) -> dict[Key, Row]:
    return {
        (digest,): (kept.person, kept.made, kept.expires, kept.used, kept.revoked)
        for digest, kept in passes.items()
    }


def _check_codes(conn: Connection, expected: Expected) -> Iterator[Finding]:
    for row in conn.execute(select(schema.code)).mappings():
        if expected.codes.get(seals.code(dict(row))) != (row["person"], row["guesses"]):
            yield _about("row_changed", "code", (row["handle"],))


def _check_decisions(conn: Connection, expected: Expected) -> Iterator[Finding]:
    found = _rows(conn, schema.decision, "id", "event round proposal what digest undone at")
    yield from _compare("decision", expected.decisions, found)
    for row in conn.execute(select(schema.decision)):
        said = (row.by, row.second, row.why)
        erased = (*said, row.salt) == (None, None, None, None)
        whole = seals.decision(row.salt, *said) == row.digest
        if not whole and not (erased and row.event < expected.anonymised):
            yield _about("row_changed", "decision", (row.id,))


def _check_publications(
    conn: Connection, expected: Expected, hashes: Mapping[int, str]
) -> Iterator[Finding]:
    found: dict[Key, Row] = {}
    for row in conn.execute(select(schema.publication)):
        content = seals.publication(row.result, row.page)
        if row.id in expected.unpublished and (row.result, row.page) == ("", ""):
            content = str(expected.publications[row.id,][1])
        found[row.id,] = (
            row.what, content, row.seq, row.hash, row.at, row.until, row.withdrawn
        )  # fmt: skip
        if row.hash != hashes.get(row.seq, seals.GENESIS):
            yield _about("row_changed", "publication", (row.id,))
    yield from _compare("publication", expected.publications, found)
