from __future__ import annotations

import asyncio

from review.rehearsal.browser import Answer, Browser
from review.rehearsal.probe import Leak, Probe
from review.rehearsal.server import free_port


def test_probe_finds_planted_words_whole_in_bodies_and_headers() -> None:
    probe = Probe(("zqw1", "7.313", "林评委"))
    body = "zqw12 and 17.313, 7.3135; zqw1; 林评委".encode()
    probe.look("judge", "/judge", Answer(200, {"x-mark": "7.313"}, body, 0.0), mine=("zqw1",))
    assert probe.leaks == [
        Leak("judge", "/judge", "7.313"),
        Leak("judge", "/judge", "林评委"),
    ]


def test_probe_takes_an_answer_where_there_should_be_none_for_a_leak() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        status = b"200 OK" if b"GET /open" in head else b"403 No"
        writer.write(b"HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status)
        writer.close()

    async def play() -> Probe:
        probe = Probe(())
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        browser = Browser(server.sockets[0].getsockname()[1])
        async with server:
            await probe.ask("nobody", browser, ["/open", "/shut", "/shut/events"], shut=True)
            await probe.ask("judge", browser, ["/open"])
        await probe.ask("nobody", Browser(free_port()), ["/open"], shut=True)
        await asyncio.sleep(0.02)
        return probe

    probe = asyncio.run(play())
    assert (probe.asked, probe.leaks) == (4, [Leak("nobody", "/open", "200")])
