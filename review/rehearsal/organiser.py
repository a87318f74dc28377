"""A made-up organiser, who presses the buttons of the organisers' pages."""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
import zipfile
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from review.errors import ReviewError
from review.messages import Message
from review.rehearsal.browser import Browser, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.rehearsal.browser import Answer, Fields

#: Seconds of trying after which a step of the organiser has failed.
GIVE_UP = 90.0

_VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass
class Organiser:
    """The one who runs the event; every step is tried again until the server answers."""

    port: int
    token: str
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.port)

    async def sign_in(self) -> None:
        """By the link that a command printed."""
        await self.get(f"/join/{self.token}")
        await self.browser.post_form("/join", {})
        await self.get("/organiser")

    async def get(self, target: str) -> Answer:
        """A page; ReviewError where it is none."""
        began = time.monotonic()
        while True:
            try:
                answer = await self.browser.get(target)
            except NoAnswer:
                answer = None
            if answer and answer.status == 200:  # noqa: PLR2004 -- HTTP
                return answer
            if (answer and answer.status < 500) or time.monotonic() - began > GIVE_UP:  # noqa: PLR2004
                raise _failed("GET", target, answer)
            await asyncio.sleep(0.3)

    async def press(self, page: str, target: str, fields: Fields) -> Answer:
        """Open a page and send one of its forms; ReviewError where that is refused."""
        await self.get(page)
        answer = await self.browser.post_form(target, fields)
        if answer.status not in {200, 302, 303}:
            raise _failed("POST", target, answer)
        return answer

    async def open_round(self, round_id: str) -> None:
        """Open a round; its entrants are fixed then."""
        await self._change(round_id, "open", "")

    async def close_round(self, round_id: str) -> None:
        """Lock a round and close it, whatever marks are missing."""
        await self._change(round_id, "locked", "")
        await self._change(round_id, "closed", "the rehearsal is over")

    async def export(self) -> bytes:
        """The event as a folder, zipped."""
        return (await self.get("/organiser/export")).body

    async def decide(self, round_id: str, size: int | None) -> int:
        """Rule where a tie lies across the line of a round's shortlist; how many were ruled on.

        The first ones go on until `size` places are taken (None: all of them).
        """
        archive = zipfile.ZipFile(io.BytesIO((await self.get("/organiser/files")).body))
        result = json.loads(archive.read("result.json"))
        shortlist = next(r["shortlist"] for r in result["rounds"] if r["id"] == round_id) or []
        tied = [each["proposal"] for each in shortlist if each["status"] == "undecided"]
        taken = sum(each["status"] == "in" for each in shortlist)
        left = len(tied) if size is None else size - taken
        for number, proposal in enumerate(tied):
            what = "in" if number < left else "out"
            ruling = {"round": round_id, "proposal": proposal, "what": what}
            page = "/organiser/decisions"
            await self.press(page, page, {**ruling, "by": "rehearsal", "why": "a tie"})
        return len(tied)

    async def publish(self, rounds: Sequence[str]) -> None:
        """Publish these rounds and the awards, at once."""
        page = "/organiser/publish"
        await self.press(page, page, {"rounds": rounds, "awards": "yes"})

    async def _change(self, round_id: str, to: str, why: str) -> None:
        target = "/organiser/round" + in_address(round=round_id, to=to)
        found = _VERSION.search((await self.get(target)).text)
        version = found[1] if found else ""
        await self.press(target, target, {"version": version, "why": why})

    async def state(self) -> dict[str, Any]:
        """What `/api/state` says of each round, by id."""
        answer = await self.get("/api/state")
        return {each["round"]: each for each in answer.json()["rounds"]}


def _failed(method: str, target: str, answer: Answer | None) -> ReviewError:
    told = f"{answer.status} {unescape(answer.text)[:300]}" if answer else "–"
    return ReviewError(
        Message("rehearsal_step_failed", {"step": f"{method} {target}", "answer": told})
    )


def in_address(**values: str) -> str:
    """`?round=…&proposal=…`, whatever the ids are."""
    return "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
