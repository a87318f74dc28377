"""The organiser's pages: run an event from a desk or a phone."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from fastapi import APIRouter

from review.web.routes.organiser import (
    account,
    decisions,
    definition,
    following,
    judges,
    looks,
    proposals,
    publishing,
    record,
    rounds,
)
from review.web.streams import Hub

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from review.live.event import Event

router = APIRouter(include_in_schema=False)
for part in (
    rounds, following, judges, proposals, decisions, publishing, record, definition, account,
):  # fmt: skip
    router.include_router(part.router)


class Streams(Hub):
    """The live pages of an event."""

    def __init__(self, event: Event) -> None:
        super().__init__(partial(looks.look, event))
        self._event = event

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the record of the event for as long as the application runs."""
        stop = self._event.changed.subscribe(self.wake)
        try:
            yield
        finally:
            stop()
            self.close()
