"""Proposals that drop out and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from review.live.policy import Action
from review.store import changes
from review.text import _
from review.web.calling import quick, slow
from review.web.routes.organiser import effects, names
from review.web.routes.organiser.shared import reason_needed, show, to, write
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from review.live.event import Event

router = APIRouter(prefix="/organiser")

Seeing = Annotated[Caller, requires(Action.SEE_PROPOSALS)]
Changing = Annotated[Caller, requires(Action.CHANGE_PROPOSAL)]
Status = Literal["withdrawn", "disqualified", "absent", "restored"]


@router.get("/proposals")
async def proposals_page(request: Request, caller: Seeing) -> Response:
    """Every proposal with its state."""
    return show(
        request, "proposals", "proposals", proposals=await quick(caller.event, lines, caller.event)
    )


@router.get("/proposal")
async def proposal_page(request: Request, caller: Seeing, proposal: str) -> Response:
    """One proposal, and what can become of it."""
    line = await _line(caller, proposal)
    choices = [
        ("withdrawn", _("It withdraws")),
        ("absent", _("It did not appear")),
        ("disqualified", _("It is disqualified")),
    ]
    if line["status"]:
        choices.append(("restored", _("It takes part again")))
    return show(
        request, "proposals", "proposal", p=line,
        choices=[choice for choice in choices if choice[0] != line["status"]],
        attributes=names.attributes(caller.event.definition, proposal),
    )  # fmt: skip


@router.get("/proposal/status")
async def status_page(
    request: Request, caller: Changing, proposal: str, status: Status
) -> Response:
    """What a status would change."""
    return await _status_page(request, caller, proposal, status)


async def _status_page(
    request: Request, caller: Caller, proposal: str, wanted: Status, **problem: Any
) -> Response:
    line = await _line(caller, proposal)
    effect = await slow(effects.of_proposal, caller.event, proposal, _stored(wanted))
    headings = {
        "withdrawn": _("“{title}” withdraws?"),
        "absent": _("“{title}” did not appear?"),
        "disqualified": _("Disqualify “{title}”?"),
        "restored": _("“{title}” takes part again?"),
    }
    lead = (
        _("Its marks count again, as they were given.")
        if wanted == "restored"
        else _("It stays in the standings, last and without a rank. Its marks are kept; judges are"
               " asked for none any more.")
    )  # fmt: skip
    return show(
        request, "proposals", "withdraw",
        heading=headings[wanted].format(title=line["title"]), lead=lead, effect=effect,
        action="/organiser/proposal/status", asks_why=True, danger=wanted == "disqualified",
        hidden=[("proposal", proposal), ("status", wanted)], button=_("Do it"),
        back="/organiser/proposals", **problem,
    )  # fmt: skip


@router.post("/proposal/status")
async def set_status(
    request: Request,
    caller: Changing,
    proposal: Annotated[str, Form()],
    status: Annotated[Status, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Give a proposal a status, or take it away."""
    await _line(caller, proposal)
    if not why.strip():
        told = {"problem": reason_needed(), "status": 422}
        return await _status_page(request, caller, proposal, status, **told)
    actor, kept = caller.person.ref, _stored(status)
    await write(
        caller, lambda conn: changes.set_proposal_status(conn, proposal, kept, actor=actor, why=why)
    )
    return to("/organiser/proposals")


def _stored(status: str) -> str | None:
    return None if status == "restored" else status


async def _line(caller: Caller, proposal: str) -> dict[str, Any]:
    found = {line["id"]: line for line in await quick(caller.event, lines, caller.event)}
    if proposal not in found:
        raise HTTPException(404)
    return found[proposal]


def lines(event: Event) -> list[dict[str, Any]]:
    """Every proposal: what the table said, and what was said on the day."""
    with event.database.reading() as conn:
        given = changes.statuses(conn)
    found = []
    for proposal, row in event.definition.proposals.items():
        state = given.get(proposal)
        status = state.status if state else row.get("status")
        found.append(
            {
                "id": proposal,
                "title": names.proposal(event.definition, proposal).title,
                "team": row.get("team") or "",
                "status": status,
                "status_text": names.STATUSES[status]() if status else "",
                "reason": state.reason if state else row.get("status_reason"),
            }
        )
    return found
