"""The application: routes, middleware, and an event that they all serve."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import HTTPConnection
from starlette.staticfiles import StaticFiles

from review.text import using
from review.web import errors
from review.web.errors import REFUSALS, Faults
from review.web.limits import Limits
from review.web.logs import AccessLog, take_logs
from review.web.rendering import LANGUAGE_COOKIE, STATIC, language_of
from review.web.routes import health, judge, organiser, published, signin
from review.web.security import Guard, is_plain_from_afar
from review.web.serving import before_stopping, end_with_parent, open_event
from review.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from review.live.event import Event

#: Static files are asked for under their digest, so they never change.
FOR_GOOD = "public, max-age=31536000, immutable"


def create_app(event: Event, settings: Settings, *, closes: bool = False) -> FastAPI:
    """The application that serves `event`, which it closes when it stops if `closes` says so."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        streams, loop = app.state.streams, asyncio.get_running_loop()
        with before_stopping(lambda: loop.call_soon_threadsafe(streams.close)):
            async with streams.running():
                yield
        if closes:
            event.close()

    app = FastAPI(title="review", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.event = event
    app.state.settings = settings
    app.state.limits = Limits()
    app.state.streams = organiser.Streams(event)
    errors.install(app)
    for part in (signin, judge, organiser, published, health):
        app.include_router(part.router, responses=REFUSALS)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.add_middleware(Faults)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Speaking)
    app.add_middleware(AccessLog)
    return app


def serve_app() -> FastAPI:
    """The application of a worker process, from what its parent put into the environment."""
    take_logs()
    end_with_parent()
    settings = Settings.from_environment()
    return create_app(open_event(settings), settings, closes=True)


class Static(StaticFiles):
    """Files with a digest in their address, which a browser need not ask for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, for good where its digest was asked for, else until it changes."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = FOR_GOOD if scope["query_string"] else "no-cache"
        return response


class Speaking:
    """Answers in the visitor's language, and remembers it where the address said which."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        language = language_of(connection)
        connection.state.insecure = is_plain_from_afar(connection)

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start" and "lang" in connection.query_params:
                cookie = f"{LANGUAGE_COOKIE}={language}; Path=/; Max-Age=31536000; SameSite=Lax"
                message["headers"].append((b"set-cookie", cookie.encode()))
            await send(message)

        with using(language):
            await self.app(scope, receive, remembering)
