"""What machines ask: alive, ready, figures."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from review.errors import StoreError
from review.live.policy import Action
from review.store import chain
from review.web.calling import slow
from review.web.errors import Forbidden
from review.web.metrics import HEAD, exposition
from review.web.security import is_loopback
from review.web.viewers import requires

if TYPE_CHECKING:
    from review.live.event import Event

router = APIRouter(include_in_schema=False)


@router.get("/health", dependencies=[requires(Action.ASK_HEALTH)])
async def health() -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


@router.get("/ready", dependencies=[requires(Action.ASK_HEALTH)])
async def ready(request: Request) -> Response:
    """The database answers and its writer writes: marks can be taken."""
    event: Event = request.app.state.event
    try:
        head = await slow(event.writer.do, chain.head)
    except (SQLAlchemyError, StoreError):
        return JSONResponse({"ready": False}, 503, {"Retry-After": "2"})
    return JSONResponse({"ready": True, "head": head.seq})


@router.get("/metrics", dependencies=[requires(Action.ASK_HEALTH)])
async def metrics(request: Request) -> Response:
    """Figures for Prometheus: to this machine, or to whoever shows the token."""
    wanted = request.app.state.settings.metrics_token
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    local = is_loopback(request.client.host) if request.client else False
    if not (local or (kind.lower() == "bearer" and wanted and _is_same(given, wanted))):
        raise Forbidden
    event: Event = request.app.state.event
    with event.database.reading() as conn:
        HEAD.set(chain.head(conn).seq)
    return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _is_same(given: str, wanted: str) -> bool:
    """Whether a header, which is read as Latin-1, has a text."""
    return secrets.compare_digest(given.encode("latin-1"), wanted.encode())
