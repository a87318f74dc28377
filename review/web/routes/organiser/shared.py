"""What the organiser's routes have in common."""

from __future__ import annotations

from io import BytesIO
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import segno
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from review.text import _, current_language
from review.web.calling import slow
from review.web.rendering import page
from review.web.routes.organiser import looks, names
from review.web.streams import View

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from sqlalchemy import Connection
    from starlette.requests import Request
    from starlette.responses import Response

    from review.web.viewers import Caller

    T = TypeVar("T")


def show(request: Request, here: str, template: str, **context: Any) -> Response:
    """A page of the organiser's; `here` is its place in the menu."""
    return page(request, f"organiser/{template}.html", here=here, **context)


async def live_page(
    request: Request, caller: Caller, name: str, round_id: str | None = None, **context: Any
) -> Response:
    """A page that keeps itself up to date by the event stream of its view."""
    view = View(name, round_id, current_language())
    snapshot = await slow(looks.look, caller.event, view)
    query = {"view": name, **({"round": round_id} if round_id is not None else {})}
    address = f"/organiser/events?{urlencode(query)}"
    live = {
        "url": f"{address}&mark={snapshot.mark}",
        "poll": f"{address}&poll=yes",
        "mark": snapshot.mark,
    }
    parts = await slow(looks.drawn, snapshot)
    return show(
        request, name, name, live=live, parts=parts, order=[p.id for p in snapshot.parts], **context
    )


def chosen_round(caller: Caller, asked: str | None, *, live: bool | None = None) -> str:
    """The round that an address names, by default the first; 404 where there is none such."""
    known = [r.id for r in names.rounds(caller.event.definition, live=live)]
    if asked is None and known:
        return known[0]
    if asked not in known:
        raise HTTPException(404)
    return str(asked)


def reason_needed() -> str:
    """What a form says whose reason is blank."""
    return _("Say why: the reason goes into the record.")


async def write(caller: Caller, function: Callable[[Connection], T]) -> T:
    """Do something in the writer's transaction."""
    return await slow(caller.event.writer.do, function)


def to(path: str, **query: str) -> Response:
    """After a change: the page to look at."""
    return RedirectResponse(f"{path}?{urlencode(query, quote_via=quote)}" if query else path, 303)


def base_url(request: Request) -> str:
    """Where people reach this server, without a slash at the end."""
    settings = request.app.state.settings
    return str(settings.base_url or request.base_url).rstrip("/")


def is_local(address: str) -> bool:
    """Whether an address leads only from this machine to itself."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def qr(text: str) -> Markup:
    """A QR code as inline SVG, without a size of its own."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, nl=False
    )
    return Markup(out.getvalue().decode())  # noqa: S704 -- segno's own drawing  # nosec B704
