"""Publishing results, at once or when an embargo ends, and taking a publication back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from review.errors import Refused
from review.live import publishing as live
from review.live.policy import Action
from review.live.rounds import is_over
from review.store import publications
from review.store import rounds as store
from review.store.instants import noted, now
from review.text import _
from review.web.calling import quick, slow
from review.web.routes.organiser import names, tables
from review.web.routes.organiser.results import parsed
from review.web.routes.organiser.shared import base_url, is_local, show, to
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.live.definition import Definition
    from review.live.event import Event
    from review.store.publications import Publication
    from review.store.rounds import RoundState

router = APIRouter(prefix="/organiser")

#: Ranks that a preview names.
FIRST = 3

Publishing = Annotated[Caller, requires(Action.PUBLISH)]


@router.get("/publish")
async def publish_page(
    request: Request, caller: Annotated[Caller, requires(Action.SEE_PUBLICATIONS)]
) -> Response:
    """What is published, and the form that publishes."""
    return await _page(request, caller)


async def _page(request: Request, caller: Caller, problem: str = "") -> Response:
    context = await quick(caller.event, _context, caller.event)
    base = base_url(request)
    return show(
        request, "publish", "publish", problem=problem, address=f"{base}/results", base=base,
        local=is_local(base), **context,
    )  # fmt: skip


def _context(event: Event) -> dict[str, Any]:
    definition = event.definition
    with event.database.reading() as conn:
        found = publications.publications(conn)
        states = store.states(conn)
        shown = publications.published(conn, now())
    standing = [p.id for p in found if not p.withdrawn]
    rounds = [_round(definition, named, states) for named in names.rounds(definition)]
    return {
        "publications": [_line(definition, p, shown, standing) for p in reversed(found)],
        "rounds": rounds,
        "has_awards": bool(definition.loaded.competition.awards),
        "awards_ready": _awards_ready(definition, rounds),
    }


def _round(
    definition: Definition, named: names.Named, states: Mapping[str, RoundState]
) -> dict[str, Any]:
    """A round to choose; one without marks of its own is as far as those it is made of."""
    ready = is_over(definition, named.id, states)
    state = states[named.id].state if named.id in states else "closed" if ready else "planned"
    return {"id": named.id, "title": named.title, "state": state, "ready": ready}


def _awards_ready(definition: Definition, rounds: Sequence[Mapping[str, Any]]) -> bool:
    awards = definition.loaded.competition.awards
    return {a.round for a in awards} <= {r["id"] for r in rounds if r["ready"]}


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organiser chose to publish, from the instant `until` on if there is one."""

    what: live.What
    until: str
    problem: str


async def _asked(
    caller: Publishing,
    rounds: Annotated[list[str] | None, Form()] = None,
    awards: Annotated[str, Form()] = "",
    until: Annotated[str, Form(max_length=40)] = "",
    local: Annotated[str, Form(max_length=40)] = "",
) -> Asked:
    what = live.What(tuple(rounds or ()), awards=bool(awards))
    problem = await quick(caller.event, _trouble, caller.event, what)
    if noted(until) is None and (until or local):  # the page's script makes an instant of `local`
        problem = problem or _("That is no date and time.")
    return Asked(what, until, problem)


def _trouble(event: Event, what: live.What) -> str:
    """Why this cannot be published as things stand; nothing where it can."""
    if not what.rounds:
        return _("Choose at least one round.")
    context = _context(event)
    for found in context["rounds"]:
        if found["id"] in what.rounds and not found["ready"]:
            return _("“{title}” is not closed yet.").format(title=found["title"])
    if what.awards and not context["awards_ready"]:
        return _("The awards can be published when all their rounds are closed.")
    return ""


@router.post("/publish/preview")
async def preview(
    request: Request, caller: Publishing, asked: Annotated[Asked, Depends(_asked)]
) -> Response:
    """What everybody would see; nothing is published yet."""
    if asked.problem:
        return await _page(request, caller, asked.problem)
    return await _preview(request, caller, asked)


async def _preview(request: Request, caller: Caller, asked: Asked, problem: str = "") -> Response:
    found = await slow(live.preview, caller.event, asked.what)
    definition = caller.event.definition
    result = parsed(found.derived.text or "")
    return show(
        request, "publish", "preview", status=409 if problem else 200, problem=problem,
        asked=asked, seen=found.seal, address=f"{base_url(request)}/results",
        state=result["state"], awards=tables.awards(result),
        rounds=[tables.standings(r, names.criteria(definition, r["id"])) for r in result["rounds"]],
        first=FIRST, with_=[names.round_title(definition, r) for r in found.shown_with],
    )  # fmt: skip


@router.post("/publish")
async def publish(
    request: Request,
    caller: Publishing,
    asked: Annotated[Asked, Depends(_asked)],
    seen: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Publish rounds and awards, as the preview showed them."""
    if asked.problem:
        return await _page(request, caller, asked.problem)
    until = noted(asked.until)
    try:
        await slow(
            live.publish, caller.event, caller.person, asked.what, until=until, seen=seen or None
        )
    except Refused as refused:
        if refused.code != "result_changed":
            raise
        changed = _("The results have changed since this page showed them. Look again.")
        return await _preview(request, caller, asked, changed)
    return to("/organiser/publish")


@router.post("/publish/withdraw")
async def withdraw(caller: Publishing, id: Annotated[int, Form()]) -> Response:  # noqa: A002
    """Take a publication back."""
    await slow(live.withdraw, caller.event, caller.person, id)
    return to("/organiser/publish")
