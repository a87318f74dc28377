"""Who is asking: from a cookie to a person, and what the policy lets that person do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import Depends, Request

from review.live.policy import Action, Phase, Viewer, allows
from review.store import rounds, sessions
from review.store.database import now
from review.store.instants import later
from review.web.calling import quick
from review.web.errors import Forbidden, SignedOut, TooMany
from review.web.limits import WRITES
from review.web.security import SAFE, csrf_matches

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from starlette.responses import Response

    from review.live.event import Event
    from review.store.people import Person
    from review.store.sessions import Session

#: A browser gives a cookie of the first name back over TLS alone, and to this host alone.
SECURE_COOKIE, PLAIN_COOKIE = "__Host-{}", "{}-lan"
#: How long after it was last written down as used a session is so again.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """A person who is signed in, in an event."""

    event: Event
    session: Session
    token: str

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.session.person

    @property
    def viewer(self) -> Viewer:
        """What the policy knows of them."""
        return Viewer(self.person.role, self.person.ref)

    @property
    def is_organiser(self) -> bool:
        """Whether they run the event."""
        return self.person.role == "organiser"


PUBLIC = Viewer("public", None)


def cookie_name(request: Request, name: str) -> str:
    """`session` → the cookie's name: over TLS one that only this host can have set."""
    return (SECURE_COOKIE if request.url.scheme == "https" else PLAIN_COOKIE).format(name)


def set_cookie(
    request: Request, response: Response, name: str, value: str, seconds: int | None = None
) -> None:
    """Give a browser a value to keep for us alone (ASVS 3.3.1 to 3.3.4)."""
    response.set_cookie(
        cookie_name(request, name), value, max_age=seconds, path="/",
        secure=request.url.scheme == "https", httponly=True, samesite="lax",
    )  # fmt: skip


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take it back."""
    set_cookie(request, response, name, "", 0)


async def find_caller(request: Request) -> Caller | None:
    """The person whose session the request carries; None where nobody is signed in."""
    token = request.cookies.get(cookie_name(request, "session"))
    event: Event = request.app.state.event
    session = await quick(event, _session, event, token) if token else None
    caller = Caller(event, session, token) if session and token else None
    if caller:
        _note_use(caller)
    request.state.caller = caller
    return caller


def _note_use(caller: Caller) -> None:
    """Have it written down, now and then, that a session is in use; nobody waits for that."""
    at = now()
    if caller.session.seen < later(at, -SEEN_EVERY):
        caller.event.writer.submit(lambda conn: sessions.touch(conn, caller.token, at))


def _session(event: Event, token: str) -> Session | None:
    with event.database.reading() as conn:
        return sessions.find(conn, token, now())


def requires(action: Action) -> Any:
    """A route's dependency: who asks, if the policy lets them; the route is known by `action`.

    The policy looks at the round that the address names, if it names one. Changes need the secret
    of the session, in the form or in the header `X-CSRF-Token`.
    """
    return Depends(_requiring(action))


def _requiring(action: Action) -> Callable[[Request], Awaitable[Caller | None]]:
    async def check(request: Request) -> Caller | None:
        if action is Action.ASK_HEALTH and allows(PUBLIC, action, Phase()):
            return None  # without a look into the database, which may be what ails
        caller = await find_caller(request)
        event: Event = request.app.state.event
        viewer = caller.viewer if caller else PUBLIC
        phase = await quick(event, phase_of, event, request.query_params.get("round"))
        if not allows(viewer, action, phase):
            raise Forbidden if caller else SignedOut
        if caller and request.method not in SAFE:
            await _check_change(request, caller)
        return caller

    check.action = action  # type: ignore[attr-defined]
    return check


async def _check_change(request: Request, caller: Caller) -> None:
    """Refuse a change that no page of this session asked for, and floods."""
    sent = None
    if request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        # No form of ours has files, and whoever sends some is told so.
        value = (await request.form(max_files=0)).get("csrf")
        sent = value if isinstance(value, str) else None
    if not csrf_matches(request, caller.session.csrf, sent):
        raise Forbidden
    limits = request.app.state.limits
    wait = limits.wait(WRITES, caller.session.csrf)
    if wait:
        raise TooMany(wait)
    limits.count(WRITES, caller.session.csrf)


def phase_of(event: Event, round_id: str | None) -> Phase:
    """Where a round stands, and whether it is published; of no round, whether anything is."""
    published = event.published_rounds()
    if round_id is None:
        return Phase(None, bool(published))
    with event.database.reading() as conn:
        state = rounds.states(conn).get(round_id)
    return Phase(state.state if state else "planned", round_id in published)
