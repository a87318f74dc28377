"""What a judge's device calls: storing ballots and drafts, and asking where the rounds stand."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic import StringConstraints as Constraints
from starlette.responses import JSONResponse, Response

from review.live import ballots
from review.live.definition import typed
from review.live.policy import Action
from review.store.database import now
from review.web.answers import KeptDraft, StateNow, StoredBallot
from review.web.calling import quick
from review.web.served import serves, state_of, states
from review.web.viewers import Caller, requires

router = APIRouter()

# PostgreSQL takes no NUL, and nobody means one.
Text = Annotated[str, Constraints(pattern=r"^[^\x00]*$", max_length=500)]
LongText = Annotated[str, Constraints(pattern=r"^[^\x00]*$", max_length=10_000)]


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


@router.post("/api/ballots", response_model=StoredBallot)
async def record(
    body: SentBallot, caller: Annotated[Caller, requires(Action.RECORD_BALLOT)]
) -> Response:
    """Store a ballot; the same operation again is answered the same and stored once."""
    event = caller.event
    receipt = await asyncio.wrap_future(ballots.record(event, caller.person, body.sent()))
    state = await quick(event, state_of, event, body.round)
    revisions = [{"criterion": c, "revision": r} for c, r in receipt.revisions.items()]
    return JSONResponse(
        {
            "op": receipt.op, "stored_at": receipt.at, "replay": receipt.replay,
            "revisions": revisions, "round_state": state.state,
        }
    )  # fmt: skip


@router.put("/api/drafts", response_model=KeptDraft)
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


@router.get("/api/state", response_model=StateNow)
async def state(caller: Annotated[Caller, requires(Action.ASK_STATE)]) -> Response:
    """Who is signed in, and where the rounds stand that they serve."""
    event, person = caller.event, caller.person
    served = [
        f for f in event.definition.forms.values() if caller.is_organiser or serves(f, person)
    ]
    known = await quick(event, states, event)
    found = [(form, known.get(form.round)) for form in served]
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
