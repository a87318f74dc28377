"""The judge's pages and the API of the outbox, without a browser."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from review.live.event import Event
from review.model.rubric import Rubric
from review.store import changes, marks
from review.web import forms
from review.web.histograms import histogram
from review.web.rendering import STATIC
from review.web.routes import judge as routes
from tests.occasion import Occasion, Visitor, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPTS = ("outbox.js", "known.js", "scoring.js", "listing.js")
#: Texts that are looked up by a word of the server's.
STATES = {
    "open", "locked", "closed", "planned", "abstain", "recused", "absent", "missing",
    "state_todo", "state_part", "state_done", "state_abstain", "state_recused",
}  # fmt: skip
BOTH: dict[str, str | None] = {"need": "8.5", "team/fit": "7"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As always, and a judge who serves no round."""
    folder = make_folder(tmp_path / "folder")
    judges = folder / "judges.csv"
    judges.write_text(judges.read_text("utf-8") + "idle,Idle,,others\n", encoding="utf-8")
    rules = folder / "competition.toml"
    text = rules.read_text("utf-8").replace(
        'entrants = "pitch"', 'entrants = "pitch"\npanel = "main"'
    )
    rules.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def occasion(folder: Path) -> Iterator[Occasion]:
    event = Event.open(folder)
    yield Occasion(event)
    event.close()


@pytest.fixture
def judge(occasion: Occasion) -> Visitor:
    occasion.move("open")
    return occasion.judge()


def stored(occasion: Occasion, judge_id: str = "lin") -> dict[tuple[str, str], Any]:
    with occasion.event.database.reading() as conn:
        rows = marks.current(conn, "pitch", occasion.ref(judge_id))
    return {(r.proposal, r.criterion): (r.mark or r.state, r.revision) for r in rows}


def rubric(judge: Visitor) -> str:
    return str(judge.get("/api/state").json()["rounds"][0]["rubric"])


def names(page: str) -> list[str]:
    """The proposals of a list, in its order."""
    return re.findall(r'data-proposal="([^"]+)"', page)


def post(judge: Visitor, proposal: str, **values: str) -> Any:
    data = {"op": str(uuid4()), "rubric": rubric(judge), "say": "mark", **values}
    return judge.post("/judge/score", data, round="pitch", proposal=proposal)


def test_ballot_is_stored_and_answered(occasion: Occasion, judge: Visitor) -> None:
    op = str(uuid4())
    first = judge.mark("p/03", BOTH, op=op, comment="good").json()
    again = judge.mark("p/03", BOTH, op=op, comment="good").json()
    assert first == {
        "op": op, "stored_at": first["stored_at"], "replay": False, "round_state": "open",
        "revisions": [
            {"criterion": "need", "revision": 1}, {"criterion": "team/fit", "revision": 1},
        ],
    }  # fmt: skip
    assert again == {**first, "replay": True}
    assert stored(occasion) == {("p/03", "need"): ("8.5", 1), ("p/03", "team/fit"): ("7", 1)}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"rubric": "another"}, 409, "rubric_changed"),
        ({"proposal": "p99"}, 404, "not_an_entrant"),
        ({"round": "no such"}, 404, "round_unknown_live"),
        ({"op": "no uuid"}, 422, "invalid_request"),
        ({"proposal": "p\x0001"}, 422, "invalid_request"),
        ({"marks": [{"criterion": "need", "mark": "11"}]}, 422, "invalid_marks"),
        ({"marks": [{"criterion": "need"}] * 2}, 422, "invalid_request"),
    ],
)
def test_ballot_is_refused_with_a_code(
    judge: Visitor, body: dict[str, Any], status: int, code: str
) -> None:
    cells = [{"criterion": criterion, "mark": mark} for criterion, mark in BOTH.items()]
    ballot = {
        "op": str(uuid4()), "round": "pitch", "proposal": "p01", "rubric": rubric(judge),
        "marks": cells, **body,
    }  # fmt: skip
    answer = judge.send("POST", "/api/ballots", ballot)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_ballot_of_somebody_signed_out_is_answered_in_json(occasion: Occasion) -> None:
    answer = occasion.visitor().send("POST", "/api/ballots", {})
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_state_tells_who_and_where(occasion: Occasion, judge: Visitor) -> None:
    state = judge.get("/api/state").json()
    assert state["person"] == occasion.ref("lin")
    assert state["csrf"] == judge.csrf
    assert [(r["round"], r["state"]) for r in state["rounds"]] == [
        ("pitch", "open"), ("final", "planned"),
    ]  # fmt: skip
    assert occasion.judge("idle").get("/api/state").json()["rounds"] == []


