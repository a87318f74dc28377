"""Event streams through a real server: many listeners, one of whom does not read."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from review.store import people, sessions
from review.web import streams
from review.web.streams import Hub, Part, Snapshot, View
from tests.occasion import Occasion, make_folder, secret_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

pytestmark = pytest.mark.slow

VIEW = View("board", None, "en")
#: Bytes of a part: what a connection buffers is a few of them.
WIDE = 400_000


class Board:
    """A view of one part that is wide, and how often it was drawn."""

    def __init__(self) -> None:
        self.seq = 1
        self.drawn = 0

    def look(self, view: View) -> Snapshot:
        """The view as it is now."""
        assert view == VIEW
        seq = self.seq
        return Snapshot(seq, "", [Part("a", seq, lambda: self._draw(seq))])

    def _draw(self, seq: int) -> str:
        self.drawn += 1
        return f"<p id=a>{seq}:{'x' * WIDE}</p>"


@contextmanager
def serving(app: Any) -> Iterator[int]:
    """Serve an application in a thread; gives the port."""
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


class Reader:
    """A listener that reads: the numbers of the events whose parts it got."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.seen: list[int] = []
        self._thread = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._thread.start()

    def _read(self, lines: Iterator[str]) -> None:
        try:
            for line in lines:
                found = re.match(r"data: <p id=a>(\d+):", line)
                if found:
                    self.seen.append(int(found.group(1)))
        except httpx2.HTTPError:
            pass  # the server has ended

    def wait(self, seq: int) -> None:
        """Until it got an event."""
        until = time.monotonic() + 10
        while seq not in self.seen:
            assert time.monotonic() < until, self.seen
            time.sleep(0.01)


def test_listener_that_does_not_read_holds_nobody_up_and_costs_one_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "PAUSE", 0.01)
    monkeypatch.setattr(streams, "REST", 0.0)
    board = Board()
    hub = Hub(board.look)

    async def allowed() -> bool:
        return True

    async def listen(request: Request) -> Response:
        return hub.response(VIEW, request.query_params["mark"], allowed)

    mark = board.look(VIEW).mark
    rounds = 30
    with ExitStack() as closing, serving(Starlette(routes=[Route("/", listen)])) as port:
        closing.callback(hub.close)
        slow = closing.enter_context(socket.socket())
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        slow.connect(("127.0.0.1", port))
        slow.sendall(f"GET /?mark={mark} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        client = closing.enter_context(httpx2.Client(base_url=f"http://127.0.0.1:{port}"))
        readers = [
            Reader(closing.enter_context(client.stream("GET", "/", params={"mark": mark}))
                   .iter_lines())
            for _ in range(5)
        ]  # fmt: skip
        until = time.monotonic() + 10
        while not hub._channels or len(hub._channels[VIEW].listeners) < 6:  # noqa: SLF001
            assert time.monotonic() < until
            time.sleep(0.01)
        for _ in range(rounds):
            board.seq += 1
            hub.wake(board.seq)
            for reader in readers:
                reader.wait(board.seq)
        assert [len(reader.seen) for reader in readers] == [rounds] * 5
        assert board.drawn <= rounds + 1
        channel = hub._channels[VIEW]  # noqa: SLF001 -- what it holds is the point
        held = sum(len(data) for one in channel.listeners for data in one.waiting.values())
        assert 0 < held < 2 * WIDE
        got = read_until(slow, f"<p id=a>{board.seq}:".encode())
        assert got.count(b"<p id=a>") < rounds


def read_until(connection: socket.socket, wanted: bytes) -> bytes:
    """What a connection has up to and with some bytes."""
    connection.settimeout(10)
    got = bytearray()
    while wanted not in got[-2 * WIDE :]:
        more = connection.recv(65536)
        assert more, "it ended"
        got += more
    return bytes(got)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Occasion]:
    """An event whose first round is open."""
    occasion = Occasion.of(make_folder(tmp_path / "hall"))
    occasion.move("open")
    yield occasion
    occasion.event.close()


def test_organisers_see_a_mark_at_once_and_nothing_after_they_are_signed_out(
    hall: Occasion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PING", 0.3)
    token = hall.event.writer.do(lambda conn: people.organiser_link(conn, "Watching"))
    with ExitStack() as closing, serving(hall.app) as port:
        client = closing.enter_context(
            httpx2.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=10)
        )
        secret = secret_of(client.get(f"/join/{token}").text)
        client.post("/join", data={"csrf": secret})
        page = client.get("/organiser/coverage", params={"round": "pitch"}).text
        address = re.search(r'hx-sse:connect="([^"]+)"', page)
        assert address is not None
        url = address.group(1).replace("&amp;", "&")
        answers = [closing.enter_context(client.stream("GET", url)) for _ in range(3)]
        lines = [answer.iter_lines() for answer in answers]
        for one in lines:
            assert next(one) == "retry: 2000"
        hall.judge().mark("p01", {"need": "8", "team/fit": "7"})
        messages = [message(one) for one in lines]
        assert messages[0].count("<tr id=") == 2  # the judge's row and the foot
        assert ("Lin 林" in messages[0], "1/4" in messages[0]) == (True, True)
        assert messages == messages[:1] * 3
        with hall.event.database.reading() as conn:
            watching = next(p for p in people.people(conn, "organiser") if p.name == "Watching")
        hall.event.writer.do(lambda conn: sessions.end_all(conn, watching.ref))
        for one in lines:
            assert "<tr" not in "".join(one)  # it ends


def message(lines: Iterator[str]) -> str:
    """The next message that carries parts."""
    got: list[str] = []
    for line in lines:
        if line:
            got.append(line)
        elif any(one.startswith("data: <") for one in got):
            return "\n".join(got)
        else:
            got.clear()
    msg = "the stream ended"
    raise AssertionError(msg)


def test_stream_of_a_page_that_nobody_looks_at_any_more_is_let_go() -> None:
    board = Board()

    async def play() -> int:
        hub = Hub(board.look)

        async def allowed() -> bool:
            return True

        first, second = (hub.stream(VIEW, "", allowed) for _ in range(2))
        await anext(first)
        await anext(second)
        await first.aclose()
        left = len(hub._channels)  # noqa: SLF001 -- what it holds is the point
        await second.aclose()
        return left - len(hub._channels)  # noqa: SLF001

    assert asyncio.run(play()) == 1
