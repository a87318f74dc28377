from __future__ import annotations

import asyncio
import time

import pytest

from review.rehearsal.browser import Browser
from review.rehearsal.listener import Listener, delays


def test_delays_are_from_storing_to_the_first_message_that_has_it() -> None:
    page = Listener(Browser(1), "/", shown=[(10.0, 3), (12.0, 7)])
    stored = [(9.5, 2), (9.75, 3), (11.0, 4), (11.5, 9)]
    assert delays([page, Listener(Browser(1), "/")], stored) == [0.5, 0.25, 1.0]


def chunk(text: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(text), text)


HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
BUSY = b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"


def test_listener_notes_events_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.rehearsal.listener.AGAIN", 0.0)
    answers = [
        HEAD + chunk(b"retry: 2000\n\nid: 5-a") + chunk(b"bc\ndata: x\n\n") + b"0\r\n\r\n",
        BUSY,
        HEAD + chunk(b"id: 9-abc\n"),
    ]
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answers:
            writer.write(answers.pop(0))
        else:
            over.set()
        writer.close()

    async def play() -> Listener:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        page = Listener(Browser(server.sockets[0].getsockname()[1]), "/organiser/events")
        async with server:
            task = asyncio.create_task(page.listen())
            await over.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.02)
        return page

    began = time.time()
    page = asyncio.run(play())
    assert [event for _instant, event in page.shown] == [5, 9]
    assert page.shown[0][0] == pytest.approx(began, abs=5)
    assert (page.refused, page.dropped) == (1, 1)
