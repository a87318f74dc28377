"""Who did what when, and whether the record is unbroken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from starlette.responses import Response

from review.live.policy import Action
from review.live.telling import Teller
from review.store import chain, schema
from review.web.calling import slow
from review.web.routes.organiser.shared import show
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from sqlalchemy import Connection

router = APIRouter(prefix="/organiser")

#: Events on a page.
PAGE = 100
#: Events that come by the thousand and decide nothing.
ROUTINE = (
    "ballot", "ballot_imported", "session_opened", "session_ended", "signed_in", "signed_out",
    "link_used", "code_used", "code_missed", "sign_in_failed", "judge_added",
)  # fmt: skip


@router.get("/record")
async def record_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_RECORD)],
    before: Annotated[int | None, Query(ge=1)] = None,
    shown: Annotated[str, Query(alias="show")] = "decided",
    check: str = "",
) -> Response:
    """The events, newest first."""
    context = await slow(_context, caller, before, everything=shown == "all", check=bool(check))
    return show(request, "record", "record", **context)


def _context(
    caller: Caller, before: int | None, *, everything: bool, check: bool
) -> dict[str, Any]:
    with caller.event.database.reading() as conn:
        head = chain.head(conn)
        findings = [f.message.render() for f in chain.verify(conn)] if check else None
        found = newest(conn, before or head.seq + 1, everything=everything)
        teller = Teller(conn, caller.event.definition)
        lines = [
            {"seq": e.seq, "at": e.at, "who": teller.actor(e), "text": teller.what(e)}
            for e in found[:PAGE]
        ]
    return {
        "head": head,
        "findings": findings,
        "show": "all" if everything else "decided",
        "lines": lines,
        "older": found[PAGE - 1].seq if len(found) > PAGE else None,
        "first": before is None,
    }


def newest(conn: Connection, before: int, *, everything: bool) -> list[chain.Event]:
    """The events before a number, the newest first: one more than a page has."""
    event = schema.event.c
    query = (
        select(event.seq, event.at, event.kind, event.actor, event.data, event.prev, event.hash)
        .where(event.seq < before)
        .order_by(event.seq.desc())
        .limit(PAGE + 1)
    )
    if not everything:
        query = query.where(event.kind.not_in(ROUTINE))
    return [
        chain.Event(seq, at, kind, actor, json.loads(data), prev, digest)
        for seq, at, kind, actor, data, prev, digest in conn.execute(query)
    ]
