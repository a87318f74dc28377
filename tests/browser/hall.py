"""An event in a hall: a folder, a real server in a thread, and a network that fails on demand."""

from __future__ import annotations

import csv
import threading
import time
from collections import Counter, deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from review.live import rounds as live_rounds
from review.live.event import Event
from review.store import marks, people, rounds, sessions
from review.store.database import now
from review.web.app import create_app
from review.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from review.store.people import Person

JUDGES = 40
QUIET = 2.0
"""Seconds: longer than a page waits until it tries again for the first time."""
ROUNDS = ("buttons", "typed", "locking", "renewing", "blind")
TITLES = (
    ("p1", "Pocket garden", "口袋花园"),
    ("p2", "Repair café", "修理咖啡馆"),
    ("p3", "Fraud-proof theatre", "反诈小剧场"),
    ("p4/甲", "Stairwell library", "楼道图书角"),
)

COMPETITION = """
format = 1
id = "hall"
title = { en = "Star Selection Plan", zh-Hans = "星选计划" }
seed = 7
proposals = "proposals.csv"
judges = "judges.csv"
"""
ROUND = """
[[rounds]]
id = "{id}"
title = {{ en = "Round {id}", zh-Hans = "轮次 {id}" }}
rubric = "{id}"
"""
RUBRIC = """
id = "{id}"
title = {{ en = "{id}", zh-Hans = "{id}" }}
scorer = "median"
ties = ["share"]
blind = {blind}
[scale]
min = 0
max = 10
step = {step}
[[criteria]]
id = "need"
title = {{ en = "Community need", zh-Hans = "社区需求" }}
description = {{ en = "Is it wanted?", zh-Hans = "居民需要吗？" }}
weight = 60
[criteria.levels]
10 = {{ en = "Named by many residents", zh-Hans = "许多居民自己提出" }}
7 = {{ en = "A clear group needs it", zh-Hans = "某一群体确有需求" }}
4 = {{ en = "Assumed", zh-Hans = "多为推测" }}
[[criteria]]
id = "team/队 spirit"
title = {{ en = "Team", zh-Hans = "团队" }}
weight = 40
"""
#: The rubric of a round in another version: one criterion is new, one has another scale.
RENEWED = """
id = "renewing"
title = { en = "renewing", zh-Hans = "renewing" }
scorer = "median"
ties = ["share"]
report = "percent"
[scale]
min = 0
max = 10
step = 1
[[criteria]]
id = "need"
title = { en = "Community need", zh-Hans = "社区需求" }
[[criteria]]
id = "team/队 spirit"
title = { en = "Team", zh-Hans = "团队" }
scale = { min = 0, max = 5, step = 1 }
[[criteria]]
id = "reach"
title = { en = "Reach", zh-Hans = "覆盖面" }
"""


def write_folder(folder: Path) -> Path:
    """The competition of the hall."""
    (folder / "rubrics").mkdir(parents=True)
    text = COMPETITION + "".join(ROUND.format(id=name) for name in ROUNDS)
    (folder / "competition.toml").write_text(text, encoding="utf-8")
    for name in ROUNDS:
        step, blind = ("0.5" if name == "typed" else "1"), "[]"
        if name == "blind":
            blind = '["title", "team"]'
        (folder / f"rubrics/{name}.toml").write_text(
            RUBRIC.format(id=name, step=step, blind=blind), encoding="utf-8"
        )
    with (folder / "proposals.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "title_zh-Hans", "team", "community", "order"])
        for order, (proposal, english, chinese) in enumerate(TITLES, 1):
            rows.writerow(
                [proposal, english, chinese, "Secret team 秘密队", "Liuyin Li 柳荫里", order]
            )
    with (folder / "judges.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name"])
        rows.writerows([f"j{i:02}", f"Judge {i} 林评委"] for i in range(JUDGES))
    return folder


