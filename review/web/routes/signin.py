"""Signing in and out: a link or a QR code, a short code, an organiser's password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from review.live.policy import Action
from review.store import chain, people, sessions
from review.store.database import now
from review.text import _
from review.web.calling import quick, slow
from review.web.errors import Forbidden, TooMany
from review.web.limits import FAILED_FOR_NAME, FAILED_FROM_ADDRESS, FAILED_OVERALL, network_of
from review.web.rendering import page
from review.web.security import csrf_matches, new_secret
from review.web.viewers import (
    Caller,
    cookie_name,
    drop_cookie,
    find_caller,
    requires,
    set_cookie,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.live.event import Event
    from review.store.people import Person
    from review.web.limits import Limit

router = APIRouter(include_in_schema=False)

#: Seconds that a link waits for its button, and that a form waits to be sent.
WAITING = 900
#: A hash that no password has, so that an unknown login takes as long as a known one.
HASHER = PasswordHasher()
NOBODY = HASHER.hash(new_secret())


@router.get("/", dependencies=[requires(Action.SIGN_IN)])
async def home(request: Request) -> Response:
    """Wherever the visitor belongs."""
    caller = await find_caller(request)
    return RedirectResponse(home_of(caller.person) if caller else "/join", 303)


def home_of(person: Person) -> str:
    """The first page of somebody who signed in."""
    return "/organiser" if person.role == "organiser" else "/judge"


@router.get("/join/{token}", dependencies=[requires(Action.SIGN_IN)])
async def follow_link(request: Request, token: str) -> Response:
    """Take a link's token out of the address, into a cookie; nothing is done with it yet.

    Mail scanners and chat previews follow links, too: only the button behind it signs anybody in
    (ASVS 3.5.3).
    """
    response = RedirectResponse("/join", 303)
    set_cookie(request, response, "link", token, WAITING)
    return response


@router.get("/join", dependencies=[requires(Action.SIGN_IN)])
async def join_page(request: Request, wrong: str = "") -> Response:
    """Whose link it is and a button; without a link, the place to type a code."""
    event: Event = request.app.state.event
    token = request.cookies.get(cookie_name(request, "link"))
    person = await quick(event, _by_link, event, token) if token else None
    problem = _("This link does not work any more. Ask the organiser for another.")
    return _form(
        request, "signin/join.html",
        person=person,
        problem=problem if token and not person else _WRONG.get(wrong, lambda: "")(),
    )  # fmt: skip


_WRONG = {
    "code": lambda: _("That code is wrong, used or too old. Ask the organiser for another."),
    "link": lambda: _("This link does not work any more. Ask the organiser for another."),
    "password": lambda: _("Name or password is wrong."),
}


@router.post("/join", dependencies=[requires(Action.SIGN_IN)])
async def join(
    request: Request, csrf: Annotated[str, Form()] = "", code: Annotated[str, Form()] = ""
) -> Response:
    """Sign in by the link that was followed, or by a code."""
    _check_form(request, csrf)
    event: Event = request.app.state.event
    link = request.cookies.get(cookie_name(request, "link"))
    if code.strip():
        name = people.handle_of(code)
        _check_failures(request, f"code:{name}")
        joined = await slow(event.writer.do, lambda conn: _join_by_code(conn, code))
        if joined is None:
            _count_failure(request, f"code:{name}")
            return RedirectResponse("/join?wrong=code", 303)
    else:
        # Not limited: nobody guesses 256 bits, and somebody who tries keeps nobody else out.
        known = await quick(event, _by_link, event, link) if link else None
        if known is None or link is None:
            return RedirectResponse("/join?wrong=link", 303)
        joined = await slow(event.writer.do, lambda conn: _join_by_link(conn, link))
        if joined is None:  # revoked just now
            return RedirectResponse("/join?wrong=link", 303)
    return await _signed_in(request, *joined)


@router.get("/sign-in", dependencies=[requires(Action.SIGN_IN)])
async def sign_in_page(request: Request, wrong: str = "") -> Response:
    """Where organisers type name and password."""
    return _form(request, "signin/password.html", problem=_WRONG.get(wrong, lambda: "")())


@router.post("/sign-in", dependencies=[requires(Action.SIGN_IN)])
async def sign_in(
    request: Request,
    csrf: Annotated[str, Form()] = "",
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Sign in by name and password."""
    _check_form(request, csrf)
    _check_failures(request, f"login:{login}")
    event: Event = request.app.state.event
    person = await slow(_by_password, event, login, password)
    if person is None:
        _count_failure(request, f"login:{login}")
        await slow(event.writer.do, lambda conn: chain.append(conn, "sign_in_failed", "system", {}))
        return RedirectResponse("/sign-in?wrong=password", 303)
    token = await slow(event.writer.do, lambda conn: sessions.open_session(conn, person.ref, now()))
    return await _signed_in(request, person, token)