def test_draft_is_kept_until_its_ballot_is_stored(judge: Visitor) -> None:
    data = {
        "rubric": "r", "fields": [{"criterion": "need", "title": "Need", "text": "6,5"}],
        "abstain": [], "say": "mark", "reason": "", "comment": "half a thought",
    }  # fmt: skip
    draft = {"round": "pitch", "proposal": "p01", "data": data}
    assert judge.send("PUT", "/api/drafts", draft).json()["kept_at"] is not None
    assert "half a thought" in judge.get("/judge/score", round="pitch", proposal="p01").text
    assert judge.send("PUT", "/api/drafts", {**draft, "data": None}).json() == {"kept_at": None}
    assert "half a thought" not in judge.get("/judge/score", round="pitch", proposal="p01").text


def test_list_is_in_the_order_asked_for_and_remembers_it(judge: Visitor) -> None:
    judge.mark("p01", BOTH)
    assert names(judge.get("/judge").text) == ["p01", "p02", "p/03", "提案四"]
    by_open = ["p02", "p/03", "提案四", "p01"]
    assert names(judge.get("/judge", round="pitch", order="open").text) == by_open
    assert names(judge.get("/judge", round="pitch").text) == by_open


def test_list_of_a_round_that_has_not_begun_shows_nobody(judge: Visitor) -> None:
    page = judge.get("/judge", round="final").text
    assert names(page) == []
    assert "This round is not open yet." in page


def test_judge_without_a_round_is_told_so(occasion: Occasion, judge: Visitor) -> None:
    idle = occasion.judge("idle")
    assert "You serve no round" in idle.get("/judge").text
    assert "nothing for you to mark" in idle.get("/judge", round="pitch").text
    answer = idle.get("/judge/score", round="pitch", proposal="p01")
    assert answer.status_code == 403


def test_home_is_the_round_that_is_open_or_was_last(occasion: Occasion, judge: Visitor) -> None:
    assert 'data-round="pitch"' in judge.get("/judge").text
    occasion.move("locked")
    page = judge.get("/judge").text
    assert 'data-round="pitch" data-state="locked"' in page
    assert 'id="next"' not in page


def test_form_shows_what_is_stored_and_can_be_read_when_locked(
    occasion: Occasion, judge: Visitor
) -> None:
    judge.mark("p01", BOTH, comment="well said")
    page = judge.get("/judge/score", round="pitch", proposal="p01").text
    assert 'name="crit-0" value="8.5"' in page
    assert 'name="crit-1" value="7" checked' in page
    assert "well said" in page
    assert '<fieldset id="all">' in page
    occasion.move("locked")
    page = judge.get("/judge/score", round="pitch", proposal="p01").text
    assert '<fieldset id="all" disabled>' in page
    assert "locked this round" in page


def test_form_without_scripts_stores_and_goes_on(occasion: Occasion, judge: Visitor) -> None:
    stays = post(judge, "p01", **{"crit-0": "8", "crit-1": "7"})
    assert stays.headers["location"] == "/judge/score?round=pitch&proposal=p01"
    goes = post(judge, "p02", go="next", **{"crit-0": "8", "abstain-1": "1"})
    assert goes.headers["location"] == "/judge/score?round=pitch&proposal=p%2F03"
    post(judge, "p/03", say="abstain", reason="")
    last = post(judge, "提案四", say="recused", reason="my sister", go="next")
    assert last.headers["location"] == "/judge?round=pitch"
    assert stored(occasion) == {
        ("p01", "need"): ("8", 1), ("p01", "team/fit"): ("7", 1),
        ("p02", "need"): ("8", 1), ("p02", "team/fit"): ("abstain", 1),
        ("p/03", "need"): ("abstain", 1), ("p/03", "team/fit"): ("abstain", 1),
        ("提案四", "need"): ("recused", 1), ("提案四", "team/fit"): ("recused", 1),
    }  # fmt: skip
    page = judge.get("/judge/score", round="pitch", proposal="提案四").text
    assert "my sister" in page
    assert 'id="all-done">' in judge.get("/judge").text


def test_form_sent_twice_without_scripts_is_stored_once(occasion: Occasion, judge: Visitor) -> None:
    op = str(uuid4())
    for _ in range(2):
        assert post(judge, "p01", op=op, **{"crit-0": "8"}).status_code == 303
    assert post(judge, "p02", op="none", **{"crit-0": "8"}).status_code == 303
    assert stored(occasion)["p01", "need"] == ("8", 1)


