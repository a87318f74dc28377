"""Opening the event that a server serves, and stopping in time."""

from __future__ import annotations

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


def open_event(settings: Settings) -> Event:
    """The event in the settings' folder and database; a new database takes the folder in."""
    return Event.open(
        Path(settings.folder) if settings.folder else None,
        settings.database,
        local_plugins=settings.local_plugins,
        blocked=settings.blocked,
    )


@contextmanager
def before_stopping(function: Callable[[], object]) -> Iterator[None]:
    """Call something as soon as the process is asked to end, before whoever handles that.

    The server waits for answers that are not finished, and event streams never are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # nobody sends signals to a thread
        return
    before = {asked: signal.getsignal(asked) for asked in (signal.SIGINT, signal.SIGTERM)}

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
