"""Live pages: coverage, disagreement, standings; and the event stream behind them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from review.live.policy import Action
from review.store import rounds
from review.text import current_language
from review.web.calling import quick, slow
from review.web.routes.organiser import looks, matrix, names
from review.web.routes.organiser.shared import chosen_round, live_page, show
from review.web.streams import View, draw
from review.web.viewers import Caller, find_caller, requires

router = APIRouter(prefix="/organiser")


@router.get("/coverage")
async def coverage_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_COVERAGE)],
    round: str | None = None,  # noqa: A002
) -> Response:
    """Judge by proposal."""
    chosen = chosen_round(caller, round, live=True)
    tabs = names.rounds(caller.event.definition, live=True)
    if not await quick(caller.event, _has_opened, caller, chosen):
        return show(request, "coverage", "coverage", rounds=tabs, round=chosen, matrix=None)
    shape = await slow(matrix.shape, caller.event, chosen)
    return await live_page(
        request, caller, "coverage", chosen,
        rounds=tabs, round=chosen, matrix=shape, legend=matrix.legend(),
    )  # fmt: skip


@router.get("/disagreement")
async def disagreement_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_COVERAGE)],
    round: str | None = None,  # noqa: A002
) -> Response:
    """Where judges are far apart."""
    chosen = chosen_round(caller, round, live=True)
    tabs = names.rounds(caller.event.definition, live=True)
    if not await quick(caller.event, _has_opened, caller, chosen):
        return show(request, "disagreement", "disagreement", rounds=tabs, round=chosen, any=False)
    return await live_page(
        request, caller, "disagreement", chosen, rounds=tabs, round=chosen, any=True
    )


@router.get("/standings")
async def standings_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_STANDINGS)],
    round: str | None = None,  # noqa: A002
) -> Response:
    """Ranks, shortlist and awards as they stand now."""
    chosen = chosen_round(caller, round)
    tabs = names.rounds(caller.event.definition)
    return await live_page(request, caller, "standings", chosen, rounds=tabs, round=chosen)


@router.get("/events")
async def events(  # noqa: PLR0913, PLR0917 -- an address has these
    request: Request,
    caller: Annotated[Caller, requires(Action.LISTEN)],
    view: str,
    round: str | None = None,  # noqa: A002
    mark: str = "",
    poll: str = "",
) -> Response:
    """What changed in a view since `mark`: as a stream, or at once where none gets through."""
    if view not in looks.VIEWS:
        raise HTTPException(404)
    if view not in {"home", "judges"}:
        round = chosen_round(caller, round or "")  # noqa: A001
    looked_at = View(view, round, current_language())
    if poll:
        return await _at_once(caller, looked_at, mark)

    async def allowed() -> bool:
        found = await find_caller(request)
        return found is not None and found.is_organiser

    return request.app.state.streams.response(  # type: ignore[no-any-return]
        looked_at, request.headers.get("last-event-id") or mark, allowed
    )


async def _at_once(caller: Caller, view: View, mark: str) -> Response:
    snapshot = await slow(looks.look, caller.event, view)
    if snapshot.mark == mark:
        return Response("", headers={"X-Mark": mark})
    frame = await slow(draw, snapshot, None)
    if frame.after(mark) is None:
        return Response(status_code=205)
    body = "".join([part.draw() for part in snapshot.parts])
    return Response(body, media_type="text/html", headers={"X-Mark": snapshot.mark})


def _has_opened(caller: Caller, round_id: str) -> bool:
    with caller.event.database.reading() as conn:
        return rounds.state(conn, round_id).state != "planned"
