"""One JSON line an event on stderr. No names, no tokens, no queries: a route, not an address."""

from __future__ import annotations

import json
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from review.web.metrics import REQUESTS, SECONDS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def log(level: str, event: str, *, error: BaseException | None = None, **fields: object) -> None:
    """Write a line; an `error` brings its traceback along."""
    line: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "event": event,
        **fields,
    }
    if error is not None:
        line["error"] = "".join(traceback.format_exception(error))
    sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")


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
