"""What an error looks like: a page for people, JSON for the API, never more than may be known."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from review.errors import Refused, ReviewError
from review.text import _
from review.web.logs import log
from review.web.rendering import html, page

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds after which a database that is away may be asked for again.
SOON = "2"


class SignedOut(Exception):
    """Nobody is signed in, or not any more."""


class Forbidden(Exception):
    """Somebody is signed in who may not do this."""


class TooMany(Exception):
    """Asked too often; `seconds` until it may be tried again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = max(1, round(seconds))


class Refusal(BaseModel):
    """The JSON of every error: `code` for programs, `message` for people in their language."""

    code: str
    message: str
    details: Any = Field(description="What a program needs to go on, or null.")


_KNOWN = {
    400: "The body cannot be read.",
    401: "`signed_out`: sign in again and send the same once more.",
    403: "`forbidden`, `cross_site`, `not_assigned`, `conflict_of_interest`, `judge_withdrawn`.",
    404: "There is no such thing, or nothing that you may know of.",
    409: "`round_not_open`, `stale`, `rubric_changed`, `op_reused`: a person has to look.",
    413: "`too_large`.",
    422: "`invalid_request`, `invalid_marks`.",
    429: "`too_many`: send the same again after `Retry-After` seconds.",
    500: "`unexpected`: a fault of the server, with a number; send the same again.",
    503: "`not_ready`: the database is away; send the same again.",
}
#: What any route of the API may answer instead, for its schema.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": text} for status, text in _KNOWN.items()
}


def install(app: FastAPI) -> None:
    """Make every error one of ours."""
    for kind, handler in (
        (SignedOut, _signed_out),
        (Forbidden, _forbidden),
        (TooMany, _too_many),
        (Refused, _refused),
        (OperationalError, _not_ready),
        (InterfaceError, _not_ready),
        (PoolTimeoutError, _not_ready),
        (ReviewError, _review_error),
        (RequestValidationError, _invalid),
        (HTTPException, _http),
    ):
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]


def answer(  # noqa: PLR0913 -- an answer has these
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    details: Any = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An error as the page or the JSON that was asked for."""
    if request.url.path.startswith("/api/"):
        body = {"code": code, "message": message, "details": details}
        return JSONResponse(body, status, headers)
    title = {401: _("Please sign in"), 403: _("Not for you"), 404: _("Nothing here")}
    return page(
        request, "error.html", status=status, headers=headers,
        title=title.get(status, _("That did not work")), message=message, code=code,
    )  # fmt: skip


async def _signed_out(request: Request, _error: SignedOut) -> Response:
    if request.url.path.startswith("/api/"):
        return answer(request, 401, "signed_out", _("You are signed out. Sign in again."))
    return RedirectResponse("/join", 303)


async def _forbidden(request: Request, _error: Forbidden) -> Response:
    return answer(request, 403, "forbidden", _("You may not see or do this."))


async def _too_many(request: Request, error: TooMany) -> Response:
    message = _("Too many attempts. Try again in {seconds} seconds.").format(seconds=error.seconds)
    headers = {"Retry-After": str(error.seconds)}
    return answer(request, 429, "too_many", message, headers=headers)


async def _refused(request: Request, error: Refused) -> Response:
    return answer(request, error.status, error.code, error.message.render(), details=error.details)


async def _review_error(request: Request, error: ReviewError) -> Response:
    return answer(request, error.status, error.message.code, error.message.render())


async def _not_ready(request: Request, error: Exception) -> Response:
    log("error", "not_ready", error=error)
    message = _(
        "The database does not answer just now. Marks that were not stored are kept on your device"
        " and sent again."
    )
    return answer(request, 503, "not_ready", message, headers={"Retry-After": SOON})


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    details = [{"at": list(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
    message = _("What was sent is not what is wanted here.")
    return answer(request, 422, "invalid_request", message, details=details)


async def _http(request: Request, error: HTTPException) -> Response:
    messages = {
        404: _("There is nothing at this address."),
        405: _("That is not done this way here."),
        413: _("That is too large."),
    }
    codes = {413: "too_large"}
    message = messages.get(error.status_code, _("That did not work."))
    headers = dict(error.headers) if error.headers else None
    code = codes.get(error.status_code, f"http_{error.status_code}")
    return answer(request, error.status_code, code, message, headers=headers)


class Faults:
    """Answers for whatever nobody foresaw: a number to quote, no details.

    The innermost of our middlewares, so that this answer is dressed, counted and in the visitor's
    language like any other, and no server prints what the exception says.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 -- whatever it is
            response = unexpected(Request(scope), error)
            if not started:  # otherwise the server cuts an answer short that was not finished
                await response(scope, receive, send)


def unexpected(request: Request, error: Exception) -> Response:
    """The answer to a fault of ours; the log has the number, too."""
    number = secrets.token_hex(4)
    log("error", "unexpected", number=number, error=error)
    message = _(
        "This is a fault of the server, number {number}. Marks that were not stored are kept on"
        " your device and sent again."
    ).format(number=number)
    return answer(request, 500, "unexpected", message)


def refuse_plain_http() -> Response:
    """What plain http from another machine gets: how to do it right."""
    return Response(html("plain_http.html"), 403, media_type="text/html")


def refuse_request(status: int) -> Response:
    """A request from a page that is not ours, or too large to be one of ours."""
    code = {403: "cross_site", 413: "too_large"}[status]
    messages = {403: _("This did not come from a page of ours."), 413: _("That is too large.")}
    return JSONResponse({"code": code, "message": messages[status], "details": None}, status)
