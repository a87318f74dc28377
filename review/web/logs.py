"""One JSON line an event on stderr. No names, no tokens, no queries: a route, not an address.

Of an exception the log has where it happened and its kind, not what it says: messages have values
in them, and values are names, tokens and marks.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from review.web.metrics import REQUESTS, SECONDS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def log(level: str, event: str, *, error: BaseException | None = None, **fields: object) -> None:
    """Write a line; an `error` brings along where it came from."""
    line: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "event": event,
        **fields,
    }
    if error is not None:
        line["error"] = whereabouts(error)
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")


def whereabouts(error: BaseException) -> list[str]:
    """The kinds of an exception and of those behind it, each with the lines that it went through.

    >>> try:
    ...     {}["secret"]
    ... except KeyError as found:
    ...     print(whereabouts(found)[0].partition(" ")[0])
    KeyError
    """
    told: list[str] = []
    one: BaseException | None = error
    while one is not None:
        frames = traceback.extract_tb(one.__traceback__)
        places = " < ".join(f"{f.filename}:{f.lineno} {f.name}" for f in reversed(frames))
        told.append(f"{type(one).__qualname__} {places}".rstrip())
        one = one.__cause__ or one.__context__
    return told


class LinesHandler(logging.Handler):
    """What libraries log, as lines of ours: their text without what an exception says."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one."""
        error = record.exc_info[1] if record.exc_info else None
        log(record.levelname.lower(), record.name, error=error, message=str(record.msg))


def take_logs() -> None:
    """Have every warning of a library go through here."""
    logging.basicConfig(handlers=[LinesHandler()], level=logging.WARNING, force=True)


class AccessLog:
    """Logs and counts every request under the template of its route."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            seconds = time.perf_counter() - started
            method = scope["method"]
            REQUESTS.labels(method, route, status).inc()
            SECONDS.labels(route).observe(seconds)
            if route not in QUIET:
                ms = round(seconds * 1000, 1)
                log("info", "request", method=method, route=route, status=status, ms=ms)


#: Asked for all the time by machines.
QUIET = frozenset(("/health", "/ready", "/metrics", "/static", "/static/{path:path}"))
