"""Organisers' pages that stay open: how long after a mark was stored they show it."""

from __future__ import annotations

import asyncio
import re
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from review.rehearsal.browser import Browser, NoAnswer, read_chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_STREAM = re.compile(r"/organiser/events\?[^\"]*mark=[^\"&]*")

#: Seconds until a page that was cut off comes back.
AGAIN = 1.0


@dataclass
class Listener:
    """One open page. `shown` has (instant, event): since when the page shows all up to it.

    A page that is cut off, or told to, loads again.
    """

    browser: Browser
    target: str
    shown: list[tuple[float, int]] = field(default_factory=list)
    refused: int = 0
    dropped: int = 0

    async def listen(self) -> None:
        """Load the page and follow the stream that it names, until cancelled."""
        while True:
            try:
                await self._open()
            except (NoAnswer, OSError, EOFError, asyncio.IncompleteReadError, ValueError):
                self.dropped += 1
            finally:
                self.browser.close()
            await asyncio.sleep(AGAIN)

    async def _open(self) -> None:
        page = await self.browser.get(self.target)
        found = _STREAM.search(page.text)
        if found is None:
            self.refused += 1
            return
        stream = unescape(found[0])
        self._note(stream.rpartition("mark=")[2])
        status, reader = await self.browser.listen(stream)
        if status != 200:  # noqa: PLR2004 -- HTTP
            self.refused += 1
            return
        rest = b""
        while chunk := await read_chunk(reader):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line == b"event: reload":
                    return
                if line.startswith(b"id:"):
                    self._note(line[3:].strip().decode())

    def _note(self, mark: str) -> None:
        """`42-1f0c`: all up to event 42 is shown now."""
        self.shown.append((time.time(), int(mark.partition("-")[0])))


def delays(listeners: Iterable[Listener], stored: Sequence[tuple[float, int]]) -> list[float]:
    """Seconds from storing to showing, for each listener and each (instant, event) of `stored`.

    What was stored while a page was cut off counts until it is back; what came before it was opened
    or after its last message does not.
    """
    found = []
    for listener in listeners:
        events = [event for _instant, event in listener.shown]
        for instant, event in stored:
            place = bisect_left(events, event)
            if place < len(events) and instant >= listener.shown[0][0]:
                found.append(max(0.0, listener.shown[place][0] - instant))
    return found
