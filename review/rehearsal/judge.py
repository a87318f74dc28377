"""A made-up judge: arrives, signs in, marks, and does all that judges and their phones do."""

from __future__ import annotations

import asyncio
import math
import re
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote

from review.rehearsal.browser import Browser, NoAnswer
from review.rehearsal.ledger import ACKNOWLEDGED, Ballot, Mark, Sent

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable, Sequence

    from review.rehearsal.browser import Answer
    from review.rehearsal.ledger import Ledger
    from review.rehearsal.pace import Pace
    from review.rehearsal.sheets import Sheet

#: After these, and after silence, what was sent is sent again.
AGAIN = frozenset((401, 408, 429, 500, 502, 503, 504))
#: Seconds of trying after which a judge gives up; no server should be away for so long.
GIVE_UP = 180.0

_ITEM = re.compile(r'href="/judge/score\?([^"#]*)')

#: How often out of a hundred ballots each fault is played.
FAULTS = {"lost_reply": 6, "twice": 4, "two_tabs": 2, "correction": 5}
#: How many judges out of a hundred are offline for a while, or leave early.
OFFLINE, DROPOUT = 15, 3
#: How many cells out of a thousand get a state in place of a number.
STATES = {"abstain": 8, "missing": 4}
RECUSED = 3  # whole ballots, out of a thousand
COMMENTS = 0.2  # the share of ballots with one


class GaveUp(Exception):  # noqa: N818 -- the judge's decision
    """The server stayed away for too long."""