def test_form_without_scripts_comes_back_with_what_is_wrong(
    occasion: Occasion, judge: Visitor
) -> None:
    wrong = post(judge, "p01", **{"crit-0": "8.3", "crit-1": "7"})
    assert wrong.status_code == 422
    assert 'value="8.3"' in wrong.text
    assert re.search(r'id="crit-0-problem">[^<]+0\.5', wrong.text)
    mute = post(judge, "p01", say="recused", reason=" ")
    assert (mute.status_code, "say why you recuse yourself" in mute.text) == (422, True)
    post(judge, "p01", **{"crit-0": "8", "crit-1": "7"})
    stale = post(judge, "p01", **{"crit-0": "9", "crit-1": "7", "base-0": "x"})
    assert (stale.status_code, "What is stored now" in stale.text) == (409, True)
    fresh = post(judge, "p01", **{"crit-0": "9", "crit-1": "7", "base-0": "1", "base-1": "1"})
    assert fresh.status_code == 303
    assert stored(occasion)["p01", "need"] == ("9", 2)


def test_proposal_withdrawn_meanwhile_is_told_and_not_next(
    occasion: Occasion, judge: Visitor
) -> None:
    occasion.event.writer.do(
        lambda conn: changes.set_proposal_status(
            conn, "p01", "withdrawn", actor=occasion.ref("lin"), why="asked to"
        )
    )
    page = judge.get("/judge").text
    assert 'data-proposal="p01" data-state="withdrawn"' in page
    assert re.search(r'id="next" href="([^"]+)"', page)[1].endswith("proposal=p02")  # type: ignore[index]
    page = judge.get("/judge/score", round="pitch", proposal="p01").text
    assert "This proposal has been withdrawn." in page


def test_conflicted_proposal_is_shown_and_not_marked(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "folder")
    judges = folder / "judges.csv"
    text = judges.read_text("utf-8").replace("lin,Lin 林,,", "lin,Lin 林,Quokkas,")
    judges.write_text(text, encoding="utf-8")
    event = Event.open(folder)
    occasion = Occasion(event)
    occasion.move("open")
    page = occasion.judge().get("/judge/score", round="pitch", proposal="p01").text
    event.close()
    assert "conflict of interest, so you do not mark it" in page
    assert "data-barred" in page


def test_judge_serves_the_rounds_in_which_they_were_assigned_something(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "folder")
    (folder / "assignments.csv").write_text(
        "round,judge,proposal\npitch,lin,p02\npitch,zhou,p01\n", encoding="utf-8"
    )
    event = Event.open(folder)
    occasion = Occasion(event)
    occasion.move("open")
    asked, other = occasion.judge("lin"), occasion.judge("wei/3")
    assert names(asked.get("/judge").text) == ["p02"]
    assert [r["round"] for r in other.get("/api/state").json()["rounds"]] == ["final"]
    event.close()


def test_neighbours_of_what_is_not_in_the_list_are_none() -> None:
    assert routes._neighbours([], "p01") == (None, None, [])  # noqa: SLF001 -- as after a change of rules


def test_picture_is_of_own_marks_alone(occasion: Occasion, judge: Visitor) -> None:
    assert "no complete ballot yet" in judge.get("/judge/picture", round="pitch").text
    occasion.judge("zhou").mark("p01", {"need": "1", "team/fit": "1"})
    judge.mark("p01", {"need": "9", "team/fit": "9"})
    judge.mark("p02", {"need": "7", "team/fit": "7"})
    page = judge.get("/judge/picture", round="pitch").text
    assert re.findall(r"<dd>([^<]+)</dd>", page) == ["2", "8.00", "1.00"]
    assert re.findall(r'class="value">([^<]+)<', page) == ["9.00", "7.00"]
    assert 'aria-label="Need: 7: 1 times; 9: 1 times"' in page


def test_service_worker_is_served_above_the_pages(judge: Visitor) -> None:
    answer = judge.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"


def test_service_worker_names_what_the_pages_of_a_judge_load(judge: Visitor) -> None:
    worker = judge.get("/sw.js").text
    found = re.search(r"^const NEEDED = (.+);$", worker, re.MULTILINE)
    assert found is not None
    needed = set(json.loads(found[1]))
    assert [judge.get(name).status_code for name in needed] == [200] * len(needed)
    loaded = set()
    for page in (judge.get("/judge"), judge.get("/judge/score", round="pitch", proposal="p01")):
        loaded |= set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    scripts = {name for name in needed if name.endswith(".js")}
    imported = {
        f"/static/{name}"
        for script in scripts
        for name in re.findall(r'from "\./([^"]+)"', judge.get(script).text)
    }
    assert loaded | imported == needed


