"""Rulings: where people decide and not the marks."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from review.live import rounds as live
from review.live.policy import Action
from review.live.telling import ruled
from review.store import changes
from review.text import _
from review.web.calling import quick, slow
from review.web.routes.organiser import effects, names
from review.web.routes.organiser.shared import reason_needed, show, to, write
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.live.event import Event

router = APIRouter(prefix="/organiser")

BLANK: Mapping[str, str] = MappingProxyType(dict.fromkeys(("what", "by", "second", "why"), ""))
EMPTY: Mapping[str, str] = MappingProxyType({})
#: Places among those tied that a form offers.
TIES = range(1, 10)

Deciding = Annotated[Caller, requires(Action.DECIDE)]
Id = Annotated[str, Form(min_length=1, max_length=1000)]
Name = Annotated[str, Form(min_length=1, max_length=200)]
Why = Annotated[str, Form(min_length=1, max_length=2000)]


@router.get("/decisions")
async def decisions_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.SEE_DECISIONS)],
    round: str = "",  # noqa: A002 -- the word everywhere
    proposal: str = "",
) -> Response:
    """The rulings that stand, and the form of another."""
    return await _page(request, caller, {**BLANK, "round": round, "proposal": proposal})


async def _page(
    request: Request, caller: Caller, said: Mapping[str, str], lacking: Mapping[str, str] = EMPTY
) -> Response:
    """The page with what was `said` in the form, and what is told at the fields `lacking`."""
    problems = {"proposal": "", "by": "", "why": "", **lacking}
    definition = caller.event.definition
    awards = definition.loaded.competition.awards
    return show(
        request, "decisions", "decisions", status=422 if lacking else 200,
        decisions=await quick(caller.event, _standing, caller),
        waiting=await slow(waiting, caller.event),
        rounds=names.rounds(definition), proposals=names.proposals(definition),
        ties=TIES,
        awards=[names.Named(a.id, names.award_title(definition, a.id)) for a in awards],
        said=said, problems=problems,
    )  # fmt: skip


@router.post("/decisions/preview")
async def preview(  # noqa: PLR0913, PLR0917 -- a ruling has these
    request: Request,
    caller: Deciding,
    round: Id,  # noqa: A002
    what: Id,
    proposal: Annotated[str, Form(max_length=1000)] = "",
    by: Annotated[str, Form(max_length=200)] = "",
    why: Annotated[str, Form(max_length=2000)] = "",
    second: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """What a ruling would change; nothing is done yet."""
    definition = caller.event.definition
    hidden = {
        "round": round, "proposal": proposal, "what": what, "by": by, "second": second, "why": why,
    }  # fmt: skip
    if lacking := _lacking(hidden):
        return await _page(request, caller, hidden, lacking)
    _check(caller, round, proposal, what)
    ruling = {
        "round": round, "proposal": proposal, "what": what, "by": by,
        "second": second or None, "why": why,
    }  # fmt: skip
    effect = await slow(effects.of_ruling, caller.event, ruling)
    title = names.proposal(definition, proposal).title
    heading = _("“{title}”: {what}?").format(title=title, what=in_words(caller, what))
    lead = _("{round}. Ruled by {people}: {why}").format(
        round=names.round_title(definition, round),
        people=names.separated([name for name in (by, second) if name]), why=why,
    )  # fmt: skip
    return show(
        request, "decisions", "withdraw", heading=heading, lead=lead, effect=effect,
        action="/organiser/decisions", hidden=list(hidden.items()), asks_why=False,
        button=_("Rule so"), danger=False, back="/organiser/decisions",
    )  # fmt: skip


@router.post("/decisions")
async def decide(  # noqa: PLR0913, PLR0917 -- a ruling has these
    caller: Deciding,
    round: Id,  # noqa: A002
    proposal: Id,
    what: Id,
    by: Name,
    why: Why,
    second: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Record a ruling."""
    _check(caller, round, proposal, what)
    actor = caller.person.ref
    await write(
        caller,
        lambda conn: changes.decide(
            conn, round=round, proposal=proposal, what=what, by=by.strip(),
            second=second.strip() or None, why=why.strip(), actor=actor,
        ),
    )  # fmt: skip
    return to("/organiser/decisions")


def _lacking(said: Mapping[str, str]) -> dict[str, str]:
    """What is said at the fields of a ruling that were left blank."""
    texts = {
        "proposal": _("Choose a proposal."),
        "by": _("Say who rules."),
        "why": reason_needed(),
    }
    return {name: text for name, text in texts.items() if not said.get(name, "").strip()}


def waiting(event: Event) -> list[dict[str, Any]]:
    """The rounds that wait for rulings, by title, and the proposals to rule on."""
    definition = event.definition
    return [
        {
            "id": round_id,
            "title": names.round_title(definition, round_id),
            "proposals": [names.proposal(definition, p) for p in proposals],
        }
        for round_id, proposals in live.undecided(event).items()
    ]


def _check(caller: Caller, round_id: str, proposal: str, what: str) -> None:
    """Refuse a ruling on what is not there."""
    definition = caller.event.definition
    awards = {f"award:{a.id}" for a in definition.loaded.competition.awards}
    known = {"in", "out", *(f"tie:{n}" for n in TIES), *awards}
    rounds = {r.id for r in names.rounds(definition)}
    if round_id not in rounds or proposal not in definition.proposals or what not in known:
        raise HTTPException(404)


@router.get("/decisions/undo")
async def undo_page(request: Request, caller: Deciding, id: int) -> Response:  # noqa: A002
    """What taking a ruling back would change."""
    found = {line["id"]: line for line in await quick(caller.event, _standing, caller)}
    if id not in found:
        raise HTTPException(404)
    line = found[id]
    effect = await slow(effects.of_undoing, caller.event, id)
    return show(
        request, "decisions", "withdraw", effect=effect, asks_why=False, danger=False,
        heading=_("Undo the ruling on “{title}”?").format(title=line["title"]),
        lead=f"{line['round_title']} · {line['what_text']}", button=_("Undo it"),
        action="/organiser/decisions/undo", hidden=[("id", id)], back="/organiser/decisions",
    )  # fmt: skip


@router.post("/decisions/undo")
async def undo(caller: Deciding, id: Annotated[int, Form()]) -> Response:  # noqa: A002
    """Take a ruling back."""
    actor = caller.person.ref
    await write(caller, lambda conn: changes.undo_decision(conn, id, actor=actor))
    return to("/organiser/decisions")


def in_words(caller: Caller, what: str) -> str:
    """A ruling as people say it."""
    return ruled(what, lambda award: names.award_title(caller.event.definition, award))


def _standing(caller: Caller) -> list[dict[str, Any]]:
    definition = caller.event.definition
    with caller.event.database.reading() as conn:
        found = changes.decisions(conn)
    return [
        {
            "id": d.id,
            "title": names.proposal(definition, d.proposal).title,
            "round_title": names.round_title(definition, d.round),
            "what_text": in_words(caller, d.what),
            "by": d.by,
            "second": d.second,
            "why": d.why,
        }
        for d in found
    ]
