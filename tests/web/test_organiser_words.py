"""What organisers' pages say: names of those who have none, reasons, times, what is missing."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from review.live.naming import named
from review.live.telling import Teller, names_of, ruled
from review.messages import Message
from review.store import chain
from review.store.chain import Event as Recorded
from review.store.people import Person
from review.text import using
from review.web.charts import bar, strip
from review.web.rendering import server_time
from review.web.routes.organiser import matrix, names, tables
from review.web.routes.organiser.definition import differences
from review.web.routes.organiser.looks import sentence
from review.web.routes.organiser.results import note
from tests.occasion import JUDGES, PROPOSALS, Occasion, Visitor, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Occasion]:
    """An event in which nothing has happened yet."""
    occasion = Occasion.of(make_folder(tmp_path / "hall"))
    yield occasion
    occasion.event.close()


def words(answer: Any) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def person(ref: str, role: str = "organiser", **known: Any) -> Person:
    return Person(
        ref, role, known.get("judge"), known.get("name", ""), known.get("login"), None
    )  # fmt: skip


def recorded(kind: str, **data: Any) -> Recorded:
    return Recorded(1, "2026-11-24T10:00:00.000Z", kind, "aa11bb", data, "", "")


@pytest.mark.parametrize(("language", "alone"), [("en", "Organiser"), ("zh-Hans", "主办方")])
def test_organiser_without_a_name_is_called_so(language: Any, alone: str) -> None:
    with using(language):
        assert names_of([person("aa11bb")]) == {"aa11bb": alone}


def test_organisers_without_names_are_told_apart_and_others_are_called_by_what_is_known() -> None:
    everybody = [
        person("aa11bb"), person("cc22dd"), person("ee33ff", login="chair"),
        person("ab12cd", "judge", judge="lin", name="Lin 林"), person("cd34ef", "judge"),
    ]  # fmt: skip
    assert names_of(everybody) == {
        "aa11bb": "Organiser aa11", "cc22dd": "Organiser cc22", "ee33ff": "chair",
        "ab12cd": "Lin 林", "cd34ef": "cd34ef",
    }  # fmt: skip


@pytest.mark.parametrize(("what", "told"), [
    ("in", "goes on"), ("out", "does not go on"), ("tie:2", "place 2 among those tied"),
    ("award:best", "gets the award Best"), ("postpone", "postpone"),
])  # fmt: skip
def test_ruling_is_said_in_words(what: str, told: str) -> None:
    assert ruled(what, str.title) == told


@pytest.mark.parametrize(("kind", "data", "told"), [
    ("decided", {"round": "pitch", "proposal": "p01", "what": "award:best"},
     ("ruled in round “pitch” on p01: gets the award best",
      "ruled in round “Pitch” on “Idea 1”: gets the award Best pitch")),
    ("published", {"what": {"rounds": ["pitch", "gone"], "awards": True}},
     ("published pitch, gone, awards", "published Pitch, gone, awards")),
    ("round_closed", {"round": "pitch", "coverage": None},
     ("closed round “pitch”: 0 marks missing of 0", "closed round “Pitch”: 0 marks missing of 0")),
    ("ballot", {"round": "gone", "proposal": "gone", "cells": {"need": (1, None, "abstain")}},
     ("gave gone in round “gone”: need abstained",) * 2),
    ("ballot", {"round": "pitch", "proposal": "p02", "cells": {}},
     ("gave p02 in round “pitch”: as it was", "gave “Idea 2” in round “Pitch”: as it was")),
    ("judge_withdrawn", {"person": "gone", "how": None},
     ("withdrew the judge gone; marks given are ",) * 2),
    ("moon_landing", {}, ("moon_landing",) * 2),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_event_is_told_by_ids_and_with_a_definition_by_titles(
    hall: Occasion, kind: str, data: dict[str, Any], told: tuple[str, str]
) -> None:
    with hall.event.database.reading() as conn:
        bare, knowing = Teller(conn), Teller(conn, hall.event.definition)
        event = recorded(kind, **data)
        assert (bare.what(event), knowing.what(event)) == told


def test_line_of_the_record_names_who_and_when(hall: Occasion) -> None:
    with hall.event.database.reading() as conn:
        first = next(iter(chain.events(conn)))
        line = Teller(conn).line(first)
    assert re.fullmatch(r"1  [\d-]+ [\d:]+  review: version 1 of the rules .*", line)


def test_account_names_those_without_a_name(hall: Occasion) -> None:
    chair = hall.organiser("")
    assert "Organiser you" in words(chair.get("/organiser/account"))


COVERAGE = {"expected": 6, "marked": 6, "missing": 0}


def line(proposal: str, rank: int | None, **more: Any) -> dict[str, Any]:
    return {
        "proposal": proposal, "title": {"en": proposal}, "group": None, "rank": rank, "score": "8",
        "ballots": 3, "missing": 0, "status": None, "reason": None, "tie": None, **more,
    }  # fmt: skip


def listed(proposal: str, status: str, code: str) -> dict[str, Any]:
    return {"proposal": proposal, "status": status, "reason": {"code": code, "en": code}}


def test_note_says_why_somebody_above_the_line_does_not_go_on_and_why_somebody_below_does() -> None:
    found: dict[str, Any] = {
        "id": "r", "title": {}, "coverage": COVERAGE,
        "standings": [line(p, n) for n, p in enumerate("abcdef", 1)],
        "shortlist": [
            listed("a", "in", "within_size"), listed("b", "out", "cap_reached"),
            listed("c", "in", "floor_place"), listed("d", "reserve", "reserve"),
            listed("e", "out", "beyond_size"), listed("f", "undecided", "tie_at_line"),
        ],
    }  # fmt: skip
    table = tables.standings(found, {})
    assert [(row.note, row.cut) for row in table.groups[0].rows] == [
        ("", False), ("cap_reached", False), ("floor_place", True), ("reserve", False),
        ("", False), ("tie_at_line", False),
    ]  # fmt: skip


def test_line_is_drawn_only_where_somebody_is_below_it() -> None:
    for status, code in (("in", "within_size"), ("out", "below_threshold")):
        found: dict[str, Any] = {
            "id": "r", "title": {}, "coverage": COVERAGE, "standings": [line("a", 1)],
            "shortlist": [listed("a", status, code)],
        }  # fmt: skip
        assert tables.standings(found, {}).groups[0].rows[0].cut is False


@pytest.mark.parametrize(("more", "note"), [
    ({"status": "withdrawn"}, "withdrawn"),
    ({"reason": {"en": "no score"}}, "no score"),
    ({"tie": {"by": "share"}}, "shares the place"),
    ({"tie": {"by": "criterion:need"}}, "equal score, separated by criterion “Community need”"),
    ({"tie": {"by": "criterion:reach"}}, "equal score, separated by criterion “reach”"),
    ({"tie": {"by": "lot"}}, "equal score, separated by lot"),
])  # fmt: skip
def test_note_says_what_separated_equals_and_why_there_is_no_rank(
    more: dict[str, Any], note: str
) -> None:
    found: dict[str, Any] = {
        "id": "r",
        "title": {},
        "coverage": COVERAGE,
        "standings": [line("a", None, **more)],
        "shortlist": None,
    }
    table = tables.standings(found, {"need": "Community need"})
    assert table.groups[0].rows[0].note == note


@pytest.mark.parametrize(("figures", "told"), [
    ((0, 0, 0), "No marks are expected."),
    ((8, 8, 0), "Every expected mark is there."),
    ((8, 6, 0), "Nothing is missing: the other judges abstained or recused themselves."),
    ((8, 6, 1), "75 % of the marks are there, 1 is missing."),
])  # fmt: skip
def test_sentence_counts_as_missing_only_what_is_missing(
    figures: tuple[int, int, int], told: str
) -> None:
    assert sentence(*figures) == told


def test_round_in_which_a_judge_recused_closes_without_a_reason(hall: Occasion) -> None:
    hall.move("open")
    for judge in JUDGES:
        visitor = hall.judge(judge)
        for proposal in PROPOSALS[judge == "zhou" :]:
            visitor.mark(proposal, {"need": "8", "team/fit": "7"})
    rubric = hall.judge("zhou").get("/api/state").json()["rounds"][0]["rubric"]
    ballot = {
        "op": "0b7ba4a5-3f4c-4ab1-9d0e-111111111111", "round": "pitch", "proposal": "p01",
        "rubric": rubric, "comment": "she is my sister", "client_time": None,
        "marks": [
            {"criterion": c, "mark": None, "state": "recused", "base": 0}
            for c in ("need", "team/fit")
        ],
    }  # fmt: skip
    answer = hall.judge("zhou").send("POST", "/api/ballots", ballot)
    assert answer.status_code == 200, answer.text
    hall.move("locked")
    chair = hall.organiser()
    page = chair.get("/organiser/round", round="pitch", to="closed")
    assert "Why (optional; it goes into the record)" in words(page)
    assert "What is missing stays missing" not in words(page)
    assert "required" not in page.text
    hall.move("closed")
    assert "Nothing is missing" in words(chair.get("/organiser"))


def test_nothing_can_be_published_before_a_round_is_closed(hall: Occasion) -> None:
    chair = hall.organiser()
    page = chair.get("/organiser/publish")
    assert "Nothing can be published yet: close a round first." in words(page)
    assert "publish/preview" in page.text
    assert "<button>See what" not in page.text


def test_instants_are_marked_for_the_readers_clock_and_shown_by_the_servers(hall: Occasion) -> None:
    page = hall.organiser().get("/organiser/record", show="all").text
    at = re.search(r'<time datetime="([^"]+)" data-full>([^<]+)</time>', page)
    assert at is not None
    assert at.group(2) == server_time(at.group(1))


def test_sheet_says_where_to_type_a_code_without_giving_the_link_away(hall: Occasion) -> None:
    chair = hall.organiser()
    answer = chair.post("/organiser/links", {"whom": "all", "before": "keep"})
    assert answer.text.count('<p class="where">https://judging.example.org/join</p>') == 3
    assert re.search(r"/join/[\w-]{20}", answer.text) is None
    assert "No camera? Ask for a code" in words(answer)


def test_effect_says_who_comes_into_a_round_and_who_leaves_it(hall: Occasion) -> None:
    chair: Visitor = hall.organiser()
    hall.move("open")
    for place, judge in enumerate(JUDGES):
        visitor = hall.judge(judge)
        for row, proposal in enumerate(PROPOSALS):
            visitor.mark(proposal, {"need": str(9 - 2 * row), "team/fit": str(7 - place)})
    hall.move("locked", "closed")
    hall.move("open", round_id="final")
    query = {"proposal": "p01", "status": "withdrawn"}
    page = words(chair.get("/organiser/proposal/status", **query))
    assert "goes on → –" in page
    chair.post("/organiser/proposal/status", {**query, "why": "moved away"})
    page = words(chair.get("/organiser/proposal/status", proposal="p01", status="restored"))
    assert "– → goes on" in page


def judged(hall: Occasion, round_id: str, proposals: tuple[str, ...]) -> None:
    """A round from opening to closing, the first proposal the best."""
    hall.move("open", round_id=round_id)
    for judge in JUDGES:
        visitor = hall.judge(judge)
        for place, proposal in enumerate(proposals):
            cells = {"need": str(9 - 2 * place), "team/fit": "7"}
            assert visitor.mark(proposal, cells, round_id=round_id).status_code == 200
    hall.move("locked", "closed", round_id=round_id)


def test_awards_are_shown_to_organisers_before_a_change_and_to_all_when_published(
    hall: Occasion,
) -> None:
    judged(hall, "pitch", PROPOSALS)
    judged(hall, "final", PROPOSALS[:2])
    chair = hall.organiser()
    query = {"proposal": "p01", "status": "withdrawn"}
    page = words(chair.get("/organiser/proposal/status", **query))
    assert "Best pitch : Idea 1 → Idea 2" in page
    assert "Best pitch 1 Idea 1" in words(chair.get("/organiser/standings", round="final"))
    form = {"rounds": ["pitch", "final"], "awards": "yes"}
    assert chair.post("/organiser/publish", form).status_code == 303
    assert "Pitch, Final, awards public" in words(chair.get("/organiser/publish"))
    assert "Best pitch 1 Idea 1" in words(hall.visitor().get("/results"))
    assert "published Pitch, Final, awards" in words(chair.get("/organiser/record"))
    chair.post("/organiser/proposal/status", {**query, "why": "moved away"})
    page = words(chair.get("/organiser/proposal", proposal="p01"))
    assert ("It takes part again" in page, "It withdraws" in page) == (True, False)


def test_award_says_what_stays_vacant_and_who_was_passed_over() -> None:
    found = {
        "id": "best", "title": {}, "vacant": 1, "winners": [],
        "passed_over": [{"proposal": "p01", "title": {}, "reason": {"en": "has an award"}}],
    }  # fmt: skip
    award = tables.awards({"awards": [found]})[0]
    assert (award.title, award.vacant) == ("best", 1)
    assert award.passed_over == [{"title": "p01", "reason": "has an award"}]


@pytest.mark.parametrize(("report", "span"), [
    ("mean", (0, 10)), ("sum", (0, 1000)), ("percent", (0, 100)),
])  # fmt: skip
def test_span_is_that_of_the_score(hall: Occasion, report: str, span: tuple[int, int]) -> None:
    form = hall.event.definition.form("pitch")
    rubric = form.rubric.model_copy(update={"report": report})
    low, high = matrix.span(replace(form, rubric=rubric))
    assert (int(low), int(high)) == span


def test_proposal_that_is_in_no_table_any_more_is_called_by_its_id(hall: Occasion) -> None:
    assert names.proposal(hall.event.definition, "gone") == names.Named("gone", "gone", "gone")


def test_difference_of_what_is_no_text_is_not_shown() -> None:
    found = differences({"logo.png": b"\xff\x00"}, {"logo.png": b"\xff\x01"})
    assert found == [{"path": "logo.png", "kind": "different", "diff": ""}]


@pytest.mark.parametrize("view", ["home", "judges"])
def test_pages_of_no_round_are_polled_without_one(hall: Occasion, view: str) -> None:
    answer = hall.organiser().get("/organiser/events", view=view, poll="yes", mark="1-other")
    assert answer.status_code == 205


def test_charts_of_nothing_are_empty() -> None:
    assert "<rect" not in bar([("b-done", 0)], 0, "none")
    assert "<circle" not in strip([], 0, 10, "none")
    assert 'cx="120.0"' in strip([5], 5, 5, "one")


@pytest.mark.parametrize(("figures", "over", "told"), [
    ((8, 8, 0), False, "Provisional: the round is not closed, and ranks may still change."),
    ((8, 6, 2), False, "Provisional: 6 of 8 marks. Ranks may still change."),
    ((8, 6, 2), True, "Closed with 6 of 8 marks; what is missing stays missing."),
    ((0, 0, 0), True, "Worked out from rounds that are closed."),
    ((8, 6, 0), True,
     "Closed; nothing is missing: the other judges abstained or recused themselves."),
    ((8, 8, 0), True, "Closed; all 8 marks are there."),
])  # fmt: skip
def test_note_on_standings_is_provisional_only_while_the_round_is_not_closed(
    figures: tuple[int, int, int], told: str, *, over: bool
) -> None:
    assert note(*figures, over=over) == told


def test_message_calls_what_has_a_title_or_name_by_it_and_the_rest_by_id(hall: Occasion) -> None:
    loaded = hall.event.definition.loaded
    inner = Message("not_assigned", {"proposal": "p/03", "round": "gone"})
    message = Message("in_round", {"round": "final", "message": inner})
    told = "round “Final”: you were not asked to mark Idea 3 in round “gone”"
    assert named(message, loaded).render("en") == told
    for judge, name in (("wei/3", "Wei 韦"), ("gone", "gone")):
        silent = Message("judge_without_marks", {"round": "pitch", "judge": judge})
        assert name in named(silent, loaded).render("en")
    waits = Message("award_waits", {"award": "best", "round": "final"})
    assert "“Best pitch”" in named(waits, loaded).render("en")
