"""Every role × route × phase, with data present that must not leak.

The table below says who is let in, apart from the policy that decides it. A route without a line
here fails, and so does a line without a route.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import RouteContext, iter_route_contexts

from tests.occasion import TEAM_WORDS, Occasion, Visitor, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

Allowed = dict[str, tuple[str, ...]]
PHASES = ("planned", "open", "locked", "closed", "published")
BEGUN = PHASES[1:]
ALL: Allowed = dict.fromkeys(("public", "judge", "organiser"), PHASES)
SIGNED_IN: Allowed = {"judge": PHASES, "organiser": PHASES}
ORGANISER: Allowed = {"organiser": PHASES}
JUDGE: Allowed = {"judge": PHASES}
JUDGE_OF_BEGUN: Allowed = {"judge": BEGUN}
PUBLISHED: Allowed = dict.fromkeys(ALL, ("published",))

TABLE: dict[str, Allowed] = {
    "GET /": ALL,
    "GET /join": ALL,
    "POST /join": ALL,
    "GET /join/{token}": ALL,
    "GET /sign-in": ALL,
    "POST /sign-in": ALL,
    "POST /sign-out": SIGNED_IN,
    "GET /health": ALL,
    "GET /ready": ALL,
    "GET /metrics": ALL,  # from this machine, or with the token: see test_health
    "GET /sw.js": ALL,
    "GET /results": PUBLISHED,
    "GET /results/report": PUBLISHED,
    "GET /api/results": PUBLISHED,
    "GET /api/state": SIGNED_IN,
    "POST /api/ballots": JUDGE,
    "PUT /api/drafts": JUDGE,
    "GET /judge": JUDGE,
    "GET /judge/score": JUDGE_OF_BEGUN,
    "POST /judge/score": JUDGE_OF_BEGUN,
    "GET /judge/picture": JUDGE_OF_BEGUN,
    "GET /organiser": ORGANISER,
    "GET /organiser/round": ORGANISER,
    "POST /organiser/round": ORGANISER,
    "GET /organiser/coverage": ORGANISER,
    "GET /organiser/disagreement": ORGANISER,
    "GET /organiser/standings": ORGANISER,
    "GET /organiser/events": ORGANISER,
    "GET /organiser/judges": ORGANISER,
    "GET /organiser/judge": ORGANISER,
    "POST /organiser/judge/link": ORGANISER,
    "POST /organiser/judge/code": ORGANISER,
    "POST /organiser/judge/revoke": ORGANISER,
    "POST /organiser/judge/sign-out": ORGANISER,
    "GET /organiser/judge/withdraw": ORGANISER,
    "POST /organiser/judge/withdraw": ORGANISER,
    "POST /organiser/judge/restore": ORGANISER,
    "GET /organiser/links": ORGANISER,
    "POST /organiser/links": ORGANISER,
    "GET /organiser/proposals": ORGANISER,
    "GET /organiser/proposal": ORGANISER,
    "GET /organiser/proposal/status": ORGANISER,
    "POST /organiser/proposal/status": ORGANISER,
    "GET /organiser/decisions": ORGANISER,
    "POST /organiser/decisions": ORGANISER,
    "POST /organiser/decisions/preview": ORGANISER,
    "GET /organiser/decisions/undo": ORGANISER,
    "POST /organiser/decisions/undo": ORGANISER,
    "GET /organiser/publish": ORGANISER,
    "POST /organiser/publish": ORGANISER,
    "POST /organiser/publish/preview": ORGANISER,
    "POST /organiser/publish/withdraw": ORGANISER,
    "GET /organiser/record": ORGANISER,
    "GET /organiser/definition": ORGANISER,
    "POST /organiser/definition": ORGANISER,
    "GET /organiser/export": ORGANISER,
    "GET /organiser/files": ORGANISER,
    "GET /organiser/account": ORGANISER,
    "POST /organiser/account": ORGANISER,
    "POST /organiser/account/name": ORGANISER,
    "POST /organiser/account/sign-out": ORGANISER,
    "POST /organiser/account/organiser": ORGANISER,
}
#: Mounted or made by the framework: files of ours, and the API's schema, which is in the docs.
BESIDE = {"/static", "/openapi.json"}

#: What nobody but organisers may read before publication: another judge's words, the score that
#: only that judge's marks give, and how to reach a team. No other judge's name either.
SECRETS = ("zebra-comment", "8.90", "example.org", "Zhou", "周")
#: What a blind round hides from judges.
TEAMS = TEAM_WORDS
#: Ways in and out lead to the door, whoever takes them; /metrics is for machines: see test_health.
TO_THE_DOOR = {
    "GET /", "GET /join/{token}", "POST /join", "POST /sign-in", "POST /sign-out", "GET /metrics",
}  # fmt: skip
#: Answers that end what the visitor needs afterwards.
ENDS = {"POST /sign-out", "POST /organiser/account/sign-out"}


def routes(app: FastAPI) -> dict[str, RouteContext]:
    """Every route of the application by its name in the table."""
    return {
        f"{method} {route.path}": route
        for route in iter_route_contexts(app.routes)
        if route.path not in BESIDE
        for method in sorted((route.methods or set()) - {"HEAD"})
    }


@pytest.fixture(scope="module")
def occasion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Occasion]:
    folder: Path = make_folder(tmp_path_factory.mktemp("hall") / "event", blind=True)
    made = Occasion.of(folder)
    yield made
    made.event.close()


def test_every_route_has_a_line_and_every_line_a_route(occasion: Occasion) -> None:
    assert sorted(routes(occasion.app)) == sorted(TABLE)


def test_every_route_names_an_action(occasion: Occasion) -> None:
    without = [
        name
        for name, route in routes(occasion.app).items()
        if not any(hasattr(d.call, "action") for d in route.dependant.dependencies)
    ]
    assert without == []


def ask(visitor: Visitor, name: str) -> Any:
    """A request that is complete but for the body, so that nothing changes."""
    method, _, path = name.partition(" ")
    address = path.replace("{token}", "nobody")
    params = {"round": "pitch", "proposal": "p02", "poll": "yes", "view": "home"}
    if method == "GET":
        return visitor.client.get(address, params=params)
    if address.startswith("/api/"):
        return visitor.send(method, address, {"round": "pitch", "proposal": "p02"})
    if address in {"/join", "/sign-in"}:  # a form of its own, with a secret of its own
        visitor.client.get("/join")
    return visitor.post(address, {}, round="pitch", proposal="p02")


def kept_out(answer: Any) -> bool:
    """Whether somebody was not let in: sent to the door, refused, or told there is nothing."""
    if answer.status_code in {401, 404}:
        return True
    if answer.status_code == 303:
        return bool(answer.headers["location"] == "/join")
    return answer.status_code == 403 and b"forbidden" in answer.content


def test_roles_routes_and_phases(occasion: Occasion) -> None:
    """All of it in one event, as it goes on."""
    wrong: list[str] = []
    leaks: list[str] = []
    for phase in PHASES:
        enter(occasion, phase)
        visitors = {
            "public": occasion.visitor(),
            "judge": occasion.judge("lin"),
            "organiser": occasion.organiser(),
        }
        for name in routes(occasion.app):
            for role, visitor in visitors.items():
                asking = visitor
                if name in ENDS and role != "public":
                    asking = (
                        occasion.judge("lin") if role == "judge" else occasion.organiser("Leaver")
                    )
                answer = ask(asking, name)
                allowed = phase in TABLE[name].get(role, ())
                if name in TO_THE_DOOR:
                    assert answer.status_code in {303, 403}, name
                elif kept_out(answer) == allowed:
                    wrong.append(f"{phase}: {role} {name}: {answer.status_code}")
                if answer.status_code >= 500:
                    wrong.append(f"{phase}: {role} {name}: {answer.status_code}")
                if role == "organiser":
                    continue
                hidden = SECRETS if phase != "published" else SECRETS[2:3]
                text = answer.text + str(answer.headers)
                leaks += [f"{phase}: {role} {name}: {s}" for s in hidden if s in text]
                if phase != "published":
                    leaks += [f"{phase}: {role} {name}: {s}" for s in TEAMS if s in text]
    assert "\n".join(wrong) == ""
    assert "\n".join(leaks) == ""


def enter(occasion: Occasion, phase: str) -> None:
    """Bring the event into a phase; in the first that takes marks, somebody marks."""
    if phase == "planned":
        return
    if phase == "open":
        occasion.move("open")
        stored = occasion.judge("zhou").mark(
            "p02", {"need": "9.5", "team/fit": "8"}, comment="zebra-comment"
        )
        assert stored.status_code == 200, stored.text
    elif phase == "published":
        form = {"rounds": "pitch", "round": "pitch", "why": "as planned"}
        answer = occasion.organiser().post("/organiser/publish", form)
        assert answer.status_code == 303, answer.text
    else:
        occasion.move(phase)
