"""The rehearsal from start to end: stage, serve, judge, disturb, close, publish, export."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from review.rehearsal import probe, sheets, staging, stores
from review.rehearsal.browser import Browser
from review.rehearsal.judge import Judge
from review.rehearsal.ledger import Ledger
from review.rehearsal.listener import Listener
from review.rehearsal.organiser import Organiser, in_address
from review.rehearsal.outcome import Played, report_of
from review.rehearsal.pace import PACES
from review.rehearsal.server import Server
from review.rehearsal.ways import invite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from review.app import Opened
    from review.rehearsal.report import Report
    from review.rehearsal.sheets import Sheet
    from review.rehearsal.staging import Wanted

#: Seconds between rounds of asking for what must not be seen.
PROBING = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What `review rehearse` was asked for; `restart` restarts the database.

    It says whether it did; None: nobody restarts it.
    """

    folder: Path
    wanted: Wanted = (None, None, None)
    pace: str = "human"
    kills: int = 1
    listeners: int = 3
    database: str | None = None
    restart: Callable[[], bool] | None = None
    seed: int = 1


def rehearse(plan: Plan) -> Report:
    """Play it all and compare; DataError where the competition has errors."""
    with (
        tempfile.TemporaryDirectory(prefix="review-rehearsal-") as temporary,
        stores.a_store(plan.database, Path(temporary)) as url,
    ):
        folder = Path(temporary)
        dice = random.Random(plan.seed)  # noqa: S311 -- a play, no secret
        staged = staging.stage(plan.folder, folder / "competition", plan.wanted, dice)
        play = Play(plan, staged, url, folder, dice)
        return report_of(asyncio.run(play.run()))


