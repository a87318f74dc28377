"""Pages: Jinja templates in the visitor's language, with what every page needs."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from review.text import LANGUAGES, counted, current_language, match_language, pick, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import HTTPConnection, Request

    from review.text import Language

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGE_COOKIE = "lang"


@cache
def environment() -> Environment:
    """The templates; whatever they print is escaped, whatever they lack is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        auto_reload=False,  # a package that is updated meanwhile would mix old code and new pages
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translate,
        counted,
        newstyle=True,
    )
    made.filters.update(pick=pick, server_time=server_time)
    made.globals.update(counted=counted, languages=LANGUAGES, static=static_url)
    return made


def server_time(instant: str) -> str:
    """An instant by the server's clock, until a page's script puts it by the reader's."""
    return datetime.fromisoformat(instant).astimezone().strftime("%Y-%m-%d %H:%M %Z")


@cache
def static_url(name: str) -> str:
    """The address of a static file, with its digest, so that it can be cached for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def html(template: str, **context: Any) -> str:
    """A template in the current language, as text."""
    return environment().get_template(template).render(lang=current_language(), **context)


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page in the current language, with what base.html needs.

    base.html finds: `lang`, `caller` (None where nobody is signed in), `csrf`, `event_title`,
    `insecure` (plain http from another machine), `path` and `other_language` (a link to this page).
    """
    state = request.state
    caller = getattr(state, "caller", None)
    competition = request.app.state.event.definition.loaded.competition
    everywhere = {
        "request": request,
        "caller": caller,
        "csrf": caller.session.csrf if caller else getattr(state, "csrf", ""),
        "event_title": pick(competition.title) or competition.id,
        "insecure": getattr(state, "insecure", False),
        "path": request.url.path,
        "other_language": _other_language(request),
    }
    return HTMLResponse(html(template, **{**everywhere, **context}), status, headers)


def _other_language(request: Request) -> tuple[Language, str]:
    other: Language = "en" if current_language() == "zh-Hans" else "zh-Hans"
    return other, str(request.url.include_query_params(lang=other).replace(scheme="", netloc=""))


def language_of(connection: HTTPConnection) -> Language:
    """What a visitor reads: `?lang=`, the cookie, the browser's languages, else English."""
    asked = connection.query_params.get("lang") or connection.cookies.get(LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return asked
    for entry in connection.headers.get("accept-language", "").split(","):
        found = match_language(entry.partition(";")[0].strip())
        if found:
            return found
    return "en"
