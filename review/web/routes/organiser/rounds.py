"""The first page: every round, how far it is, and what to do with it next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from review.errors import Refused
from review.live import rounds as live
from review.live.coverage import coverage
from review.live.policy import Action
from review.store import rounds as store
from review.text import _, counted
from review.web.calling import slow
from review.web.routes.organiser import looks, matrix, names, people
from review.web.routes.organiser.shared import (
    chosen_round,
    live_page,
    reason_needed,
    show,
)
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from review.live.event import Event
    from review.store.rounds import RoundState

router = APIRouter(prefix="/organiser")

#: The fields that say what a change still lacks, by what it is refused for.
FIELDS = {"reason_needed": "why", "dependants_open": "confirmed"}
#: Proposals and judges named before a round closes without all of its marks.
SHOWN = 10


@router.get("")
async def home(request: Request, caller: Annotated[Caller, requires(Action.SEE_EVENT)]) -> Response:
    """Rounds with their states and coverage."""
    judges = await slow(people.judges, caller.event)
    return await live_page(
        request, caller, "home",
        judges_without_link=sum(not (j.links or j.sessions or j.withdrawn) for j in judges),
        derived_rounds=names.rounds(caller.event.definition, live=False),
        updates=await slow(_updates, caller.event),
    )  # fmt: skip


def _updates(event: Event) -> list[names.Named]:
    """The rounds that have begun with other entrants than they would begin with now."""
    return [
        found
        for found in names.rounds(event.definition, live=True)
        if event.definition.loaded.competition.round(found.id).entrants is not None
        and live.entrants_update(event, found.id) is not None
    ]


@router.get("/round")
async def change_page(
    request: Request,
    caller: Annotated[Caller, requires(Action.CHANGE_ROUND)],
    round: str,  # noqa: A002
    to: str,
) -> Response:
    """What changing the state of a round would do, and the button that does it."""
    chosen = chosen_round(caller, round, live=True)
    state = await slow(_state, caller.event, chosen)
    if to == "entrants":
        return show(request, "home", "round", **await slow(_entering, caller.event, chosen, state))
    if to not in dict(looks.STEPS[state.state]()):
        raise HTTPException(404)
    return show(request, "home", "round", **await slow(_change, caller.event, chosen, state, to))


@router.post("/round")
async def change(  # noqa: PLR0913, PLR0917 -- a form has these
    request: Request,
    caller: Annotated[Caller, requires(Action.CHANGE_ROUND)],
    round: str,  # noqa: A002
    to: Literal["open", "locked", "closed", "entrants"],
    version: Annotated[int, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
    confirmed: Annotated[str, Form()] = "",
) -> Response:
    """Change the state of a round that is still as the page showed it."""
    chosen = chosen_round(caller, round, live=True)
    said = Said(chosen, to, version, why, bool(confirmed))
    try:
        await slow(_do, caller, said)
    except Refused as refused:
        state = await slow(_state, caller.event, chosen)
        if refused.code not in FIELDS or to not in dict(looks.STEPS[state.state]()):
            raise
        context = await slow(_change, caller.event, chosen, state, to)
        context["problems"][FIELDS[refused.code]] = _sentence(refused)
        context["why"] = why
        return show(request, "home", "round", status=refused.status, **context)
    return RedirectResponse("/organiser", 303)


def _sentence(refused: Refused) -> str:
    """A refusal as it stands at a field."""
    if refused.code == "reason_needed":
        return reason_needed()
    told = refused.message.render()
    return told[:1].upper() + told[1:]


@dataclass(frozen=True, slots=True)
class Said:
    """What an organiser said on the page of a change."""

    round: str
    to: str
    version: int
    why: str
    confirmed: bool


def _do(caller: Caller, said: Said) -> None:
    event, person = caller.event, caller.person
    if said.to == "entrants":
        live.update_entrants(event, person, said.round, said.version)
    elif said.to == "locked":
        live.lock(event, person, said.round, said.version)
    elif said.to == "closed":
        live.close(event, person, said.round, said.version, why=said.why)
    elif _state(event, said.round).state == "planned":
        live.open_round(event, person, said.round, said.version)
    else:
        live.reopen(event, person, said.round, said.version, why=said.why, confirmed=said.confirmed)


def _state(event: Event, chosen: str) -> RoundState:
    with event.database.reading() as conn:
        return store.state(conn, chosen)


def _change(event: Event, chosen: str, state: RoundState, wanted: str) -> dict[str, Any]:
    """What the page of a change says."""
    title = names.round_title(event.definition, chosen)
    counts = coverage(event, chosen) if state.state != "planned" else None
    figures: dict[str, Any] = {
        "id": chosen, "version": state.version, "state": state.state,
        "marked": counts.marked if counts else 0, "expected": counts.expected if counts else 0,
        "missing": counts.missing if counts else 0,
    }  # fmt: skip
    context: dict[str, Any] = {
        "round": figures, "to": wanted, "obstacle": None, "short": [], "behind": [],
        "asks_why": False, "why_required": False, "confirm": "",
        "problems": {"why": "", "confirmed": ""}, "why": "", "rule_first": False,
        "button": dict(looks.STEPS[state.state]())[wanted],
    }  # fmt: skip
    texts = {
        ("planned", "open"): _opening,
        ("open", "locked"): _locking,
        ("locked", "open"): _unlocking,
        ("locked", "closed"): _closing,
        ("closed", "open"): _reopening,
    }
    context.update(texts[state.state, wanted](event, chosen, figures))
    context["heading"] = context["heading"].format(title=title)
    if counts and wanted in {"locked", "closed"}:
        context["behind"] = [
            (b.name or b.judge, b.done, matrix.ballots(b)) for b in counts.behind[:SHOWN]
        ]
    return context


def _entering(event: Event, chosen: str, state: RoundState) -> dict[str, Any]:
    """What bringing the entrants of a round up to date would do."""
    title = names.round_title(event.definition, chosen)
    counts = coverage(event, chosen)
    context: dict[str, Any] = {
        "round": {
            "id": chosen, "version": state.version, "state": state.state,
            "marked": counts.marked, "expected": counts.expected,
        },
        "heading": _("Bring the entrants of “{title}” up to date?").format(title=title),
        "to": "entrants", "obstacle": None, "behind": [], "asks_why": False, "why_required": False,
        "confirm": "", "button": _("Bring them up to date"), "will": [],
        "problems": {"why": "", "confirmed": ""}, "why": "", "rule_first": False,
    }  # fmt: skip
    update = live.entrants_update(event, chosen)
    if update is None:
        context["obstacle"] = _("They are as they should be.")
        return context
    for proposal in update.added:
        found = names.proposal(event.definition, proposal)
        context["will"].append(_("{title} comes in.").format(title=found.title))
    for proposal in update.removed:
        found = names.proposal(event.definition, proposal)
        context["will"].append(
            _("{title} leaves; its marks stay in the record.").format(title=found.title)
        )
    return context


def _opening(event: Event, chosen: str, _figures: dict[str, Any]) -> dict[str, Any]:
    heading = _("Open “{title}”?")
    try:
        entrants = live.entrants_now(event, chosen)
    except Refused as refused:
        return {
            "heading": heading, "obstacle": refused.message.render(), "will": [],
            "rule_first": refused.code == "shortlist_undecided",
        }  # fmt: skip
    judges = len(event.definition.forms[chosen].panel)
    return {
        "heading": heading,
        "will": [
            counted("{count} proposal enters; the list is fixed from then on.",
                    "{count} proposals enter; the list is fixed from then on.", len(entrants)),
            counted("{count} judge sees it on the phone and can mark.",
                    "{count} judges see it on their phones and can mark.", judges),
            _("You can lock it again at any time."),
        ],
    }  # fmt: skip


def _locking(_event: Event, _chosen: str, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": _("Lock “{title}”?"),
        "will": [
            _("Judges see their marks and can change nothing any more."),
            _("Marks that wait on a phone without a connection are not taken; the judge is told."),
            looks.sentence(figures["expected"], figures["marked"], figures["missing"]),
            _("You can open it again, or close it."),
        ],
    }


def _unlocking(_event: Event, _chosen: str, _figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": _("Open “{title}” again?"),
        "asks_why": True,
        "why_required": True,
        "will": [_("Judges can mark and correct again."), _("The entrants stay as they are.")],
    }


def _closing(_event: Event, _chosen: str, figures: dict[str, Any]) -> dict[str, Any]:
    missing = figures["missing"]
    will = [
        _("The round is closed with {marked} of {expected} marks; this coverage goes into the"
          " record.").format(**figures),
        _("Rounds that take their entrants from it can open, and it can be published."),
    ]  # fmt: skip
    if missing:
        line = _("What is missing stays missing: it counts neither as zero nor as anything else.")
        will.insert(1, line)
    return {
        "heading": _("Close “{title}”?"),
        "asks_why": True,
        "why_required": bool(missing),
        "will": will,
    }


def _reopening(_event: Event, _chosen: str, _figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": _("Reopen “{title}”?"),
        "asks_why": True,
        "why_required": True,
        "confirm": _(
            "I know that rounds which took their entrants from this one stay as they are."
        ),
        "will": [
            _("Judges can mark and correct again; standings may change."),
            _("What was published stays as it is until you publish again or withdraw it."),
        ],
    }
