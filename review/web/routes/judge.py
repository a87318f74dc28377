"""What judges see and do: their list, a ballot, their own picture."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from review.errors import Refused
from review.live import ballots
from review.live.ballots import Item, OpenBallot
from review.live.definition import Form
from review.live.event import Event
from review.live.picture import Picture, picture
from review.live.policy import Action
from review.messages import Message, in_words
from review.store.people import Person
from review.store.rounds import RoundState
from review.text import LANGUAGES, _, current_language, pick, using
from review.web.calling import quick
from review.web.forms import Filled, fields_of
from review.web.histograms import histogram
from review.web.rendering import STATIC, html, page, static_url
from review.web.routes import device
from review.web.served import serves, state_of, states
from review.web.viewers import Caller, cookie_name, requires, set_cookie

router = APIRouter()
router.include_router(device.router)

Name = Annotated[str, Query(pattern=r"^[^\x00]*$", max_length=500)]
Order = Literal["appearance", "open"]

#: What the pages that a device keeps cannot do without.
STYLES = ("vendor/pico.min.css", "app.css")
SCRIPTS = ("outbox.js", "known.js", "scoring.js", "listing.js", "vendor/idb-keyval.js")
#: Nothing is left for the judge to do there.
SETTLED = frozenset({"done", "abstain", "recused"})
OPEN = frozenset({"todo", "part"})


@router.get("/sw.js", include_in_schema=False, dependencies=[requires(Action.SIGN_IN)])
async def service_worker() -> Response:
    """What opens a judge's pages without a connection; it may only serve what is below it."""
    return Response(_worker(), media_type="text/javascript", headers={"cache-control": "no-cache"})


@cache
def _worker() -> str:
    """The worker's script after what it has to keep: a page is dead without its scripts.

    Digests in the addresses make it another script, which browsers install anew, whenever a file
    is another one; so must those of the scripts, which import each other by their plain names.
    """
    needed = [static_url(name) for name in STYLES] + [f"/static/{name}" for name in SCRIPTS]
    apart = {}
    for language in LANGUAGES:
        with using(language):
            apart[language] = html("judge/apart.html")
    lines = [f"const NEEDED = {json.dumps(needed)};", f"const APART = {json.dumps(apart)};"]
    lines += [f"// {static_url(name)}" for name in SCRIPTS]
    return "\n".join([*lines, (STATIC / "sw.js").read_text("utf-8")])


@router.get("/judge", include_in_schema=False)
async def own_list(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_OWN_LIST)],
    round: Name | None = None,  # noqa: A002 -- the word in the address
    order: Order | None = None,
) -> Response:
    """What there is to mark, how far it is, and what comes next."""
    event = caller.event
    order = order or _order_of(request)
    tabs = await quick(event, _tabs, event, caller.person)
    current = round or _first(tabs)
    if current is None:
        return page(request, "judge/none.html")
    items = await quick(event, ballots.judge_list, event, caller.person, current)
    where = await quick(event, state_of, event, current)
    shown = [_shown(current, item) for item in _ordered(items, order)]
    response = page(
        request, "judge/list.html",
        tabs=tabs, tab=_tab(event.definition.form(current), where), items=shown,
        order=order, next=next((item for item in shown if item["open"]), None),
        done=sum(item.state in SETTLED for item in items),
        all=sum(item.state in SETTLED | OPEN for item in items),
    )  # fmt: skip
    set_cookie(request, response, "order", order)
    return response


@router.get("/judge/score", include_in_schema=False)
async def score_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_BALLOT)],
    round: Name,  # noqa: A002 -- the word in the address
    proposal: Name,
) -> Response:
    """One ballot, to look at or to fill in."""
    ballot = await quick(
        caller.event, ballots.open_ballot, caller.event, caller.person, round, proposal
    )
    return await _score(request, caller, ballot, Filled.stored(ballot.form, ballot.stored))


@router.post("/judge/score", include_in_schema=False)
async def score(
    request: Request,
    caller: Annotated[Caller, requires(Action.RECORD_BALLOT)],
    round: Name,  # noqa: A002 -- the word in the address
    proposal: Name,
) -> Response:
    """Store a ballot that a browser without scripts sends."""
    event, person = caller.event, caller.person
    values = dict(await request.form())
    form = event.definition.form(round)
    filled = Filled.posted(form, values)
    sent = replace(filled.sent(form, proposal, values), op=_operation(values.get("op")))
    try:
        _refuse_without_reason(filled)
        await asyncio.wrap_future(ballots.record(event, person, sent))
    except Refused as refused:
        ballot = await quick(event, ballots.open_ballot, event, person, round, proposal)
        filled = replace(filled, problems=_problems(refused))
        return await _score(request, caller, ballot, filled, refused)
    here = _address("/judge/score", round, proposal)
    if values.get("go") != "next":
        return RedirectResponse(here, 303)
    items = await quick(event, ballots.judge_list, event, person, round)
    left = _neighbours(_ordered(items, _order_of(request)), proposal)[2]
    after = _address("/judge/score", round, left[0].proposal) if left else _list(round)
    return RedirectResponse(after, 303)


