"""What a judge has typed and not yet sent, kept on the server as well as in the browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from review.store import schema, seals
from review.store.instants import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

_DRAFT = schema.draft.c


def save_draft(
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
    person: str,
    proposal: str,
    data: Mapping[str, object],
) -> str:
    """Keep a draft in the place of the one before; the instant."""
    drop_draft(conn, round, person, proposal)
    at = now()
    conn.execute(
        insert(schema.draft),
        {
            "round": round, "person": person, "proposal": proposal,
            "data": seals.canonical(dict(data)), "at": at,
        },
    )  # fmt: skip
    return at


def draft(
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
    person: str,
    proposal: str,
) -> dict[str, object] | None:
    """The draft of a ballot."""
    text = conn.scalar(select(_DRAFT.data).where(_is(round, person, proposal)))
    if text is None:
        return None
    found: dict[str, object] = json.loads(text)
    return found


def drop_draft(
    conn: Connection,
    round: str,  # noqa: A002 -- the word everywhere
    person: str,
    proposal: str,
) -> None:
    """Forget a draft, as when its ballot was stored."""
    conn.execute(delete(schema.draft).where(_is(round, person, proposal)))


def _is(round_id: str, person: str, proposal: str) -> ColumnElement[bool]:
    return (_DRAFT.round == round_id) & (_DRAFT.person == person) & (_DRAFT.proposal == proposal)
