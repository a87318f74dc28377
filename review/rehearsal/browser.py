"""A small HTTP/1.1 client: hundreds of players in one process, cookies, and faults on purpose.

It does what the rehearsal needs and no more: one connection, kept alive, to a server that is ours.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Fields = Mapping[str, str | Sequence[str]]

#: Seconds after which no answer is taken for none.
PATIENCE = 30.0
#: A connection that was idle for longer is not used again: servers close them.
IDLE = 3.0

_SECRET = re.compile(r'<meta name="csrf" content="([^"]*)"|name="csrf" value="([^"]*)"')


class NoAnswer(Exception):  # noqa: N818 -- silence is what happened
    """Nothing came back, or not all of it: what was sent may have been done or not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the seconds it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; ValueError where it is none."""
        return json.loads(self.body)


@dataclass(slots=True)
class Jar:
    """What windows of one person share: cookies, and the secret of their forms."""

    cookies: dict[str, str] = field(default_factory=dict)
    secret: str = ""


@dataclass(slots=True)
class Browser:
    """One window of a browser, with a connection of its own: one request at a time."""

    port: int
    jar: Jar = field(default_factory=Jar)
    #: How many connections it has needed.
    connections: int = 0
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _used: float = 0.0

    def window(self) -> Browser:
        """Another window of the same browser."""
        return Browser(self.port, self.jar)

    async def get(self, target: str) -> Answer:
        """Ask for a page, follow where it leads, and remember the secret of its forms."""
        answer = await self.send("GET", target)
        while answer.status in {302, 303, 307}:
            answer = await self.send("GET", answer.headers["location"])
        secrets = ["".join(found) for found in _SECRET.findall(answer.text)]
        self.jar.secret = unescape(next(filter(None, secrets), self.jar.secret))
        return answer

    async def post_form(self, target: str, fields: Fields) -> Answer:
        """Send a form with the secret of the last page; where it leads is not followed."""
        body = urlencode({"csrf": self.jar.secret, **fields}, doseq=True).encode()
        return await self.send("POST", target, body, "application/x-www-form-urlencoded")

    async def post_json(self, target: str, value: object) -> Answer:
        """Send JSON as a page's script does."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return await self.send("POST", target, body, "application/json")

    async def send(self, method: str, target: str, body: bytes = b"", kind: str = "") -> Answer:
        """Send a request and read the whole answer; NoAnswer where that does not come."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self._connection()
                writer.write(self._request(method, target, body, kind))
                status, headers = await self._head(reader)
                content = await _body(reader, headers)
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            raise NoAnswer(str(error)) from error
        except asyncio.CancelledError:  # the answer, if it comes, belongs to nobody
            self.close()
            raise
        if headers.get("connection") == "close":
            self.close()
        self._used = time.perf_counter()
        return Answer(status, headers, content, self._used - started)

    async def send_and_hang_up(self, target: str, value: object, seconds: float) -> None:
        """Send JSON and be gone before the answer: whether it was done stays unknown."""
        body = json.dumps(value, ensure_ascii=False).encode()
        try:
            _reader, writer = await self._connection()
            writer.write(self._request("POST", target, body, "application/json"))
            await writer.drain()
            await asyncio.sleep(seconds)
        except OSError as error:
            raise NoAnswer(str(error)) from error
        finally:
            self.close()

    async def listen(self, target: str) -> tuple[int, asyncio.StreamReader]:
        """Begin to read a stream of events: its status, and where its chunks come from."""
        try:
            reader, writer = await self._connection()
            writer.write(self._request("GET", target, b"", ""))
            status, _headers = await self._head(reader)
        except (OSError, EOFError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            raise NoAnswer(str(error)) from error
        return status, reader

    def close(self) -> None:
        """Drop the connection without a word."""
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams and time.perf_counter() - self._used > IDLE:
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
            self.connections += 1
        return self._streams

    def _request(self, method: str, target: str, body: bytes, kind: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.cookies.items())
        head = f"{method} {target} HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
        if cookies:
            head += f"Cookie: {cookies}\r\n"
        if method != "GET":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            head += f"X-CSRF-Token: {self.jar.secret}\r\n"
        return head.encode() + b"\r\n" + body

    async def _head(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        """Status and headers; cookies are kept, and forgotten where they are empty."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in filter(None, lines[1:]):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].strip().partition("=")
                self.jar.cookies[cookie] = content.strip('"')
                if not self.jar.cookies[cookie]:
                    del self.jar.cookies[cookie]
            headers[name.lower()] = value.strip()
        return int(lines[0].split()[1]), headers


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    parts = []
    while part := await read_chunk(reader):
        parts.append(part)
    return b"".join(parts)


async def read_chunk(reader: asyncio.StreamReader) -> bytes:
    """The next chunk of a body that comes in chunks; empty at its end."""
    size = int(await reader.readuntil(b"\r\n"), 16)
    return (await reader.readexactly(size + 2))[:-2]
