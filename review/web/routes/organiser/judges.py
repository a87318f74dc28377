"""Judges: ways in, and withdrawing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from review.live.policy import Action
from review.store import changes, sessions
from review.store import people as store
from review.text import N_, _, translate
from review.web.calling import slow
from review.web.routes.organiser import effects, people
from review.web.routes.organiser.shared import (
    base_url,
    is_local,
    live_page,
    qr,
    reason_needed,
    show,
    to,
    write,
)
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.text import Language

router = APIRouter(prefix="/organiser")

Seeing = Annotated[Caller, requires(Action.SEE_PEOPLE)]
Managing = Annotated[Caller, requires(Action.CHANGE_PEOPLE)]
Ref = Annotated[str, Form(max_length=100)]


@router.get("/judges")
async def judges_page(request: Request, caller: Seeing) -> Response:
    """Everybody who judges."""
    return await live_page(request, caller, "judges")


@router.get("/judge")
async def judge_page(request: Request, caller: Seeing, ref: str) -> Response:
    """One judge, and what can be done."""
    return await _page(request, caller, ref)


async def _page(
    request: Request, caller: Caller, ref: str, *, link: Any = None, code: str | None = None
) -> Response:
    judge = await _judge(caller, ref)
    base = base_url(request)
    return show(
        request, "judges", "judge", j=judge, link=link, code=code, address=f"{base}/join",
        base=base, local=is_local(base),
    )  # fmt: skip


async def _judge(caller: Caller, ref: str) -> people.Judge:
    found = {judge.ref: judge for judge in await slow(people.judges, caller.event)}
    if ref not in found:
        raise HTTPException(404)
    return found[ref]


@router.post("/judge/link")
async def make_link(request: Request, caller: Managing, ref: Ref) -> Response:
    """A new link, shown once."""
    await _judge(caller, ref)
    token = await write(caller, lambda conn: store.new_link(conn, ref, actor=caller.person.ref))
    url = f"{base_url(request)}/join/{token}"
    return await _page(request, caller, ref, link={"url": url, "qr": qr(url)})


@router.post("/judge/code")
async def make_code(request: Request, caller: Managing, ref: Ref) -> Response:
    """A code to type, shown once."""
    await _judge(caller, ref)
    code = await write(caller, lambda conn: store.new_code(conn, ref, actor=caller.person.ref))
    return await _page(request, caller, ref, code=code)


@router.post("/judge/revoke")
async def revoke(caller: Managing, ref: Ref) -> Response:
    """End every way in."""
    await _judge(caller, ref)
    await write(caller, lambda conn: store.revoke_links(conn, ref, actor=caller.person.ref))
    return to("/organiser/judge", ref=ref)


@router.post("/judge/sign-out")
async def sign_out(caller: Managing, ref: Ref) -> Response:
    """End every session; links go on working."""
    await _judge(caller, ref)
    await write(caller, lambda conn: sessions.end_all(conn, ref, actor=caller.person.ref))
    return to("/organiser/judge", ref=ref)


How = Literal["kept", "left_out"]


@router.get("/judge/withdraw")
async def withdraw_page(request: Request, caller: Managing, ref: str, how: How) -> Response:
    """What withdrawing a judge would change."""
    return await _withdraw_page(request, caller, ref, how)


async def _withdraw_page(
    request: Request, caller: Caller, ref: str, how: How, **problem: Any
) -> Response:
    judge = await _judge(caller, ref)
    effect = await slow(effects.of_judge, caller.event, ref, how)
    leads = {
        "kept": _("The judge is signed out and marks no more. The marks given so far still count."),
        "left_out": _(
            "The judge is signed out, and none of the marks given so far counts any more."
        ),
    }
    return show(
        request, "judges", "withdraw",
        heading=_("Withdraw {name}?").format(name=judge.name), lead=leads[how], effect=effect,
        action="/organiser/judge/withdraw", hidden=[("ref", ref), ("how", how)], asks_why=True,
        button=_("Withdraw this judge"), danger=True, back=f"/organiser/judge?ref={ref}",
        **problem,
    )  # fmt: skip


@router.post("/judge/withdraw")
async def withdraw(
    request: Request,
    caller: Managing,
    ref: Ref,
    how: Annotated[How, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Withdraw a judge."""
    await _judge(caller, ref)
    if not why.strip():
        return await _withdraw_page(request, caller, ref, how, problem=reason_needed(), status=422)
    actor = caller.person.ref
    await write(caller, lambda conn: changes.withdraw_judge(conn, ref, how, actor=actor, why=why))
    return to("/organiser/judge", ref=ref)


@router.post("/judge/restore")
async def restore(
    caller: Managing, ref: Ref, why: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Take a judge back in."""
    await _judge(caller, ref)
    actor = caller.person.ref
    await write(caller, lambda conn: changes.restore_judge(conn, ref, actor=actor, why=why))
    return to("/organiser/judge", ref=ref)


@router.get("/links")
async def links_page(request: Request, caller: Managing) -> Response:
    """What making a sheet of QR codes would do."""
    found = [j for j in await slow(people.judges, caller.event) if not j.withdrawn]
    counts = {"all": len(found), "new": sum(not j.links for j in found)}
    base = base_url(request)
    return show(request, "judges", "links", counts=counts, base=base, local=is_local(base))


@router.post("/links")
async def links(
    request: Request,
    caller: Managing,
    whom: Annotated[Literal["new", "all"], Form()] = "new",
    before: Annotated[Literal["keep", "revoke"], Form()] = "keep",
) -> Response:
    """A sheet with a new link for every judge, shown once."""
    found = [
        judge
        for judge in await slow(people.judges, caller.event)
        if not judge.withdrawn and (whom == "all" or not judge.links)
    ]
    actor, base = caller.person.ref, base_url(request)

    def make(conn: Connection) -> list[str]:
        if before == "revoke":
            for judge in found:
                store.revoke_links(conn, judge.ref, actor=actor)
        return [store.new_link(conn, judge.ref, actor=actor) for judge in found]

    tokens = await write(caller, make)
    pairs = zip(found, tokens, strict=True)
    blocks = await slow(
        lambda: [_block(judge, f"{base}/join/{token}", base) for judge, token in pairs]
    )
    return show(request, "judges", "sheet", blocks=blocks, base=base, local=is_local(base))


def _block(judge: people.Judge, url: str, base: str) -> dict[str, Any]:
    """One judge's block; the instruction is in both languages whoever prints it."""
    texts = [
        {"lang": lang, "scan": translate(SCAN, lang), "type": translate(TYPE, lang)}
        for lang in SHEET
    ]
    return {
        "name": judge.name, "judge": judge.judge, "qr": qr(url), "texts": texts,
        "address": f"{base}/join",
    }  # fmt: skip


#: The languages of a sheet, whoever prints it.
SHEET: tuple[Language, ...] = ("zh-Hans", "en")
TYPE = N_("No camera? Ask for a code, and type it at the address below.")
SCAN = N_("Scan with your phone's camera, check your name, press the button. For you alone.")
