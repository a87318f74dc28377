"""A server of a hundred lines that keeps to the documented API, or on purpose does not.

Players are tested against it, and so is whether the bookkeeping finds out a server that lies.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from review.rehearsal.ledger import Ballot, Cell, Mark, Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Answer = tuple[int, str | bytes, list[str]]


@dataclass
class Hall:
    """Judges sign in by their id as token; `fault` is what it does wrong.

    `loses`: acknowledges every tenth operation and stores nothing. `doubles`: stores an operation
    that comes again once more. `alters`: stores another number. `busy`: says 503 to every other
    ballot. `forgets`: ends every session after five ballots. `shut`: refuses every ballot.
    `differs`: answers an operation that comes again otherwise.
    """

    proposals: tuple[str, ...] = ("p1", "p 2/二", "p3")
    fault: str = ""
    rows: list[Row] = field(default_factory=list)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    current: dict[tuple[Ballot, str], int] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    ballots: int = 0
    joined: int = 0
    files: bytes = b""
    rulings: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Hall]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self
        await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:-2])
                body = await reader.readexactly(int(headers.get("Content-Length", "0")))
                await asyncio.sleep(0)
                status, text, more = self._answer(head.split()[1], headers, body)
                content = text if isinstance(text, bytes) else text.encode()
                lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}", *more]
                writer.write("\r\n".join([*lines, "", ""]).encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    def _answer(self, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path = urlsplit(target).path
        cookies = dict(c.split("=") for c in headers.get("Cookie", "").split("; ") if c)
        if path.startswith("/join/"):
            return 303, "", ["location: /join", f"set-cookie: link={path[6:]}; Path=/"]
        if path == "/join":
            if not body:
                return 200, '<input type="hidden" name="csrf" value="form">', []
            self.joined += 1
            self.sessions.add(cookies["link"])
            return 303, "", ["location: /judge", f"set-cookie: session={cookies['link']}"]
        judge = cookies.get("session")
        if judge not in self.sessions:
            return 401, json.dumps({"code": "signed_out"}), []
        if path == "/api/ballots":
            return self._ballot(judge, json.loads(body) if body[:1] == b"{" else {})
        return self._page(target, body)

    def _page(self, target: str, body: bytes) -> Answer:
        if target == "/organiser/files":
            return 200, self.files, []
        if body:
            self.rulings.append(dict(parse_qsl(body.decode())))
            return 303, "", [f"location: {target}"]
        query = parse_qs(urlsplit(target).query)
        links = [
            f'<a href="/judge/score?round={quote(r)}&amp;proposal={quote(p, safe="")}#top">{p}</a>'
            for r in query.get("round", [])
            for p in (*self.proposals, *self.proposals[:1])
        ]
        return 200, f'<meta name="csrf" content="secret{self.joined}">' + "".join(links), []

    def _ballot(self, judge: str, sent: dict[str, Any]) -> Answer:
        self.ballots += 1
        if self.fault == "busy" and self.ballots % 2:
            return 503, "", []
        if self.fault == "forgets" and self.ballots % 5 == 0:
            self.sessions.clear()
        if self.fault == "shut":
            return 409, json.dumps({"code": "round_not_open", "details": None}), []
        known = self.done.get(sent["op"])
        if known:
            if self.fault == "doubles":
                self._store(judge, sent)
            told = {**known, "revisions": []} if self.fault == "differs" else known
            return 200, json.dumps({**told, "replay": True}), []
        ballot = Ballot(sent["round"], judge, sent["proposal"])
        stale = [
            {"criterion": m["criterion"], "revision": self.current[ballot, m["criterion"]]}
            for m in sent["marks"]
            if self.current.get((ballot, m["criterion"]), 0) > m["base"]
        ]
        if stale:
            return 409, json.dumps({"code": "stale", "details": {"current": stale}}), []
        told = {"op": sent["op"], "replay": False, "revisions": self._store(judge, sent)}
        self.done[sent["op"]] = told
        return 200, json.dumps(told), []

    def _store(self, judge: str, sent: dict[str, Any]) -> list[dict[str, Any]]:
        ballot, told = Ballot(sent["round"], judge, sent["proposal"]), []
        for each in sent["marks"]:
            key = ballot, each["criterion"]
            revision = self.current[key] = self.current.get(key, 0) + 1
            told.append({"criterion": each["criterion"], "revision": revision})
            mark = Mark(each["mark"], each["state"])
            if self.fault == "alters" and mark.mark:
                mark = Mark(f"{mark.mark}1", None)
            if not (self.fault == "loses" and len(self.done) % 10 == 0):
                self.rows.append(Row(sent["op"], Cell(*key), revision, mark))
        return told
