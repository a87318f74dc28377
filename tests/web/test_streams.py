"""Live views: rendered once for everybody, bounded for the slow, caught up after a gap."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from review.web import streams
from review.web.streams import Drawn, Frame, Hub, Listener, Part, Snapshot, View, draw

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

VIEW = View("coverage", "r", "en")


class Board:
    """A view of three rows, and how often anything of it was rendered."""

    def __init__(self) -> None:
        self.seq = 1
        self.rows = {"a": 0, "b": 0, "c": 0}
        self.shape = "abc"
        self.looks = 0
        self.drawn: list[str] = []
        self.broken = False

    def mark(self, row: str) -> None:
        """Let a row change by one event."""
        self.rows[row] += 1
        self.seq += 1

    def look(self, view: View) -> Snapshot:
        """The view as it is now."""
        assert view == VIEW
        self.looks += 1
        if self.broken:
            msg = "no view"
            raise ValueError(msg)
        parts = [Part(row, n, self._drawing(row, n)) for row, n in self.rows.items()]
        return Snapshot(self.seq, self.shape, parts)

    def _drawing(self, row: str, n: int) -> Callable[[], str]:
        def drawing() -> str:
            self.drawn.append(row)
            return f"<tr id={row}>\n<td>{n}</td>"

        return drawing


async def always() -> bool:
    return True


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PAUSE", 0.01)


async def message(stream: AsyncGenerator[bytes]) -> bytes:
    return await asyncio.wait_for(anext(stream), 5)


async def started(hub: Hub, mark: str = "") -> AsyncGenerator[bytes]:
    stream = hub.stream(VIEW, mark, always)
    assert await message(stream) == streams.GREETING
    return stream


def data(row: str, n: int) -> bytes:
    return f"data: <tr id={row}>\ndata: <td>{n}</td>\n".encode()


def test_change_is_rendered_once_for_all_listeners_and_only_what_changed() -> None:
    board = Board()
    mark = board.look(VIEW).mark
    board.looks = 0

    async def play() -> None:
        hub = Hub(board.look)
        listeners = [await started(hub, mark) for _ in range(20)]
        waiting = [asyncio.create_task(message(listener)) for listener in listeners]
        await asyncio.sleep(0.1)
        board.drawn.clear()
        board.mark("b")
        hub.wake(board.seq)
        got = await asyncio.gather(*waiting)
        shape = mark.partition("-")[2]
        assert set(got) == {b"id: 2-%s\n%s\n" % (shape.encode(), data("b", 1))}
        assert board.drawn == ["b"]
        for listener in listeners:
            await listener.aclose()

    asyncio.run(play())
    assert board.looks == 2


def test_burst_is_gathered_into_few_renderings() -> None:
    board = Board()

    async def play() -> None:
        hub = Hub(board.look)
        stream = await started(hub, board.look(VIEW).mark)
        waiting = asyncio.create_task(message(stream))
        await asyncio.sleep(0.1)
        board.looks = 0
        for _ in range(500):
            board.mark("a")
            hub.wake(board.seq)
        assert data("a", 500) in await waiting
        await stream.aclose()

    asyncio.run(play())
    assert board.looks == 1


def test_slow_listener_holds_one_copy_of_each_part_and_gets_the_last() -> None:
    board = Board()

    async def play() -> None:
        hub = Hub(board.look)
        slow = await started(hub, board.look(VIEW).mark)
        quick = await started(hub, board.look(VIEW).mark)
        for _ in range(5):
            waiting = asyncio.create_task(message(quick))
            await asyncio.sleep(0.05)
            board.mark("c")
            hub.wake(board.seq)
            await waiting
        channel = hub._channels[VIEW]  # noqa: SLF001 -- what it holds is the point
        assert max(len(listener.waiting) for listener in channel.listeners) == 1
        assert (await message(slow)).endswith(data("c", 5) + b"\n")
        await slow.aclose()
        await quick.aclose()

    asyncio.run(play())


def test_page_that_shows_an_older_event_gets_everything_once() -> None:
    board = Board()
    mark = board.look(VIEW).mark
    board.mark("a")

    async def play() -> None:
        hub = Hub(board.look)
        stream = await started(hub, mark)
        first = await message(stream)
        assert first.count(b"<tr") == 3
        await stream.aclose()

    asyncio.run(play())


def test_reconnecting_page_gets_what_it_missed() -> None:
    board = Board()

    async def play() -> None:
        hub = Hub(board.look)
        stays = await started(hub, board.look(VIEW).mark)
        waiting = asyncio.create_task(message(stays))
        await asyncio.sleep(0.05)
        mark = board.look(VIEW).mark
        board.mark("a")
        hub.wake(board.seq)
        await waiting
        back = await started(hub, mark)
        missed = await message(back)
        assert (missed.count(b"<tr"), data("a", 1) in missed) == (1, True)
        await stays.aclose()
        await back.aclose()

    asyncio.run(play())


def test_page_of_another_shape_is_loaded_again() -> None:
    board = Board()

    async def play() -> None:
        hub = Hub(board.look)
        stream = await started(hub, board.look(VIEW).mark)
        waiting = asyncio.create_task(message(stream))
        await asyncio.sleep(0.05)
        board.shape = "abcd"
        board.mark("a")
        hub.wake(board.seq)
        assert await waiting == streams.RELOAD
        await stream.aclose()

    asyncio.run(play())


def test_silence_is_broken_by_pings_until_the_session_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PING", 0.02)
    board, answers = Board(), [True, False]

    async def allowed() -> bool:
        return answers.pop(0)

    async def play() -> list[bytes]:
        hub = Hub(board.look)
        return [m async for m in hub.stream(VIEW, board.look(VIEW).mark, allowed)]

    assert asyncio.run(play()) == [streams.GREETING, streams.BEAT]


def test_closing_ends_every_stream_and_waking_afterwards_is_nothing() -> None:
    board = Board()
    hub = Hub(board.look)
    hub.wake()

    async def play() -> None:
        stream = await started(hub, board.look(VIEW).mark)
        waiting = asyncio.create_task(message(stream))
        await asyncio.sleep(0.05)
        hub.close()
        with pytest.raises(StopAsyncIteration):
            await waiting
        assert hub._channels == {}  # noqa: SLF001 -- nothing is kept of a view nobody sees

    asyncio.run(play())
    hub.wake()


def test_view_that_fails_is_tried_again_at_the_next_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    board = Board()

    async def play() -> None:
        hub = Hub(board.look)
        mark = board.look(VIEW).mark
        board.broken = True
        stream = await started(hub, mark)
        waiting = asyncio.create_task(message(stream))
        await asyncio.sleep(0.05)
        board.broken = False
        board.mark("a")
        hub.wake(board.seq)
        assert data("a", 1) in await waiting
        await stream.aclose()

    asyncio.run(play())
    assert '"event": "view"' in capsys.readouterr().err


def test_response_is_one_that_no_proxy_holds_back() -> None:
    async def play() -> dict[str, str]:
        return dict(Hub(Board().look).response(VIEW, "", always).headers)

    headers = asyncio.run(play())
    assert headers["content-type"].startswith("text/event-stream")
    assert (headers["x-accel-buffering"], headers["cache-control"]) == ("no", "no-store")


def test_listener_that_lacks_nothing_is_left_alone() -> None:
    board = Board()
    frame = draw(board.look(VIEW), None)
    listener = Listener(frame.mark)
    listener.offer(frame)
    assert (listener.ready.is_set(), listener.waiting) == (False, {})


def test_frame_knows_no_mark_that_is_no_number() -> None:
    frame = Frame("7-abc", {"a": Drawn(0, b"data: a\n", 7)}, 7)
    assert (frame.after("x-abc"), frame.after(""), frame.seq) == (None, None, 7)
