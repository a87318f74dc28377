from __future__ import annotations

import asyncio
import time

import pytest

from review.rehearsal.browser import Browser
from review.rehearsal.listener import Listener, delays


def test_delays_are_from_storing_to_the_first_message_that_has_it() -> None:
    page = Listener(Browser(1), "/", shown=[(10.0, 3), (12.0, 7)])
    stored = [(9.5, 2), (10.5, 4), (11.0, 7), (11.5, 9)]
    assert delays([page, Listener(Browser(1), "/")], stored) == [1.5, 1.0]


def chunk(text: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(text), text)


HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
BUSY = b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"


def page(mark: str) -> bytes:
    return HEAD + chunk(b'"/organiser/events?view=coverage&amp;mark=%s"' % mark.encode()) + END


END = b"0\r\n\r\n"


def test_listener_notes_events_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.rehearsal.listener.AGAIN", 0.0)
    answers = [
        page("3-abc"),
        HEAD + chunk(b"retry: 2000\n\nid: 5-a") + chunk(b"bc\ndata: x\n\n") + END,
        BUSY,  # instead of the page
        page("6-abc"),
        BUSY,  # instead of the stream
        page("7-abc"),
        HEAD + chunk(b"event: reload\ndata:\n\nid: 8-abc\n"),
        page("9-abc"),
        HEAD + chunk(b"id: 10-abc\n"),  # and then cut off
    ]
    over = asyncio.Event()
    asked = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        if answers:
            writer.write(answers.pop(0).replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
        else:
            over.set()
        writer.close()

    async def play() -> Listener:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        browser = Browser(server.sockets[0].getsockname()[1])
        listener = Listener(browser, "/organiser/coverage")
        async with server:
            task = asyncio.create_task(listener.listen())
            await over.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.02)
        return listener

    began = time.time()
    listener = asyncio.run(play())
    assert [event for _instant, event in listener.shown] == [3, 5, 6, 7, 9, 10]
    assert listener.shown[0][0] == pytest.approx(began, abs=5)
    assert (listener.refused, listener.dropped) == (2, 1)
    assert asked[:2] == ["/organiser/coverage", "/organiser/events?view=coverage&mark=3-abc"]
