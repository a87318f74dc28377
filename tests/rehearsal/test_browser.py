"""The client against a server of a few lines that answers as it is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from review.rehearsal import browser as module
from review.rehearsal.browser import Browser, Jar, NoAnswer, read_chunk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


def answer(body: str, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", *headers]
    return "\r\n".join([*lines, "", body]).encode()


CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"


@asynccontextmanager
async def serving(answers: Sequence[bytes]) -> AsyncIterator[tuple[Browser, list[str]]]:
    """A browser, and the requests that the server got; it hangs up where it has no answer left."""
    requests: list[str] = []
    left = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = head.lower().partition("content-length: ")[2].partition("\r")[0] or "0"
                requests.append(head + (await reader.readexactly(int(length))).decode())
                if not left:
                    break
                writer.write(left.pop(0))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    browser = Browser(server.sockets[0].getsockname()[1])
    async with server:
        yield browser, requests
        browser.close()
    await asyncio.sleep(0.02)  # both ends see that it is over


def test_browser_keeps_cookies_and_follows() -> None:
    async def play() -> None:
        answers = [
            answer("", "Location: /join", "Set-Cookie: link=t; Path=/", status="303 See Other"),
            answer('<meta name="csrf" content="a&amp;b">'),
            answer("", "Set-Cookie: session=s", "Set-Cookie: link=; Max-Age=0", status="303 -"),
            answer('{"op": 1}', "Connection: close"),
            CHUNKED,
        ]
        async with serving(answers) as (browser, requests):
            assert (await browser.get("/join/t")).status == 200
            assert browser.jar == Jar({"link": "t"}, "a&b")
            assert (await browser.post_form("/join", {"code": "评 审"})).status == 303
            assert browser.jar.cookies == {"session": "s"}
            assert (await browser.post_json("/api/ballots", {"x": "评"})).json() == {"op": 1}
            assert (await browser.get("/judge")).text == "abcde"
            first = [each.partition("\r")[0] for each in requests]
            assert first == [
                "GET /join/t HTTP/1.1",
                "GET /join HTTP/1.1",
                "POST /join HTTP/1.1",
                "POST /api/ballots HTTP/1.1",
                "GET /judge HTTP/1.1",
            ]
            assert requests[2].endswith("\r\n\r\ncsrf=a%26b&code=%E8%AF%84+%E5%AE%A1")
            assert "X-CSRF-Token: a&b\r\n" in requests[3]
            assert "Cookie: session=s\r\n" in requests[4]

    asyncio.run(play())


def test_browser_calls_silence_no_answer() -> None:
    async def play() -> None:
        async with serving([answer("one")]) as (browser, _requests):
            assert (await browser.get("/")).text == "one"
            with pytest.raises(NoAnswer):
                await browser.get("/")
            with pytest.raises(NoAnswer):
                await browser.listen("/events")
        with pytest.raises(NoAnswer):
            await Browser(browser.port).get("/")
        with pytest.raises(NoAnswer):
            await Browser(browser.port).send_and_hang_up("/api/ballots", {}, 0)

    asyncio.run(play())


def test_browser_hangs_up_before_the_answer() -> None:
    async def play() -> None:
        async with serving([answer("unheard"), answer("heard")]) as (browser, requests):
            await browser.send_and_hang_up("/api/ballots", {"op": 1}, 0.05)
            assert requests[0].endswith('\r\n\r\n{"op": 1}')
            assert (await browser.get("/")).text == "heard"

    asyncio.run(play())


def test_browser_does_not_trust_an_idle_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with serving([answer("one"), answer("two"), answer("three")]) as (browser, _requests):
            await browser.get("/")
            await browser.get("/")
            monkeypatch.setattr(module, "IDLE", -1.0)
            await browser.get("/")
            assert browser.connections == 2

    asyncio.run(play())


def test_windows_share_cookies_and_not_the_connection() -> None:
    first = Browser(1)
    second = first.window()
    second.jar.cookies["session"] = "s"
    assert (second.port, first.jar) == (1, Jar({"session": "s"}))


def test_browser_listens_chunk_by_chunk() -> None:
    async def play() -> None:
        async with serving([CHUNKED]) as (browser, _requests):
            status, reader = await browser.listen("/events")
            chunks = [await read_chunk(reader) for _ in range(3)]
            assert (status, chunks) == (200, [b"abc", b"de", b""])

    asyncio.run(play())
