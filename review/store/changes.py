"""What organisers change during an event: statuses, judges, rulings, the definition itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select, update

from review.errors import Refused
from review.messages import Message
from review.store import chain, people, schema, seals
from review.store.instants import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_PROPOSAL = schema.proposal_state.c
_DECISION = schema.decision.c
_DEFINITION = schema.definition.c
_FILE = schema.definition_file.c


@dataclass(frozen=True, slots=True)
class ProposalState:
    """A status that was given during the event; None: restored. `reason` is None once erased."""

    proposal: str
    status: str | None
    reason: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A ruling; `undone` is the number of the event that took it back."""

    id: int
    round: str
    proposal: str
    what: str
    by: str | None
    second: str | None
    why: str | None
    undone: int | None
    at: str


class DefinitionHead(NamedTuple):
    """A version of the definition without its files."""

    version: int
    at: str
    rules: str
    manifest: str


def set_proposal_status(
    conn: Connection, proposal: str, status: str | None, *, actor: str, why: str
) -> ProposalState:
    """Give a proposal a status (withdrawn, disqualified …), or None to restore it."""
    data = {"proposal": proposal, "status": status}
    link, reason = chain.append_said(conn, "proposal_status", actor, data, why)
    values = {"status": status, "reason": reason, "at": link.at}
    known = conn.scalar(select(_PROPOSAL.proposal).where(_PROPOSAL.proposal == proposal))
    if known is None:
        conn.execute(insert(schema.proposal_state), {"proposal": proposal, **values})
    else:
        conn.execute(
            update(schema.proposal_state).where(_PROPOSAL.proposal == proposal).values(**values)
        )
    return ProposalState(proposal, status, why or None, link.at)


def statuses(conn: Connection) -> dict[str, ProposalState]:
    """What has become of proposals during the event, by id."""
    words = schema.words.c
    query = select(_PROPOSAL.proposal, _PROPOSAL.status, words.text, _PROPOSAL.at).join_from(
        schema.proposal_state, schema.words, words.digest == _PROPOSAL.reason, isouter=True
    )
    return {row[0]: ProposalState(*row) for row in sorted(conn.execute(query))}


def withdraw_judge(conn: Connection, ref: str, how: str, *, actor: str, why: str) -> None:
    """Take a judge out; the marks given are `kept` or `left_out`. Every way in ends."""
    _set_withdrawn(conn, ref, how, actor, why)
    people.revoke_links(conn, ref, actor=actor)


def restore_judge(conn: Connection, ref: str, *, actor: str, why: str) -> None:
    """Take a judge back in, who needs a new link."""
    _set_withdrawn(conn, ref, None, actor, why)


def _set_withdrawn(conn: Connection, ref: str, how: str | None, actor: str, why: str) -> None:
    if people.person(conn, ref) is None:
        raise Refused(Message("person_unknown", {"person": ref}), 404)
    kind = "judge_restored" if how is None else "judge_withdrawn"
    chain.append_said(conn, kind, actor, {"person": ref, "how": how}, why)
    conn.execute(update(schema.person).where(schema.person.c.ref == ref).values(withdrawn=how))


def decide(  # noqa: PLR0913 -- what a ruling is
    conn: Connection,
    *,
    round: str,  # noqa: A002 -- the word everywhere
    proposal: str,
    what: str,
    by: str,
    second: str | None,
    why: str,
    actor: str,
) -> int:
    """Record a ruling; its number, to undo it by."""
    salt = secrets.token_hex(16)
    digest = seals.decision(salt, by, second, why)
    number = (conn.scalar(select(func.max(_DECISION.id))) or 0) + 1
    link = chain.append(
        conn, "decided", actor,
        {
            "decision": number, "round": round, "proposal": proposal, "what": what,
            "ruling": digest,
        },
    )  # fmt: skip
    conn.execute(
        insert(schema.decision),
        {
            "id": number, "event": link.seq, "round": round, "proposal": proposal, "what": what,
            "by": by, "second": second, "why": why, "salt": salt, "digest": digest, "at": link.at,
        },
    )  # fmt: skip
    return number


def undo_decision(conn: Connection, number: int, *, actor: str) -> None:
    """Take a ruling back; it stays in the record. Refused where there is none to take back."""
    known = conn.scalar(
        select(_DECISION.id).where(_DECISION.id == number, _DECISION.undone.is_(None))
    )
    if known is None:
        raise Refused(Message("ruling_gone"), 404)
    link = chain.append(conn, "decision_undone", actor, {"decision": number})
    conn.execute(update(schema.decision).where(_DECISION.id == number).values(undone=link.seq))


def decisions(conn: Connection, *, undone: bool = False) -> list[Decision]:
    """The rulings that stand, in their order; with `undone` those taken back as well."""
    query = select(
        _DECISION.id, _DECISION.round, _DECISION.proposal, _DECISION.what, _DECISION.by,
        _DECISION.second, _DECISION.why, _DECISION.undone, _DECISION.at,
    ).order_by(_DECISION.id)  # fmt: skip
    if not undone:
        query = query.where(_DECISION.undone.is_(None))
    return [Decision(*row) for row in conn.execute(query)]


def add_definition(
    conn: Connection, files: Mapping[str, bytes], rules: str, *, actor: str = chain.SYSTEM
) -> int:
    """Keep a version of the definition: its files by path, the digest of its rules."""
    version = (conn.scalar(select(func.max(_DEFINITION.version))) or 0) + 1
    rows = []
    for path, content in sorted(files.items()):
        salt = secrets.token_hex(16)
        rows.append(
            {
                "version": version, "path": path, "content": content, "salt": salt,
                "digest": seals.salted(salt, content),
            }
        )  # fmt: skip
    manifest = seals.manifest((str(row["path"]), str(row["digest"])) for row in rows)
    at = now()
    conn.execute(
        insert(schema.definition),
        {"version": version, "at": at, "rules": rules, "manifest": manifest},
    )
    if rows:
        conn.execute(insert(schema.definition_file), rows)
    chain.append(
        conn, "definition", actor,
        {"version": version, "at": at, "rules": rules, "manifest": manifest},
    )  # fmt: skip
    return version


def definition(conn: Connection, version: int | None = None) -> tuple[int, dict[str, bytes]]:
    """A version's number and files (default: the last); 0 and none where there is none.

    Files that were erased are left out.
    """
    if version is None:
        version = conn.scalar(select(func.max(_DEFINITION.version))) or 0
    rows = conn.execute(
        select(_FILE.path, _FILE.content).where(
            _FILE.version == version, _FILE.content.is_not(None)
        )
    )
    return version, {path: bytes(content) for path, content in sorted(rows)}


def definitions(conn: Connection) -> list[DefinitionHead]:
    """Every version, without its files."""
    query = select(
        _DEFINITION.version, _DEFINITION.at, _DEFINITION.rules, _DEFINITION.manifest
    ).order_by(_DEFINITION.version)
    return [DefinitionHead(*row) for row in conn.execute(query)]