@router.post("/sign-out")
async def sign_out(
    request: Request, caller: Annotated[Caller, requires(Action.SIGN_OUT)]
) -> Response:
    """End this session; the browser forgets pages of ours (ASVS 14.3.1)."""
    await slow(caller.event.writer.do, lambda conn: sessions.end(conn, caller.token))
    response = RedirectResponse("/join", 303, {"Clear-Site-Data": '"cache"'})
    drop_cookie(request, response, "session")
    return response


def _form(request: Request, template: str, **context: Any) -> Response:
    """A form of somebody who has no session yet, with a secret of its own."""
    name = cookie_name(request, "form")
    secret = request.cookies.get(name) or new_secret()
    request.state.csrf = secret  # of somebody who is signed in the page has the session's
    response = page(request, template, **context)
    set_cookie(request, response, "form", secret, WAITING)
    return response


def _check_form(request: Request, csrf: str) -> None:
    if request.state.caller:  # whose change `requires` has checked
        return
    secret = request.cookies.get(cookie_name(request, "form"), "")
    if not secret or not csrf_matches(request, secret, csrf):
        raise Forbidden


def _windows(request: Request, name: str) -> list[tuple[Limit, str]]:
    host = network_of(request.client.host) if request.client else ""
    return [(FAILED_OVERALL, ""), (FAILED_FROM_ADDRESS, host), (FAILED_FOR_NAME, name)]


def _check_failures(request: Request, name: str) -> None:
    wait = max(request.app.state.limits.wait(*window) for window in _windows(request, name))
    if wait:
        raise TooMany(wait)


def _count_failure(request: Request, name: str) -> None:
    for window in _windows(request, name):
        request.app.state.limits.count(*window)


def _by_link(event: Event, token: str) -> Person | None:
    with event.database.reading() as conn:
        return people.by_link(conn, token, now())


def _join_by_link(conn: Connection, token: str) -> tuple[Person, str] | None:
    return _with_session(conn, people.use_link(conn, token, now()))


def _join_by_code(conn: Connection, code: str) -> tuple[Person, str] | None:
    return _with_session(conn, people.take_code(conn, code, now()))


def _with_session(conn: Connection, person: Person | None) -> tuple[Person, str] | None:
    return None if person is None else (person, sessions.open_session(conn, person.ref, now()))


def _by_password(event: Event, login: str, password: str) -> Person | None:
    """The organiser of that name, if it is their password; an unknown name takes as long."""
    with event.database.reading() as conn:
        found = people.by_login(conn, login)
    person, stored = found or (None, NOBODY)
    try:
        HASHER.verify(stored, password)
    except Argon2Error:
        return None
    return person


async def _signed_in(request: Request, person: Person, token: str) -> Response:
    event: Event = request.app.state.event
    before = request.cookies.get(cookie_name(request, "session"))
    if before:  # a new session whoever was signed in before (ASVS 7.2.4)
        await slow(event.writer.do, lambda conn: sessions.end(conn, before))
    response = RedirectResponse(home_of(person), 303)
    set_cookie(request, response, "session", token, 7 * 24 * 3600)
    drop_cookie(request, response, "link")
    drop_cookie(request, response, "form")
    return response
