"""Asking for what one must not see, and looking for planted words in all that comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from review.rehearsal.browser import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from review.rehearsal.browser import Answer, Browser

OK = 200

#: What only organisers may have, at any time.
ORGANISERS = (
    "/organiser", "/organiser/coverage", "/organiser/standings", "/organiser/judges",
    "/organiser/links", "/organiser/proposals", "/organiser/decisions", "/organiser/publish",
    "/organiser/record", "/organiser/definition", "/organiser/export",
    "/organiser/events?view=coverage",
)  # fmt: skip
#: What judges may have, and nobody who is not signed in.
JUDGES = ("/judge", "/judge/score", "/judge/picture", "/api/state")
#: What anybody may ask for; before publication it must hold nothing.
ANYBODY = ("/", "/join", "/sign-in", "/health", "/ready", "/metrics", "/openapi.json", "/results")
#: What is not there before publication.
RESULTS = ("/api/results",)


class Leak(NamedTuple):
    """Who got what where: `who` is `judge` or `nobody`; `found` a word, or the status 200."""

    who: str
    target: str
    found: str


@dataclass
class Probe:
    """Looks for words and numbers that players planted; counts what it looked at."""

    planted: Collection[str]
    asked: int = 0
    leaks: list[Leak] = field(default_factory=list)

    async def ask(
        self,
        who: str,
        browser: Browser,
        targets: Iterable[str],
        *,
        mine: Collection[str] = (),
        shut: bool = False,
    ) -> None:
        """Ask for addresses; where they should be `shut`, an answer with 200 is a leak by itself.

        `mine`: words that this judge may see, being their own. No answer (the server was just
        killed) shows nothing.
        """
        for target in targets:
            try:
                status = await self._status(who, browser, target, mine)
            except NoAnswer:
                continue
            self.asked += 1
            if shut and status == OK:
                self.leaks.append(Leak(who, target, str(OK)))

    async def _status(self, who: str, browser: Browser, target: str, mine: Collection[str]) -> int:
        if "/events" in target:  # a stream has no end to wait for
            status, _reader = await browser.listen(target)
            browser.close()
            return status
        answer = await browser.send("GET", target)
        self.look(who, target, answer, mine)
        return answer.status

    def look(self, who: str, target: str, answer: Answer, mine: Collection[str] = ()) -> None:
        """Look for what is planted in the headers and the body of an answer."""
        text = f"{answer.headers} {answer.text}"
        found = {word for word in self.planted if word in text and _stands_in(word, text)}
        self.leaks += [Leak(who, target, word) for word in sorted(found - set(mine))]


def _stands_in(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", text) is not None
