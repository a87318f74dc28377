"""Opening the event that a server serves, and stopping in time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from review.live.event import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from review.web.settings import Settings

#: How a process is asked to end: Ctrl+C, and what `systemctl stop` sends.
STOPS = (signal.SIGINT, signal.SIGTERM)


def open_event(settings: Settings) -> Event:
    """The event in the settings' folder and database; a new database takes the folder in."""
    return Event.open(
        Path(settings.folder) if settings.folder else None,
        settings.database,
        local_plugins=settings.local_plugins,
        blocked=settings.blocked,
    )


@contextmanager
def stopping() -> Iterator[None]:
    """End in order, with exit code 0, when the process is asked to end, whatever it is doing."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {asked: signal.signal(asked, end) for asked in STOPS}
    try:
        yield
    finally:
        for asked, handler in before.items():
            signal.signal(asked, handler)


@contextmanager
def before_stopping(function: Callable[[], object]) -> Iterator[None]:
    """Call something as soon as the process is asked to end, before whoever handles that.

    The server waits for answers that are not finished, and event streams never are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # nobody sends signals to a thread
        return
    before = {asked: signal.getsignal(asked) for asked in STOPS}

    def handle(number: int, frame: FrameType | None) -> None:
        function()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for asked in before:
        signal.signal(asked, handle)
    try:
        yield
    finally:
        for asked, handler in before.items():
            signal.signal(asked, handler)


def end_with_parent() -> None:
    """End this worker when the process that started it is gone, however that ended.

    Otherwise workers would go on alone, and keep the next server from its port.
    """
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="review-parent", daemon=True).start()