def test_service_worker_has_a_page_in_each_language(judge: Visitor) -> None:
    found = re.search(r"^const APART = (.+);$", judge.get("/sw.js").text, re.MULTILINE)
    assert found is not None
    apart = json.loads(found[1])
    assert {language: f'<html lang="{language}">' in apart[language] for language in apart} == {
        "en": True, "zh-Hans": True,
    }  # fmt: skip


def test_proposal_without_an_order_of_appearance_is_shown_by_its_id(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "folder")
    table = folder / "proposals.csv"
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    with table.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, [name for name in rows[0] if name != "order"])
        written.writeheader()
        written.writerows({k: v for k, v in row.items() if k != "order"} for row in rows)
    event = Event.open(folder)
    occasion = Occasion(event)
    occasion.move("open")
    page = occasion.judge().get("/judge").text
    event.close()
    shown = re.findall(r'class="number">([^<]+)<', page)
    assert shown == names(page)


def test_form_names_what_else_is_left_the_next_first(judge: Visitor) -> None:
    judge.mark("p/03", BOTH)
    judge.mark("p01", {"need": "8"})
    page = judge.get("/judge/score", round="pitch", proposal="p02").text
    block = re.search(r'id="left">(.+?)</script>', page)
    assert block is not None
    left = json.loads(block[1])
    assert [(one["proposal"], bool(one["at"])) for one in left] == [
        ("提案四", False),
        ("p01", True),
    ]
    assert all(judge.get(one["url"]).status_code == 200 for one in left)


def test_chinese_judge_reads_chinese(judge: Visitor) -> None:
    page = judge.get("/judge/score", round="pitch", proposal="p01", lang="zh-Hans").text
    assert '<html lang="zh-Hans">' in page
    assert "谁需要？依据是什么？" in page


def test_histogram_places_marks_on_the_scale() -> None:
    drawn = histogram([(Decimal(0), 1), (Decimal(10), 2)], Decimal(0), Decimal(10), "a<b")
    assert re.findall(r'<text x="([\d.]+)" y="[\d.]+">(\d+)</text>', drawn) == [
        ("20.0", "1"), ("420.0", "2"), ("20", "0"), ("420", "10"),
    ]  # fmt: skip
    assert 'aria-label="a&lt;b"' in drawn
    assert "<rect" not in histogram([], Decimal(0), Decimal(10), "none")


@pytest.mark.parametrize(
    ("scale", "choices"),
    [
        ({"min": 0, "max": 10, "step": 1}, tuple(map(str, range(11)))),
        ({"min": 1, "max": 3, "step": 0.5}, ("1", "1.5", "2", "2.5", "3")),
        ({"min": 0, "max": 10, "step": 0.5}, ()),
        ({"min": 0, "max": 10}, ()),
    ],
)
def test_few_marks_are_buttons(scale: dict[str, Any], choices: tuple[str, ...]) -> None:
    rubric = Rubric.model_validate({"id": "r", "scale": scale, "criteria": [{"id": "c"}]})
    assert forms._choices(rubric.scale) == choices  # noqa: SLF001 -- what the form shows


def test_levels_go_from_the_highest_down_and_words_come_last() -> None:
    levels = {"4": "d", "poor": "x", "10": "a", "７": "c"}
    criterion = Rubric.model_validate(
        {"id": "r", "criteria": [{"id": "c", "levels": levels}]}
    ).criteria[0]
    assert [(level.mark, level.is_number) for level in forms._levels(criterion)] == [  # noqa: SLF001 -- as above
        ("10", True), ("7", True), ("4", True), ("poor", False),
    ]  # fmt: skip


def test_texts_of_the_scripts_are_those_that_pages_carry(judge: Visitor) -> None:
    block = re.search(r'id="i18n">(.+?)</script>', judge.get("/judge").text)
    assert block is not None
    carried = set(json.loads(block[1]))
    script = "".join((STATIC / name).read_text("utf-8") for name in SCRIPTS)
    script = re.sub(r"(?m)^export const count = .+$", "", script)
    said = set(re.findall(r'say\((?:[^()"]*\? )?"(\w+)"', script))
    counted = set(re.findall(r'count\((?:[^()"]*\? )?"(\w+)"', script))
    wanted = said | {f"{key}_{number}" for key in counted for number in ("one", "many")}
    assert wanted <= carried
    # The others are chosen by a state, a problem or the answer to a question.
    assert {key for key in carried - wanted if f'"{_stem(key)}"' not in script} <= STATES


def _stem(key: str) -> str:
    return re.sub("_(one|many)$", "", key)