class Network:
    """Between browser and application: does to a ballot what is asked for, one after the other.

    `down`: everything fails with 503; `shut`: what is asked for under these paths does. Of
    `faults`: `lost`, the ballot is stored and the answer cut off; `bad_gateway`, it is stored and a
    proxy answers 502; `portal`, the page of a Wi-Fi answers 200 in the place of the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.faults: deque[str] = deque()
        self.down = False
        self.shut: set[str] = set()
        self.seen: Counter[str] = Counter()

    def quiet(self, path: str) -> int:
        """How often `path` was asked for, once no more of it comes.

        What a closed page had under way may arrive after it.
        """
        seen = -1
        while seen != self.seen[path]:
            seen = self.seen[path]
            time.sleep(QUIET)
        return seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or fail to."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ballot = scope["path"] == "/api/ballots"
        self.seen[scope["path"]] += 1
        if self.down or scope["path"] in self.shut:
            await _answer(send, 503, b"{}")
        elif ballot and self.faults:
            await self._fail(self.faults.popleft(), scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _fail(self, fault: str, scope: Scope, receive: Receive, send: Send) -> None:
        async def nowhere(_message: Message) -> None:
            pass

        if fault == "portal":
            await _answer(send, 200, b"<html>Accept our terms</html>", "text/html")
            return
        await self.app(scope, receive, nowhere)
        if fault == "bad_gateway":
            await _answer(send, 502, b"<html>Bad gateway</html>", "text/html")
        else:
            await _answer(send, 200, b'{"op"', length=1000)


async def _answer(
    send: Send, status: int, body: bytes, kind: str = "application/json", length: int | None = None
) -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(length or len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Hall:
    """A served event."""

    def __init__(self, folder: Path, event: Event, network: Network, port: int) -> None:
        self.folder = folder
        self.event = event
        self.network = network
        self.port = port
        self.url = f"http://localhost:{port}"
        self.organiser = event.writer.do(
            lambda conn: people.add_organiser(conn, "Organiser 组织者")
        )
        with event.database.reading() as conn:
            self._free = iter(people.people(conn, "judge"))

    def judge(self) -> Person:
        """A judge whom no other test has."""
        return next(self._free)

    def session(self, person: Person) -> str:
        """A new session's token."""
        return self.event.writer.do(lambda conn: sessions.open_session(conn, person.ref, now()))

    def end_sessions(self, person: Person) -> None:
        """As when they are over."""
        self.event.writer.do(lambda conn: sessions.end_all(conn, person.ref))

    def link(self, person: Person) -> str:
        """The address of a link for somebody."""
        token = self.event.writer.do(lambda conn: people.new_link(conn, person.ref))
        return f"{self.url}/join/{token}"

    def change(self, round_id: str, to: str) -> None:
        """Open, lock or reopen a round."""
        with self.event.database.reading() as conn:
            version = rounds.state(conn, round_id).version
        if to == "open":
            live_rounds.open_round(self.event, self.organiser, round_id, version)
        elif to == "locked":
            live_rounds.lock(self.event, self.organiser, round_id, version)
        else:
            live_rounds.reopen(self.event, self.organiser, round_id, version, why="too early")

    def stored(self, person: Person, round_id: str | None = None) -> dict[tuple[str, str], Any]:
        """What the store has of a judge: `(proposal, criterion)` → mark or state, and revision."""
        with self.event.database.reading() as conn:
            rows = marks.current(conn, round_id, person.ref)
        return {
            (row.proposal, row.criterion): (row.mark or row.state, row.revision) for row in rows
        }

    def times(self, person: Person) -> set[str]:
        """When the marks of a judge were stored."""
        with self.event.database.reading() as conn:
            return {row.at for row in marks.current(conn, None, person.ref)}


@contextmanager
def serving(folder: Path) -> Iterator[Hall]:
    """Serve a folder's event until the block is left."""
    event = Event.open(folder)
    network = Network(create_app(event, Settings(folder=str(folder))))
    server = uvicorn.Server(uvicorn.Config(network, port=0, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Hall(folder, event, network, port)
    finally:
        server.should_exit = True
        thread.join()
        event.close()
