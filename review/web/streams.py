"""Live pages: what changed is rendered once for everybody who looks at it, and sent as it is.

A view (a page of one round in one language) is a list of parts, each with an id in the page. When
the record grows, each view that somebody looks at is rendered once, off the event loop, and only
those of its parts whose key changed; all listeners get the same bytes. A listener that reads slowly
holds at most one copy of each part: a newer one takes the place of an older one that waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from review.text import using
from review.web.calling import slow
from review.web.logs import log
from review.web.metrics import LISTENERS

if TYPE_CHECKING:
    from collections.abc import (
        AsyncGenerator,
        Awaitable,
        Callable,
        Hashable,
        Mapping,
        Sequence,
    )

    from review.text import Language

#: Seconds between signs of life; proxies cut what is silent for a minute.
PING = 15.0
#: Seconds that a burst of marks is gathered for.
PAUSE = 0.3
#: A view rests this many times as long as it took, so that rendering never takes a whole core.
REST = 3.0

GREETING = b"retry: 2000\n\n"
BEAT = b": ping\nevent: beat\ndata:\n\n"
RELOAD = b"event: reload\ndata:\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: a page, of a round where it is about one, in a language."""

    name: str
    round: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Part:
    """An element of the page: `draw` gives its HTML, which is the same as long as `key` is."""

    id: str
    key: Hashable
    draw: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A view as of event `seq`; where its `shape` changes, swapping parts is not enough."""

    seq: int
    shape: Hashable
    parts: Sequence[Part]

    @property
    def mark(self) -> str:
        """What a page says it shows when it starts to listen: `seq-shape`."""
        shape = hashlib.sha256(repr(self.shape).encode()).hexdigest()[:8]
        return f"{self.seq}-{shape}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part as it is sent, and the event since which it looks so."""

    key: Hashable
    data: bytes
    seq: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A view, rendered: everything that a page may lack."""

    mark: str
    parts: Mapping[str, Drawn]
    since: int

    @property
    def seq(self) -> int:
        """The event it is as of."""
        return int(self.mark.partition("-")[0])

    @property
    def shape(self) -> str:
        """The digest of its shape."""
        return self.mark.partition("-")[2]

    def after(self, mark: str) -> dict[str, bytes] | None:
        """What a page lacks that showed `mark`; None where it must be loaded again."""
        seq, _, shape = mark.partition("-")
        if shape != self.shape or not seq.isdecimal():
            return None
        known = int(seq) if int(seq) >= self.since else -1
        return {i: part.data for i, part in self.parts.items() if part.seq > known}


def draw(snapshot: Snapshot, last: Frame | None) -> Frame:
    """Render those parts that are not as they were."""
    parts: dict[str, Drawn] = {}
    known = last.parts if last and last.shape == snapshot.mark.partition("-")[2] else {}
    for part in snapshot.parts:
        old = known.get(part.id)
        if old and old.key == part.key:
            parts[part.id] = old
        else:
            parts[part.id] = Drawn(part.key, _as_data(part.draw()), snapshot.seq)
    return Frame(snapshot.mark, parts, last.since if last and known else snapshot.seq)


def _as_data(text: str) -> bytes:
    return b"".join(b"data: %s\n" % line.encode() for line in text.splitlines() if line.strip())


@dataclass(eq=False)
class Listener:
    """One page that listens: what it has still to get."""

    mark: str
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: dict[str, bytes] = field(default_factory=dict)
    stale: bool = False

    def offer(self, frame: Frame) -> None:
        """Put what it lacks in the place of what it waits for."""
        lacking = frame.after(self.mark)
        if lacking is None:
            self.stale = True
        else:
            self.waiting.update(lacking)
            self.mark = frame.mark
        if self.stale or self.waiting:
            self.ready.set()

    def take(self) -> bytes:
        """Everything that waits, as one message."""
        self.ready.clear()
        if self.stale:
            return RELOAD
        parts, self.waiting = self.waiting, {}
        return b"id: %s\n%s\n" % (self.mark.encode(), b"".join(parts.values()))


class Channel:
    """One view and those who look at it."""

    def __init__(self, view: View, look: Callable[[View], Snapshot]) -> None:
        self.view = view
        self.listeners: set[Listener] = set()
        self.frame: Frame | None = None
        self._look = look
        self._dirty = asyncio.Event()
        self._dirty.set()
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Something was recorded."""
        self._dirty.set()

    def close(self) -> None:
        """Nobody looks any more."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await self._dirty.wait()
            if self.frame:
                await asyncio.sleep(PAUSE)
            self._dirty.clear()
            started = time.perf_counter()
            try:
                self.frame = await slow(self._render)
            except Exception as error:  # noqa: BLE001 -- the next event tries again
                log("error", "view", view=self.view.name, error=error)
                await asyncio.sleep(PAUSE)
                continue
            for listener in self.listeners:
                listener.offer(self.frame)
            await asyncio.sleep(REST * (time.perf_counter() - started))

    def _render(self) -> Frame:
        with using(self.view.language):
            return draw(self._look(self.view), self.frame)


class Hub:
    """Every view that is looked at in this process.

    `look` gives a view as it is now; it is called in a thread.
    """

    def __init__(self, look: Callable[[View], Snapshot]) -> None:
        self._look = look
        self._channels: dict[View, Channel] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def wake(self, _seq: int = 0) -> None:
        """Something was recorded: call it from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for channel in self._channels.values():
            channel.wake()

    def close(self) -> None:
        """End every stream; pages connect again to whoever serves them next."""
        self._closing = True
        for channel in self._channels.values():
            for listener in channel.listeners:
                listener.ready.set()

    async def stream(
        self, view: View, mark: str, allowed: Callable[[], Awaitable[bool]]
    ) -> AsyncGenerator[bytes]:
        """What a page that shows `mark` gets, for as long as `allowed` says so at every ping."""
        self._loop = asyncio.get_running_loop()
        channel = self._channels.get(view)
        if channel is None:
            channel = self._channels[view] = Channel(view, self._look)
        listener = Listener(mark)
        channel.listeners.add(listener)
        LISTENERS.inc()
        try:
            yield GREETING
            if channel.frame:
                listener.offer(channel.frame)
            while not self._closing:
                try:
                    await asyncio.wait_for(listener.ready.wait(), PING)
                except TimeoutError:
                    if not await allowed():
                        return
                    yield BEAT
                    continue
                if not self._closing:
                    yield listener.take()
        finally:
            LISTENERS.dec()
            channel.listeners.discard(listener)
            if not channel.listeners and self._channels.get(view) is channel:
                del self._channels[view]
                channel.close()

    def response(
        self, view: View, mark: str, allowed: Callable[[], Awaitable[bool]]
    ) -> StreamingResponse:
        """The stream as an answer that no proxy holds back."""
        return StreamingResponse(
            self.stream(view, mark, allowed), media_type="text/event-stream", headers=HEADERS
        )