@dataclass
class Judge:
    """One judge with a phone. `word` is a word that stands nowhere else: part of every comment."""

    id: str
    token: str
    port: int
    sheets: dict[str, Sheet]
    ledger: Ledger
    dice: random.Random
    pace: Pace
    word: str
    name: str = ""
    #: The server's digest of each round's rubric.
    digests: dict[str, str] = field(default_factory=dict)
    browser: Browser = field(init=False)
    door: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    #: The revision of each cell that the judge's pages would show.
    seen: dict[tuple[Ballot, str], int] = field(default_factory=dict)
    last: dict[Ballot, dict[str, Mark]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = Browser(self.port)

    async def sign_in(self, browser: Browser | None = None) -> None:
        """Open the link, press the button behind it, and land on the list."""
        window = browser or self.browser
        await self.patiently(lambda: window.get(f"/join/{self.token}"))
        await self.patiently(lambda: window.post_form("/join", {}))
        await self.page("/judge", window)

    async def _sign_in_again(self, browser: Browser, before: str) -> None:
        """After 401, unless another window has done so since."""
        self.ledger.faults["401"] += 1
        async with self.door:
            if browser.jar.secret == before:
                await self.sign_in(browser)

    async def page(self, target: str, browser: Browser | None = None) -> Answer:
        """A page of the judge's; its time is noted."""
        window = browser or self.browser
        answer = await self.patiently(lambda: window.get(target))
        self.ledger.pages.append(answer.seconds)
        return answer

    async def patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask until there is an answer that another try would not change."""
        wait, began = 0.1, time.monotonic()
        while True:
            try:
                answer = await ask()
            except NoAnswer:
                self.ledger.faults["no_answer"] += 1
            else:
                if answer.status not in AGAIN or answer.status == 401:  # noqa: PLR2004 -- HTTP
                    return answer
                self.ledger.faults[str(answer.status)] += 1
            if time.monotonic() - began > GIVE_UP:
                raise GaveUp(self.id)
            await asyncio.sleep(wait * (0.5 + self.dice.random()))
            wait = min(wait * 2, 2.0)

    async def judge(self, round_id: str) -> None:
        """A whole round, from arriving to the last mark, or to leaving early or in despair."""
        try:
            await self._judge(round_id)
        except GaveUp:
            self.ledger.faults["gave_up"] += 1
        finally:
            self.browser.close()

    async def _judge(self, round_id: str) -> None:
        await asyncio.sleep(self.dice.random() * self.pace.arrival)
        await self.sign_in()
        proposals = await self._list(round_id)
        if not proposals:
            return
        if self.dice.random() < self.pace.freely:
            self.dice.shuffle(proposals)
        leaves = self._leaves(len(proposals))
        offline = self._offline(len(proposals))
        queue: list[Sent] = []
        for number, proposal in enumerate(proposals[:leaves]):
            await self._think(round_id, proposal, number)
            sent = self._compose(Ballot(round_id, self.id, proposal))
            if number in offline:
                queue.append(sent)
                continue
            await self._flush(queue)
            await self._mark(sent)
        await self._flush(queue)

    async def _list(self, round_id: str) -> list[str]:
        """The proposals that the judge's own page lists, in its order."""
        text = (await self.page(f"/judge?round={quote(round_id, safe='')}")).text
        queries = (parse_qs(unescape(query)) for query in _ITEM.findall(text))
        found = [q["proposal"][0] for q in queries if q.get("round") == [round_id]]
        return list(dict.fromkeys(found))

    def _leaves(self, count: int) -> int:
        if self.dice.random() * 100 >= DROPOUT:
            return count
        self.ledger.played["dropped_out"] += 1
        return self.dice.randrange(count)

    def _offline(self, count: int) -> range:
        if self.dice.random() * 100 >= OFFLINE:
            return range(0)
        self.ledger.played["offline"] += 1
        start = self.dice.randrange(count)
        return range(start, start + self.dice.randint(2, 8))

    async def _think(self, round_id: str, proposal: str, number: int) -> None:
        """Look at the form and take the time that it takes."""
        if self.pace.forms or number == 0:
            query = f"round={quote(round_id, safe='')}&proposal={quote(proposal, safe='')}"
            await self.page(f"/judge/score?{query}")
        if self.pace.think:
            await asyncio.sleep(self.dice.lognormvariate(math.log(self.pace.think), 0.6))

    def _compose(self, ballot: Ballot, keep: int = 0) -> Sent:
        """What the judge enters; the first `keep` criteria as they were."""
        sheet = self.sheets[ballot.round]
        before = self.last.get(ballot, {})
        if self.dice.random() * 1000 < RECUSED:
            self.ledger.played["recused"] += 1
            marks = {c: Mark(None, "recused") for c in sheet.criteria}
        else:
            marks = {c: self._mark_of(sheet.marks[c]) for c in sheet.criteria}
        marks |= {c: before[c] for c in list(before)[:keep]}
        self.last[ballot] = marks
        comment = f"{self.word} {len(self.ledger.sent)}" if self.dice.random() < COMMENTS else None
        base = {c: self.seen.get((ballot, c), 0) for c in marks}
        op = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        return self.ledger.add(Sent(op, ballot, marks, base, comment, 0.0))

    def _mark_of(self, choices: Sequence[str]) -> Mark:
        lot = self.dice.random() * 1000
        for state, share in STATES.items():
            lot -= share
            if lot < 0:
                self.ledger.played[state] += 1
                return Mark(None, state)
        return Mark(self.dice.choice(choices), None)

    async def _flush(self, queue: list[Sent]) -> None:
        """Back online: what waited goes out in the order it was entered."""
        while queue:
            await self.deliver(queue.pop(0), self.browser)

    async def _mark(self, sent: Sent) -> None:
        """Send a ballot, with whatever goes wrong on the way."""
        lot = self.dice.random() * 100
        fault = ""
        for name, share in FAULTS.items():
            if 0 <= lot < share:
                fault = name
            lot -= share
        if fault:
            self.ledger.played[fault] += 1
        if fault == "lost_reply":
            await self._lose_reply(sent)
        elif fault == "twice":
            with closing(self.browser.window()) as other:
                await asyncio.gather(self.deliver(sent, self.browser), self.deliver(sent, other))
        elif fault == "two_tabs":
            await self._two_tabs(sent)
        else:
            await self.deliver(sent, self.browser)
        if fault == "correction" and sent.outcome == ACKNOWLEDGED:
            await self.deliver(self._compose(sent.ballot, keep=1), self.browser)

    async def _lose_reply(self, sent: Sent) -> None:
        sent.first = sent.first or time.monotonic()
        sent.tries += 1
        window = self.browser.window()
        try:
            await window.send_and_hang_up("/api/ballots", self._body(sent), self.dice.random() / 50)
        except NoAnswer:
            self.ledger.faults["no_answer"] += 1
        await self.deliver(sent, self.browser)

    async def _two_tabs(self, sent: Sent) -> None:
        """Two tabs send the same form with different marks; the judge sees to the one that lost."""
        second = self._compose(sent.ballot)
        with closing(self.browser.window()) as other:
            await asyncio.gather(self.deliver(sent, self.browser), self.deliver(second, other))
        if {sent.outcome, second.outcome} == {ACKNOWLEDGED, "stale"}:
            await self.deliver(self._compose(sent.ballot), self.browser)

    def _body(self, sent: Sent) -> dict[str, object]:
        return sent.body(self.digests[sent.ballot.round], datetime.now(UTC).isoformat())

    async def deliver(self, sent: Sent, browser: Browser) -> None:
        """Send one operation until the server says yes or no."""
        sent.first = sent.first or time.monotonic()
        body = self._body(sent)

        async def ask() -> Answer:
            sent.tries += 1
            return await browser.post_json("/api/ballots", body)

        while True:
            before = browser.jar.secret
            answer = await self.patiently(ask)
            if answer.status != 401:  # noqa: PLR2004 -- HTTP
                break
            await self._sign_in_again(browser, before)
        self.ledger.answered(answer.seconds)
        self._note(sent, answer.status, answer.json())

    def _note(self, sent: Sent, status: int, told: Any) -> None:
        if status != 200:  # noqa: PLR2004 -- HTTP
            sent.outcome = sent.outcome or str(told["code"])
            current = told.get("details") or {}
            for each in current.get("current", ()) if isinstance(current, dict) else ():
                self.seen[sent.ballot, each["criterion"]] = each["revision"]
            return
        self.ledger.replays += bool(told["replay"])
        revisions = {each["criterion"]: each["revision"] for each in told["revisions"]}
        if sent.outcome == ACKNOWLEDGED and revisions != sent.revisions:
            self.ledger.faults["replay_differs"] += 1
        sent.outcome, sent.revisions = ACKNOWLEDGED, revisions
        sent.seconds = sent.seconds or time.monotonic() - sent.first
        for criterion, revision in revisions.items():
            key = sent.ballot, criterion
            self.seen[key] = max(revision, self.seen.get(key, 0))
