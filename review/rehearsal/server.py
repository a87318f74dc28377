"""The server under rehearsal: `review serve` as a process of its own, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from review.errors import ReviewError
from review.messages import Message
from review.rehearsal.browser import Browser, NoAnswer

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Mapping
    from pathlib import Path

#: Seconds that a server may take until it takes marks.
START = 60.0
#: Seconds that it may take to end.
STOP = 15.0


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """`review serve FOLDER` on loopback. `down` has the seconds of each outage after a kill."""

    folder: Path
    database: str
    log: Path
    port: int = field(default_factory=free_port)
    down: list[float] = field(default_factory=list)
    process: Process | None = None

    async def start(self) -> None:
        """Start it, and wait until it is ready; ReviewError with its last words where it ends."""
        command = ["serve", str(self.folder), "--port", str(self.port), "--database", self.database]
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "review", *command, "--lang", "en",
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                env=self._environment(), start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START
        while not await self._is_ready():
            if self.process.returncode is not None or time.monotonic() > deadline:
                raise ReviewError(Message("rehearsal_no_server", {"log": self._last_words()}))

    async def _is_ready(self) -> bool:
        """Whether it takes marks; a tenth of a second is waited where it does not."""
        with closing(Browser(self.port)) as browser, suppress(NoAnswer):
            if (await browser.send("GET", "/ready")).status == 200:  # noqa: PLR2004 -- HTTP
                return True
        await asyncio.sleep(0.1)
        return False

    async def kill(self) -> None:
        """End it as a power cut would, at whatever it is doing, and start it again."""
        assert self.process is not None  # noqa: S101 -- started before
        began = time.monotonic()
        self.process.kill()
        await self.process.wait()
        await self.start()
        self.down.append(time.monotonic() - began)

    async def stop(self) -> int:
        """Ask it to end, wait, and make sure that nothing of it is left; its exit code."""
        if self.process is None:
            return 0
        if self.process.returncode is None:
            self.process.terminate()
        try:
            async with asyncio.timeout(STOP):
                code = await self.process.wait()
        except TimeoutError:
            code = -signal.SIGKILL
        with suppress(ProcessLookupError):  # as it should be: nothing was left
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()
        self.process = None
        return code

    def _environment(self) -> Mapping[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("REVIEW_")}
        return {**kept, "PYTHONUNBUFFERED": "1"}

    def _last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:].strip() or "–"
