"""The organiser's own way in, and those of other organisers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from argon2 import PasswordHasher
from fastapi import APIRouter, Form, Request
from sqlalchemy import select, update
from starlette.responses import Response

from review.live.policy import Action
from review.live.telling import names_of
from review.store import chain, people, schema
from review.store.instants import later, now
from review.text import _
from review.web.calling import quick, slow
from review.web.routes.organiser.passwords import is_common
from review.web.routes.organiser.shared import base_url, is_local, qr, show, to, write
from review.web.viewers import Caller, requires

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

router = APIRouter(prefix="/organiser")

Owning = Annotated[Caller, requires(Action.SET_PASSWORD)]
#: Below it a password is refused (ASVS 6.2.1).
SHORTEST = 8
#: How long the link that invites an organiser works.
INVITED = timedelta(days=1)


@router.get("/account")
async def account_page(request: Request, caller: Owning, saved: str = "") -> Response:
    """Login, sessions, organisers."""
    return await _page(request, caller, saved=bool(saved))


async def _page(request: Request, caller: Caller, **context: Any) -> Response:
    base = base_url(request)
    shown = {
        "problem": "", "link": None, "saved": False, "login": caller.person.login or "",
        "base": base, "local": is_local(base), "name_problem": "",
    }  # fmt: skip
    found = await quick(caller.event, _people_and_sessions, caller)
    return show(request, "account", "account", **{**shown, **found, **context})


def _people_and_sessions(caller: Caller) -> dict[str, Any]:
    session = schema.session.c
    query = (
        select(session.digest, session.made, session.seen)
        .where(
            session.person == caller.person.ref,
            session.revoked.is_(None),
            session.expires > now(),
        )
        .order_by(session.made.desc())
    )
    own = people.digest_of(caller.token)
    with caller.event.database.reading() as conn:
        organisers = people.people(conn, "organiser")
        return {
            "person": people.person(conn, caller.person.ref),
            "organisers": [o for o in organisers if not o.withdrawn],
            "called": names_of(organisers),
            "sessions": [
                {"made": made, "seen": seen, "own": digest == own}
                for digest, made, seen in conn.execute(query)
            ],
        }


@router.post("/account")
async def set_password(
    request: Request,
    caller: Owning,
    login: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Sign in with a name and a password from now on."""
    login = login.strip()
    competition = caller.event.definition.loaded.competition
    problem = trouble(login, password, (competition.id, *competition.title.values()))
    if not problem and await quick(caller.event, _is_taken, caller, login):
        problem = _("Somebody else signs in with this name.")
    if problem:
        return await _page(request, caller, problem=problem, login=login)
    hashed = await slow(PasswordHasher().hash, password)
    ref = caller.person.ref
    await write(caller, lambda conn: people.set_password(conn, ref, login, hashed, actor=ref))
    return to("/organiser/account", saved="yes")


@router.post("/account/name")
async def set_name(
    request: Request, caller: Owning, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Be called otherwise from now on, on pages and in the record."""
    ref, name = caller.person.ref, name.strip()
    if not name:
        return await _page(request, caller, name_problem=_("Type a name."), status=422)
    await write(caller, lambda conn: people.rename(conn, ref, name, actor=ref))
    return to("/organiser/account")


def trouble(login: str, password: str, words: Iterable[str] = ()) -> str:
    """What is wrong with a new login, if anything; `words` are what the event is called."""
    if not login:
        return _("A name to sign in with is wanted.")
    if len(password) < SHORTEST:
        return _("The password is too short: at least 8 characters.")
    if is_common(password, (login, *words)):
        return _("That password is among the first that anybody would try. Take another.")
    return ""


def _is_taken(caller: Caller, login: str) -> bool:
    with caller.event.database.reading() as conn:
        found = people.by_login(conn, login)
    return found is not None and found[0].ref != caller.person.ref


@router.post("/account/sign-out")
async def end_others(caller: Owning) -> Response:
    """End every other session of this organiser."""
    await write(caller, lambda conn: _end_others(conn, caller))
    return to("/organiser/account")


def _end_others(conn: Connection, caller: Caller) -> None:
    ref, session = caller.person.ref, schema.session.c
    others = select(session.digest).where(
        session.person == ref,
        session.digest != people.digest_of(caller.token),
        session.revoked.is_(None),
    )
    for digest in conn.scalars(others).all():
        link = chain.append(conn, "session_ended", ref, {"session": digest})
        conn.execute(update(schema.session).where(session.digest == digest).values(revoked=link.at))


@router.post("/account/organiser")
async def invite(
    request: Request,
    caller: Annotated[Caller, requires(Action.CHANGE_PEOPLE)],
    name: Annotated[str, Form(min_length=1, max_length=200)],
) -> Response:
    """A link for another organiser, shown once."""
    ref = caller.person.ref

    def make(conn: Connection) -> str:
        other = people.add_organiser(conn, name.strip(), actor=ref)
        return people.new_link(conn, other.ref, expires=later(now(), INVITED), actor=ref)

    url = f"{base_url(request)}/join/{await write(caller, make)}"
    return await _page(request, caller, link={"name": name.strip(), "url": url, "qr": qr(url)})
