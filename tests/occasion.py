"""A small live event for tests: a folder, an application over it, and people signed in.

Words that must not leak are unlikely ones: `TEAM_WORDS`, comments and marks can be looked for in
any answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.testclient import TestClient

from review.store import people, rounds
from review.web.app import create_app
from review.web.serving import open_event
from review.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fastapi import FastAPI

    from review.live.event import Event

JUDGES = ("lin", "zhou", "wei/3")
PROPOSALS = ("p01", "p02", "p/03", "提案四")
TEAM_WORDS = ("Quokkas", "Narwhals", "Axolotls", "Pangolins")

TOML = """
format = 1
id = "hall-2026"
title = {{ en = "Hall Pitch 2026", zh-Hans = "2026年路演评审" }}
seed = 7
proposals = "proposals.csv"
judges = "judges.csv"

[conflicts]
same = [["organisation", "team"]]

[[rounds]]
id = "pitch"
title = {{ en = "Pitch", zh-Hans = "路演" }}
rubric = "pitch"
panel = "main"
[rounds.shortlist]
rule = "top"
size = 2
line = "chain"

[[rounds]]
id = "final"
title = {{ en = "Final", zh-Hans = "决赛" }}
rubric = "pitch"
entrants = "pitch"

[[awards]]
id = "best"
title = {{ en = "Best pitch", zh-Hans = "最佳路演" }}
award = "{award}"
round = "final"
"""

RUBRIC = """
id = "pitch"
title = { en = "Pitch", zh-Hans = "路演" }
decimals = 2
ties = ["criterion:need", "lot"]
BLIND
[scale]
min = 0
max = 10
step = 0.5
[[criteria]]
id = "need"
title = { en = "Need", zh-Hans = "需求" }
description = { en = "Who wants it, and how do you know?", zh-Hans = "谁需要？依据是什么？" }
weight = 60
levels = { 10 = { en = "Urgent and shown", zh-Hans = "迫切且有据" }, 5 = { en = "Plausible", zh-Hans = "言之成理" }, 0 = { en = "Nobody asked", zh-Hans = "无人需要" } }
[[criteria]]
id = "team/fit"
title = { en = "Team", zh-Hans = "团队" }
weight = 40
scale = { min = 0, max = 10, step = 1 }
"""  # noqa: E501 -- a line of TOML


def make_folder(folder: Path, *, blind: bool = False, award: str = "top_score") -> Path:
    """A competition of two rounds, three judges and four proposals with awkward ids."""
    (folder / "rubrics").mkdir(parents=True)
    hidden = 'blind = ["team"]' if blind else ""
    (folder / "competition.toml").write_text(TOML.format(award=award), encoding="utf-8")
    (folder / "rubrics/pitch.toml").write_text(RUBRIC.replace("BLIND", hidden), encoding="utf-8")
    rows = [
        f"{proposal},Idea {number},{team},{number},{team.lower()}@example.org"
        for number, (proposal, team) in enumerate(zip(PROPOSALS, TEAM_WORDS, strict=True), 1)
    ]
    (folder / "proposals.csv").write_text(
        "\n".join(["id,title,team,order,email", *rows, ""]), encoding="utf-8"
    )
    names = ("Lin 林", "Zhou 周", "Wei 韦")
    seats = [f"{judge},{name},,main" for judge, name in zip(JUDGES, names, strict=True)]
    (folder / "judges.csv").write_text(
        "\n".join(["id,name,organisation,panel", *seats, ""]), encoding="utf-8"
    )
    return folder


@dataclass
class Visitor:
    """A browser without scripts: keeps cookies, knows the secret of its session."""

    client: TestClient
    csrf: str = ""

    def get(self, path: str, **params: str) -> Any:
        """Ask for a page."""
        return self.client.get(path, params=params or None)

    def post(self, path: str, data: dict[str, Any] | None = None, **params: str) -> Any:
        """Send a form, with the secret."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, params=params)

    def send(self, method: str, path: str, body: Any) -> Any:
        """Call the API, with the secret in its header."""
        return self.client.request(method, path, json=body, headers={"X-CSRF-Token": self.csrf})

    def mark(
        self,
        proposal: str,
        marks: Mapping[str, str | None],
        *,
        round_id: str = "pitch",
        **more: Any,
    ) -> Any:
        """Send a ballot; `more` are further keys of its JSON."""
        state = self.get("/api/state").json()
        rubric = next((r["rubric"] for r in state["rounds"] if r["round"] == round_id), "")
        cells = [
            {"criterion": criterion, "mark": mark, "state": None if mark else "missing", "base": 0}
            for criterion, mark in marks.items()
        ]
        body = {
            "op": str(uuid4()), "round": round_id, "proposal": proposal, "rubric": rubric,
            "marks": cells, "comment": None, "client_time": None, **more,
        }  # fmt: skip
        return self.send("POST", "/api/ballots", body)


@dataclass
class Occasion:
    """An event, the application that serves it, and who is there."""

    event: Event
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        self.app: FastAPI = create_app(self.event, self.settings)

    @classmethod
    def of(cls, folder: Path, database: str | None = None, **settings: Any) -> Occasion:
        """The event of a folder; it is the caller's to close."""
        made = Settings(folder=str(folder), database=database, **settings)
        return cls(open_event(made), made)

    def visitor(self, host: str = "192.0.2.7") -> Visitor:
        """Somebody who is not signed in, over https."""
        client = TestClient(
            self.app, base_url="https://judging.example.org", client=(host, 5000),
            follow_redirects=False, raise_server_exceptions=False,
        )  # fmt: skip
        return Visitor(client)

    def judge(self, judge_id: str = "lin") -> Visitor:
        """A judge, signed in by a link through the pages."""
        person = self._person(judge_id)
        return self._signed_in(lambda conn: people.new_link(conn, person.ref))

    def organiser(self, name: str = "Chair") -> Visitor:
        """An organiser, signed in by a link through the pages."""
        return self._signed_in(lambda conn: people.organiser_link(conn, name))

    def ref(self, judge_id: str) -> str:
        """The random name that the record has for a judge."""
        return self._person(judge_id).ref

    def move(self, *states: str, round_id: str = "pitch") -> None:
        """Bring a round into a state as an organiser would: "open", "locked", "closed"."""
        for state in states:
            self._change(round_id, state)

    def _person(self, judge_id: str) -> people.Person:
        with self.event.database.reading() as conn:
            found = people.by_judge(conn, judge_id)
        assert found is not None
        return found

    def _signed_in(self, make: Any) -> Visitor:
        token = self.event.writer.do(make)
        visitor = self.visitor()
        visitor.get(f"/join/{token}")
        visitor.csrf = secret_of(visitor.get("/join").text)
        landed = visitor.post("/join")
        assert landed.status_code == 303, landed.text
        visitor.csrf = secret_of(visitor.get(landed.headers["location"]).text)
        return visitor

    def _change(self, round_id: str, to: str) -> None:
        organiser = self.organiser()
        with self.event.database.reading() as conn:
            version = rounds.state(conn, round_id).version
        form = {"version": str(version), "why": "as planned"}
        answer = organiser.post("/organiser/round", form, round=round_id, to=to)
        assert answer.status_code == 303, answer.text


def secret_of(page: str) -> str:
    """The secret that a page's forms carry."""
    found = re.search(r'name="csrf"[^>]*(?:value|content)="([^"]+)"', page)
    assert found is not None, page
    return found.group(1)
