"""Who is told when the record grows, by this process or by another."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class Changed:
    """Calls whoever subscribed with the number of the last event; from any thread.

    They are called by the thread that wrote or watches: they must be quick.
    """

    def __init__(self) -> None:
        self._callbacks: tuple[Callable[[int], None], ...] = ()
        self._lock = threading.Lock()

    def subscribe(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call `callback` from now on; returns how to end it."""
        with self._lock:
            self._callbacks = (*self._callbacks, callback)

        def end() -> None:
            with self._lock:
                self._callbacks = tuple(c for c in self._callbacks if c is not callback)

        return end

    def tell(self, seq: int) -> None:
        """Call them all; one that fails keeps nobody else from being told."""
        for callback in self._callbacks:
            try:
                callback(seq)
            except Exception:
                log.exception("whoever was told of event %d failed", seq)