class Play:
    """One rehearsal while it runs."""

    def __init__(
        self, plan: Plan, staged: Opened, url: str, folder: Path, dice: random.Random
    ) -> None:
        self.plan, self.staged, self.url, self.folder, self.dice = plan, staged, url, folder, dice
        self.rounds = [r.id for r in staged.competition.rounds if r.uses_own]
        self.sheets = {r: sheets.sheet_of(staged.loaded.rubrics[r]) for r in self.rounds}
        self.ledger = Ledger()
        self.server = Server(staged.folder, url, folder / "server.log")
        self.listeners: list[Listener] = []
        self.judging = 0.0
        self.disturbances = ["kills"] * plan.kills + ["restarts"] * bool(plan.restart)
        dice.shuffle(self.disturbances)

    async def run(self) -> Played:
        """The event, and all that is known of it when it is over."""
        self.ways = invite(self.staged.folder, self.url)
        self.organiser = Organiser(self.server.port, self.ways.organiser)
        self.judges = self._judges()
        dice = random.Random(0)  # noqa: S311 -- a play, no secret
        self.curious = replace(self.judges[-1], ledger=Ledger(), dice=dice)
        self.probe = probe.Probe(self._planted())
        await self.server.start()
        try:
            await self.organiser.sign_in()
            for round_id in self.rounds:
                await self._round(round_id)
            export = await self.organiser.export()
            await self.organiser.publish([r.id for r in self.staged.competition.rounds])
            published = (await self.organiser.get("/api/results")).text
            await self._ask_publicly()
        finally:
            await self.server.stop()
            for person in (self.organiser, self.curious):
                person.browser.close()
            await asyncio.sleep(0)  # connections are gone after a turn of the loop
        return Played(
            self.plan, self.staged, self.url, self.folder, self.ledger, self.probe,
            self.listeners, self.judging, self.server.down, export, published,
        )  # fmt: skip

    def _judges(self) -> list[Judge]:
        """All judges; the first one of each panel gives marks that nobody else gives."""
        prefix = "".join(self.dice.choices("bcdfghjklmnpqrstvwxz", k=6))
        names = dict(self.staged.loaded.judges.select("judge", "name").iter_rows())
        judges = []
        for number, (id_, token) in enumerate(sorted(self.ways.judges.items())):
            dice = random.Random(f"{self.plan.seed}:{id_}")  # noqa: S311 -- a play, no secret
            judges.append(
                Judge(
                    id_, token, self.server.port, self._sheets(odd=number == 0), self.ledger,
                    dice, PACES[self.plan.pace], f"{prefix}{number}", names.get(id_) or "",
                )
            )  # fmt: skip
        return judges

    def _sheets(self, *, odd: bool) -> dict[str, Sheet]:
        if not odd:
            return self.sheets
        return {
            r: replace(sheet, marks={c: sheet.odd[c] or marks for c, marks in sheet.marks.items()})
            for r, sheet in self.sheets.items()
        }

    def _planted(self) -> list[str]:
        """Words that only organisers may see: comments, names, marks that nobody else gives."""
        titles = self.staged.loaded.proposals.write_json()
        odd = {m for s in self.sheets.values() for marks in s.odd.values() for m in marks}
        names = {j.name for j in self.judges if len(j.name) > 1 and j.name not in titles}
        return sorted({j.word for j in self.judges} | names | odd)

    async def _round(self, round_id: str) -> None:
        """Open a round, let everybody mark, disturb them, and close it."""
        await self._ask(round_id)
        await self.organiser.open_round(round_id)
        digest = (await self.organiser.state())[round_id]["rubric"]
        for judge in self.judges:
            judge.digests[round_id] = digest
        began, down = time.monotonic(), sum(self.server.down)
        async with beside(
            *(each.listen() for each in self._listen(round_id)),
            self._disturb(),
            self._probing(round_id),
        ):
            await asyncio.gather(*(judge.judge(round_id) for judge in self.judges))
            self.judging += time.monotonic() - began - (sum(self.server.down) - down)
            await asyncio.sleep(1.0)  # the pages of organisers catch up
        await self.organiser.close_round(round_id)
        rule = self.staged.competition.round(round_id).shortlist
        if rule is not None:
            ruled = await self.organiser.decide(round_id, rule.options.get("size"))
            self.ledger.played["rulings"] += ruled
        await self._ask(round_id)

    def _listen(self, round_id: str) -> list[Listener]:
        target = "/organiser/coverage" + in_address(round=round_id)
        made = [
            Listener(self.organiser.browser.window(), target) for _ in range(self.plan.listeners)
        ]
        self.listeners += made
        return made

    async def _disturb(self) -> None:
        """Kill the server and restart the database, spread over the first round."""
        count = len(self.disturbances)
        expected = len(self.judges) * self.staged.loaded.proposals.height
        for number in range(1, count + 1):
            await self.ledger.reached(expected * number // (count + 1))
            kind = self.disturbances.pop()
            if kind == "kills":
                await self.server.kill()
            else:
                assert self.plan.restart is not None  # noqa: S101 -- else it is no disturbance
                done = await asyncio.to_thread(self.plan.restart)
                self.ledger.faults["restart_failed"] += not done
            self.ledger.played[kind] += 1

    async def _probing(self, round_id: str) -> None:
        while True:
            await asyncio.sleep(PROBING)
            await self._ask(round_id)

    async def _ask(self, round_id: str) -> None:
        """Ask for everything as a judge and as nobody, as long as nothing is published."""
        round_ = in_address(round=round_id)
        organisers = [*probe.ORGANISERS, *(f"{t}{round_}" for t in probe.ORGANISERS[1:-1])]
        judges = [*probe.JUDGES, *(f"{t}{round_}" for t in probe.JUDGES[:3])]
        mine = (self.judges[-1].word, self.judges[-1].name)
        ask = self.probe.ask
        with closing(Browser(self.server.port)) as nobody:
            await ask("nobody", nobody, [*organisers, *judges, *probe.RESULTS], shut=True)
            await ask("nobody", nobody, probe.ANYBODY)
        with closing(await self._a_judge()) as somebody:
            await ask("judge", somebody, [*organisers, *probe.RESULTS], mine=mine, shut=True)
            await ask("judge", somebody, [*judges, *probe.ANYBODY], mine=mine)

    async def _a_judge(self) -> Browser:
        """The last judge in another browser, signed in by the same link."""
        if not self.curious.browser.jar.cookies:
            await self.curious.sign_in()
        return self.curious.browser

    async def _ask_publicly(self) -> None:
        """What is published must name no judge, and show no single mark or comment."""
        with closing(Browser(self.server.port)) as nobody:
            await self.probe.ask("nobody", nobody, [*probe.ANYBODY, *probe.RESULTS])
            await self.probe.ask("nobody", nobody, [*probe.ORGANISERS, *probe.JUDGES], shut=True)


@asynccontextmanager
async def beside(*work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do other work while the block runs; what failed there fails the block at its end."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
    for failure in done:
        if isinstance(failure, Exception):
            raise failure
