"""The process that works results out: requests on standard input, answers on standard output."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from review.live.deriving import Question, derive
from review.live.showing import What
from review.store.transfer import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

#: Marks come first where there are not cores enough.
NICE = 5
#: How the process ends, whatever its threads are at.
END = partial(os._exit, 0)


def main(ended: Callable[[], None] = END, nice: int = NICE) -> None:
    """Answer until whoever asks is gone, even in the middle of an answer."""
    # Ctrl-C is for the server, which closes standard input when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError):  # Windows has none
        os.nice(nice)
    # What a plugin prints must not get between the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        serve(sys.stdin, answers, ended)


def serve(requests: Iterable[str], answers: TextIO, ended: Callable[[], None]) -> None:
    """Answer each line with a line; `ended` is called as soon as there are no more requests."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in requests:
            waiting.put(line)
        waiting.put(None)
        ended()

    threading.Thread(target=read, name="review-requests", daemon=True).start()
    while (line := waiting.get()) is not None:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What `derive` gives to a request, or how it failed, as JSON."""
    question, change, what = request["question"], request["change"], request["what"]
    try:
        found = derive(
            Question(**{**question, "blocked": tuple(question["blocked"])}),
            None if change is None else Change(**change),
            None if what is None else What(tuple(what["rounds"]), what["awards"]),
        )
    except Exception as failure:
        log.exception("a result could not be worked out")
        return {"failed": f"{type(failure).__name__}: {failure}"}
    return asdict(found)
