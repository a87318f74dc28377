"""Publishing results, at once or when an embargo ends, and taking a publication back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from review.live import publishing as live
from review.live.policy import Action
from review.store import publications
from review.store import rounds as store
from review.store.instants import noted, now
from review.text import _
from review.web.calling import quick, slow
from review.web.routes.organiser import names
from review.web.routes.organiser.shared import base_url, show, to
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.live.definition import Definition
    from review.live.event import Event
    from review.store.publications import Publication

router = APIRouter(prefix="/organiser")

Publishing = Annotated[Caller, requires(Action.PUBLISH)]


@router.get("/publish")
async def publish_page(
    request: Request, caller: Annotated[Caller, requires(Action.SEE_PUBLICATIONS)]
) -> Response:
    """What is published, and the form that publishes."""
    return await _page(request, caller)


async def _page(request: Request, caller: Caller, problem: str = "") -> Response:
    context = await quick(caller.event, _context, caller.event)
    address = f"{base_url(request)}/results"
    return show(request, "publish", "publish", problem=problem, address=address, **context)


def _context(event: Event) -> dict[str, Any]:
    definition = event.definition
    with event.database.reading() as conn:
        found = publications.publications(conn)
        states = store.states(conn)
        shown = publications.published(conn, now())
    standing = [p.id for p in found if not p.withdrawn]
    rounds = []
    for named in names.rounds(definition):
        state = states[named.id].state if named.id in states else "planned"
        ready = state == "closed" or named.id not in definition.forms
        rounds.append({"id": named.id, "title": named.title, "state": state, "ready": ready})
    awards = definition.loaded.competition.awards
    ready_rounds = {r["id"] for r in rounds if r["ready"]}
    return {
        "publications": [_line(definition, p, shown, standing) for p in reversed(found)],
        "rounds": rounds,
        "has_awards": bool(awards),
        "awards_ready": {a.round for a in awards} <= ready_rounds,
    }


def _line(
    definition: Definition, p: Publication, shown: Publication | None, standing: list[int]
) -> dict[str, Any]:
    public = shown is not None and shown.id == p.id
    return {
        "id": p.id,
        "what": in_words(definition, p.what),
        "at": p.at,
        "until": p.until,
        "seq": p.seq,
        "hash": p.hash,
        "withdrawn": p.withdrawn,
        "shown": public,
        "replaced": not public and any(other > p.id for other in standing),
    }


def in_words(definition: Definition, what: Mapping[str, Any]) -> str:
    """What a publication has in it."""
    parts = [names.round_title(definition, r) for r in what["rounds"]]
    return names.separated([*parts, _("awards")] if what["awards"] else parts)


@router.post("/publish")
async def publish(  # noqa: PLR0913, PLR0917 -- a form has these
    request: Request,
    caller: Publishing,
    rounds: Annotated[list[str] | None, Form()] = None,
    awards: Annotated[str, Form()] = "",
    until: Annotated[str, Form(max_length=40)] = "",
    local: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Publish rounds and awards."""
    if not rounds:
        return await _page(request, caller, _("Choose at least one round."))
    instant = noted(until)
    if instant is None and (until or local):  # the page's script makes an instant of a local time
        return await _page(request, caller, _("That is no date and time."))
    what = live.What(tuple(rounds or ()), awards=bool(awards))
    await slow(live.publish, caller.event, caller.person, what, until=instant)
    return to("/organiser/publish")


@router.post("/publish/withdraw")
async def withdraw(caller: Publishing, id: Annotated[int, Form()]) -> Response:  # noqa: A002
    """Take a publication back."""
    await slow(live.withdraw, caller.event, caller.person, id)
    return to("/organiser/publish")