@router.get("/judge/picture", include_in_schema=False)
async def own_picture(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_OWN_PICTURE)],
    round: Name,  # noqa: A002 -- the word in the address
) -> Response:
    """A judge's own marks: mean, spread, order, and how often each mark was given."""
    event, form = caller.event, caller.event.definition.form(round)
    items = await quick(event, ballots.judge_list, event, caller.person, round)
    found = await quick(event, picture, event, caller.person, round)
    known = {item.proposal: _shown(round, item) for item in items}
    return page(
        request, "judge/picture.html",
        list=_list(round), round_title=pick(form.title) or round, ballots=found.ballots,
        mean=found.mean, deviation=found.deviation, charts=_charts(form, found),
        order=[
            {**known[at.proposal], "place": at.place, "value": at.value}
            for at in found.order if at.proposal in known
        ],
    )  # fmt: skip


def _charts(form: Form, found: Picture) -> list[dict[str, Any]]:
    """A histogram of each criterion that has marks."""
    made = []
    for criterion in form.rubric.criteria:
        counts, scale = found.histogram[criterion.id], form.rubric.scale_of(criterion)
        if counts:
            title = pick(criterion.title) or criterion.id
            words = [_("{mark}: {count} times").format(mark=f"{m:f}", count=n) for m, n in counts]
            name = f"{title}: {'; '.join(words)}"
            made.append({"title": title, "svg": histogram(counts, scale.min, scale.max, name)})
    return made


async def _score(
    request: Request,
    caller: Caller,
    ballot: OpenBallot,
    filled: Filled,
    refused: Refused | None = None,
) -> Response:
    event, form = caller.event, ballot.form
    items = await quick(event, ballots.judge_list, event, caller.person, form.round)
    before, after, left = _neighbours(_ordered(items, _order_of(request)), ballot.item.proposal)
    place = {p: _address("/judge/score", form.round, p) for p in (before, after) if p}
    return page(
        request, "judge/score.html",
        status=refused.status if refused else 200,
        refused=refused.message.render() if refused else "",
        form=form, round_title=pick(form.title) or form.round,
        item=_shown(form.round, ballot.item), state=ballot.round.state,
        editable=ballot.editable,
        barred=ballot.item.state == "conflict",
        fields=fields_of(form, filled, ballot.stored), filled=filled,
        stored=ballot.stored, draft=ballot.draft, op=str(uuid4()),
        before=place.get(before or ""), after=place.get(after or ""),
        list=_list(form.round),
        left=[
            {
                "proposal": item.proposal, "at": item.at or "",
                "url": _address("/judge/score", form.round, item.proposal),
            }
            for item in left
        ],
    )  # fmt: skip


def _refuse_without_reason(filled: Filled) -> None:
    if filled.say == "recused" and not filled.reason.strip():
        raise Refused(Message("reason_wanted"), 422)


def _problems(refused: Refused) -> dict[str, str]:
    """The problem of each criterion in the reader's language, where they were refused by one."""
    told: Any = refused.details.get("problems", ())
    return {p["criterion"]: p["message"][current_language()] for p in told}


def _operation(value: object) -> str:
    """The operation that a form came with; a new one where it has none to go by."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        return str(uuid4())


def _tabs(event: Event, person: Person) -> list[dict[str, Any]]:
    """The rounds that a judge serves."""
    known = states(event)
    forms = event.definition.forms.values()
    return [_tab(form, known.get(form.round)) for form in forms if serves(form, person)]


def _tab(form: Form, where: RoundState | None) -> dict[str, Any]:
    return {
        "id": form.round,
        "title": pick(form.title) or form.round,
        "state": where.state if where else "planned",
        "list": _list(form.round),
        "picture": "/judge/picture?" + urlencode({"round": form.round}),
    }


def _first(tabs: list[dict[str, Any]]) -> str | None:
    """The round to look at: the last that is open, else the last that has begun, else the first."""
    for wanted in ({"open"}, {"locked", "closed"}, {"planned"}):
        found = [tab["id"] for tab in tabs if tab["state"] in wanted]
        if found:
            return str(found[0] if wanted == {"planned"} else found[-1])
    return None


def _order_of(request: Request) -> Order:
    return "open" if request.cookies.get(cookie_name(request, "order")) == "open" else "appearance"


def _ordered(items: list[Item], order: Order) -> list[Item]:
    """In the order of appearance, or what is left to do first."""
    if order == "appearance":
        return items
    return sorted(items, key=lambda item: item.state not in OPEN)


def _neighbours(items: list[Item], proposal: str) -> tuple[str | None, str | None, list[Item]]:
    """The proposals before and after one, and what else there is to mark, the next one first."""
    names = [item.proposal for item in items]
    if proposal not in names:
        return None, None, []
    at = names.index(proposal)
    left = [item for item in (*items[at + 1 :], *items[:at]) if item.state in OPEN]
    return (
        names[at - 1] if at else None,
        names[at + 1] if at + 1 < len(names) else None,
        left,
    )


def _shown(round_id: str, item: Item) -> dict[str, Any]:
    """A proposal as its judge sees it, put into words."""
    return {
        "id": item.proposal,
        "title": pick(item.title) or _("Proposal {id}").format(id=item.proposal),
        "number": item.order,
        "shown": [(in_words(name), value) for name, value in item.shown.items()],
        "state": item.state,
        "marked": item.marked,
        "wanted": item.wanted,
        "at": item.at,
        "open": item.state in OPEN,
        "url": _address("/judge/score", round_id, item.proposal),
    }


def _address(path: str, round_id: str, proposal: str) -> str:
    return f"{path}?{urlencode({'round': round_id, 'proposal': proposal})}"


def _list(round_id: str) -> str:
    return "/judge?" + urlencode({"round": round_id})
