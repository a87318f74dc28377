"""Headers on every answer, and which requests are let in at all.

OWASP ASVS 5.0 levels are named where a rule comes from. One middleware, plain ASGI: it must not
buffer event streams.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from review.web.errors import refuse_plain_http, refuse_request

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from review.web.settings import Settings

#: ASVS 3.4.3: nothing inline, nothing from elsewhere, no frames. Pico draws with data: images.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",  # ASVS 3.4.4
    # ASVS 3.4.5: a link with a token never leaks to another site. With `no-referrer` browsers say
    # `Origin: null` of our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",  # ASVS 3.4.8
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",  # ASVS 14.3.2; static files say otherwise themselves
}
STRICT_TRANSPORT = "max-age=31536000"  # ASVS 3.4.1, over TLS
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
#: A body larger than any ballot or form of ours.
LARGEST = 1_000_000


class Guard:
    """Refuses what should not get in, and dresses what goes out."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure = scope["scheme"] == "https"

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers.setdefault("strict-transport-security", STRICT_TRANSPORT)
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, limited(receive), dressed)

    def _refusal(self, scope: Scope) -> Response | None:
        connection = HTTPConnection(scope)
        if (
            is_plain_from_afar(connection)
            and not self.settings.insecure_lan
            and not scope["path"].startswith("/static/")  # that page's own looks
        ):
            return refuse_plain_http()
        if scope["method"] in SAFE:
            return None
        length = connection.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return refuse_request(413)
        ours = is_same_origin(connection, self.settings.base_url)
        return None if ours else refuse_request(403)


def limited(receive: Receive) -> Receive:
    """A body as it comes in, until it is too large: it need not say so before."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > LARGEST:
            raise HTTPException(413)
        return message

    return counted


def is_plain_from_afar(connection: HTTPConnection) -> bool:
    """Whether a request came over plain http from another machine."""
    host = connection.client.host if connection.client else ""
    return connection.url.scheme != "https" and not is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether an address is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_same_origin(connection: HTTPConnection, base_url: str | None = None) -> bool:
    """Whether a change is asked for by a page of ours (ASVS 3.5.1).

    A browser says where a request comes from; a program need not, and has no cookie to be abused.
    `base_url` is where judges reach the server, in case a proxy does not pass on the host.
    """
    headers: Headers = connection.headers
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    own = {headers.get("host"), urlsplit(base_url or "").netloc} - {None, ""}
    return _netloc(origin) in own


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def new_secret() -> str:
    """128 bits or more, for a form that has no session yet."""
    return secrets.token_urlsafe(24)


def csrf_matches(request: Request, wanted: str, sent: str | None) -> bool:
    """Whether a request carries the secret of its session, in its form or its header."""
    given = sent or request.headers.get("x-csrf-token") or ""
    return secrets.compare_digest(given.encode(), wanted.encode())
