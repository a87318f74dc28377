"""What judges see and do: their list, a ballot, their own picture, and the API of the outbox."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic import StringConstraints as Constraints
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from review.errors import Refused
from review.live import ballots
from review.live.ballots import Item, OpenBallot
from review.live.definition import Form, typed
from review.live.event import Event
from review.live.picture import Picture, picture
from review.live.policy import Action
from review.messages import Message, in_words
from review.store import rounds
from review.store.database import now
from review.store.people import Person
from review.store.rounds import RoundState
from review.text import _, current_language, pick
from review.web.calling import quick
from review.web.forms import Filled, fields_of
from review.web.histograms import histogram
from review.web.rendering import STATIC, page
from review.web.viewers import Caller, cookie_name, requires, set_cookie

router = APIRouter()

# PostgreSQL takes no NUL, and nobody means one.
Text = Annotated[str, Constraints(pattern=r"^[^\x00]*$", max_length=500)]
LongText = Annotated[str, Constraints(pattern=r"^[^\x00]*$", max_length=10_000)]
Name = Annotated[str, Query(pattern=r"^[^\x00]*$", max_length=500)]
Order = Literal["appearance", "open"]

#: Nothing is left for the judge to do there.
SETTLED = frozenset({"done", "abstain", "recused"})
OPEN = frozenset({"todo", "part"})


class SentMark(BaseModel):
    """A mark or a state on one criterion, and the revision that the judge had seen."""

    model_config = ConfigDict(extra="forbid")

    criterion: Text
    mark: Text | None = None
    state: Literal["missing", "absent", "abstain", "recused"] | None = None
    base: int = Field(default=0, ge=0, le=2**31 - 1)


def _once(marks: list[SentMark]) -> list[SentMark]:
    if len({m.criterion for m in marks}) < len(marks):
        msg = "a criterion is there twice"
        raise ValueError(msg)
    return marks


class SentBallot(BaseModel):
    """A ballot from the outbox of a device."""

    model_config = ConfigDict(extra="forbid")

    op: UUID
    round: Text
    proposal: Text
    rubric: Text
    marks: Annotated[list[SentMark], Field(max_length=500), AfterValidator(_once)]
    comment: LongText | None = None
    client_time: Text | None = None

    def sent(self) -> ballots.Sent:
        """As it is to be stored."""
        return ballots.Sent(
            op=str(self.op),
            round=self.round,
            proposal=self.proposal,
            rubric=self.rubric,
            cells={m.criterion: typed(m.mark, m.state) for m in self.marks},
            base={m.criterion: m.base for m in self.marks},
            comment=self.comment,
            client_time=self.client_time,
        )


class TypedField(BaseModel):
    """What was typed on one criterion, with the title that it had."""

    model_config = ConfigDict(extra="forbid")

    criterion: Text
    title: Text
    text: Text


class Typed(BaseModel):
    """What was typed into a form and not sent."""

    model_config = ConfigDict(extra="forbid")

    rubric: Text
    fields: Annotated[list[TypedField], Field(max_length=500)]
    abstain: Annotated[list[Text], Field(max_length=500)] = []
    say: Literal["mark", "abstain", "recused"] = "mark"
    reason: LongText = ""
    comment: LongText = ""


class Draft(BaseModel):
    """A draft of a ballot; none where `data` is null."""

    model_config = ConfigDict(extra="forbid")

    round: Text
    proposal: Text
    data: Typed | None


@router.post("/api/ballots")
async def record(
    body: SentBallot, caller: Annotated[Caller, requires(Action.RECORD_BALLOT)]
) -> Response:
    """Store a ballot; the same operation again is answered the same and stored once."""
    event = caller.event
    receipt = await asyncio.wrap_future(ballots.record(event, caller.person, body.sent()))
    state = await quick(event, _state_of, event, body.round)
    revisions = [{"criterion": c, "revision": r} for c, r in receipt.revisions.items()]
    return JSONResponse(
        {
            "op": receipt.op, "stored_at": receipt.at, "replay": receipt.replay,
            "revisions": revisions, "round_state": state.state,
        }
    )  # fmt: skip


@router.put("/api/drafts")
async def keep_draft(
    body: Draft, caller: Annotated[Caller, requires(Action.KEEP_DRAFT)]
) -> Response:
    """Keep what was typed and not sent, or forget it."""
    event, person = caller.event, caller.person
    if body.data is None:
        await asyncio.wrap_future(ballots.drop_draft(event, person, body.round, body.proposal))
        return JSONResponse({"kept_at": None})
    kept = ballots.save_draft(event, person, body.round, body.proposal, body.data.model_dump())
    return JSONResponse({"kept_at": await asyncio.wrap_future(kept)})


@router.get("/api/state")
async def state(caller: Annotated[Caller, requires(Action.ASK_STATE)]) -> Response:
    """Who is signed in, and where the rounds stand that they serve."""
    event, person = caller.event, caller.person
    served = [
        f for f in event.definition.forms.values() if caller.is_organiser or _serves(f, person)
    ]
    states = await quick(event, _states, event)
    found = [(form, states.get(form.round)) for form in served]
    return JSONResponse(
        {
            "now": now(),
            "person": person.ref,
            "csrf": caller.session.csrf,
            "rounds": [
                {
                    "round": form.round, "rubric": form.digest,
                    "state": where.state if where else "planned",
                    "version": where.version if where else 0,
                }
                for form, where in found
            ],
        }
    )  # fmt: skip


@router.get("/sw.js", include_in_schema=False, dependencies=[requires(Action.SIGN_IN)])
async def service_worker() -> Response:
    """What opens a judge's pages without a connection; it may only serve what is below it."""
    return FileResponse(
        STATIC / "sw.js", media_type="text/javascript", headers={"cache-control": "no-cache"}
    )


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
    tab = next((t for t in tabs if t["id"] == current), None)
    items = await quick(event, ballots.judge_list, event, caller.person, current)
    shown = [_shown(current, item) for item in _ordered(items, order)]
    response = page(
        request, "judge/list.html",
        tabs=tabs, tab=tab or _tab(event.definition.form(current), None), items=shown,
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
    after = _neighbours(_ordered(items, _order_of(request)), proposal)[2]
    return RedirectResponse(_address("/judge/score", round, after) if after else _list(round), 303)


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
    before, after, go = _neighbours(_ordered(items, _order_of(request)), ballot.item.proposal)
    place = {p: _address("/judge/score", form.round, p) for p in (before, after, go) if p}
    return page(
        request, "judge/score.html",
        status=refused.status if refused else 200,
        refused=refused.message.render() if refused else "",
        form=form, round_title=pick(form.title) or form.round,
        item=_shown(form.round, ballot.item), state=ballot.round.state,
        editable=ballot.editable,
        barred=ballot.item.state == "conflict" or bool(caller.person.withdrawn),
        fields=fields_of(form, filled, ballot.stored), filled=filled,
        stored=ballot.stored, draft=ballot.draft, op=str(uuid4()),
        before=place.get(before or ""), after=place.get(after or ""),
        go=place.get(go or "", _list(form.round)), list=_list(form.round),
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


def _state_of(event: Event, round_id: str) -> RoundState:
    with event.database.reading() as conn:
        return rounds.state(conn, round_id)


def _states(event: Event) -> dict[str, RoundState]:
    with event.database.reading() as conn:
        return dict(rounds.states(conn))


def _serves(form: Form, person: Person) -> bool:
    if form.assigned is not None:
        return any(judge == person.judge for judge, _proposal in form.assigned)
    return person.judge in form.panel


def _tabs(event: Event, person: Person) -> list[dict[str, Any]]:
    """The rounds that a judge serves."""
    states = _states(event)
    forms = event.definition.forms.values()
    return [_tab(form, states.get(form.round)) for form in forms if _serves(form, person)]


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
    return (
        items if order == "appearance" else sorted(items, key=lambda item: item.state not in OPEN)
    )


def _neighbours(items: list[Item], proposal: str) -> tuple[str | None, str | None, str | None]:
    """The proposals before and after one, and the one to mark next."""
    names = [item.proposal for item in items]
    if proposal not in names:
        return None, None, None
    at = names.index(proposal)
    left = [item.proposal for item in (*items[at + 1 :], *items[:at]) if item.state in OPEN]
    return (
        names[at - 1] if at else None,
        names[at + 1] if at + 1 < len(names) else None,
        left[0] if left else None,
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
