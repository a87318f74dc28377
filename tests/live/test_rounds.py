"""Rounds open, are locked, reopened and closed; who is in them is fixed at the opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.live import rounds
from review.live.ballots import Refused
from review.live.event import Event
from review.store import chain, changes
from tests.live.conftest import FINAL, FIRST, begin, give, judge, organiser, refusal
from tests.live.folders import COMPETITION, hall

if TYPE_CHECKING:
    from pathlib import Path


def _mark_first(event: Event) -> None:
    """p1 and p2 go on."""
    for who in ("j1", "j 2", "评委3"):
        give(event, who, "p1", "9", "9")
        give(event, who, "p2", "8", "8")
        if who != "j1":
            give(event, who, "项目/3", "2", "2")


def _close_first(event: Event) -> None:
    begin(event)
    _mark_first(event)
    rounds.close(event, organiser(event), FIRST, 1)


def test_states_are_told_in_the_order_of_the_competition(event: Event) -> None:
    assert [(name, s.state, s.version) for name, s in rounds.states(event).items()] == [
        (FIRST, "planned", 0), (FINAL, "planned", 0),
    ]  # fmt: skip


def test_opening_fixes_the_entrants(event: Event) -> None:
    state = rounds.open_round(event, organiser(event), FIRST, 0)
    assert (state.state, state.version, state.entrants) == ("open", 1, ("p1", "p2", "p4", "项目/3"))


def test_round_goes_one_step_for_one_version(event: Event) -> None:
    begin(event)
    who = organiser(event)
    assert refusal(lambda: rounds.lock(event, who, FIRST, 0)) == ("round_version", 409)
    assert rounds.lock(event, who, FIRST, 1).state == "locked"
    assert refusal(lambda: rounds.lock(event, who, FIRST, 2)) == ("round_step", 409)
    assert rounds.reopen(event, who, FIRST, 2, why="one more").state == "open"


def test_steps_of_a_round_that_is_not_there_are_refused(light: Event) -> None:
    who = organiser(light)
    for step in (
        lambda: rounds.open_round(light, who, "third", 0),
        lambda: rounds.lock(light, who, "third", 0),
        lambda: rounds.reopen(light, who, "third", 0, why="x"),
        lambda: rounds.close(light, who, "third", 0),
    ):
        assert refusal(step) == ("round_unknown_live", 404)


def test_closing_with_marks_missing_needs_a_reason_and_states_whose(event: Event) -> None:
    begin(event)
    give(event, "j1", "p1", "9", "9")
    who = organiser(event)
    assert refusal(lambda: rounds.close(event, who, FIRST, 1, why=" ")) == ("reason_needed", 422)
    state = rounds.close(event, who, FIRST, 1, why="the bus leaves")
    assert state.coverage == {
        # Three judges, three proposals that are not withdrawn, two criteria; one conflict.
        "expected": 16,
        "marked": 2,
        "missing": 14,
        "behind": [
            {"person": judge(event, "j 2").ref, "missing": 6},
            {"person": judge(event, "评委3").ref, "missing": 6},
            {"person": judge(event, "j1").ref, "missing": 2},
        ],
    }
    with event.database.reading() as conn:
        last = list(chain.events(conn))[-1]
        assert chain.words_of(conn, last.data["why"]) == "the bus leaves"


def test_complete_round_closes_without_a_word(event: Event) -> None:
    _close_first(event)
    assert rounds.states(event)[FIRST].coverage == {
        "expected": 16, "marked": 16, "missing": 0, "behind": [],
    }  # fmt: skip


def test_round_waits_for_the_round_its_entrants_come_from(event: Event) -> None:
    begin(event)
    who = organiser(event)
    assert refusal(lambda: rounds.open_round(event, who, FINAL, 0)) == ("source_not_closed", 409)
    _mark_first(event)
    rounds.close(event, who, FIRST, 1)
    assert rounds.open_round(event, who, FINAL, 0).entrants == ("p2", "p1")


def test_round_waits_until_a_shortlist_is_decided(light: Event) -> None:
    begin(light)
    for who in ("j1", "j 2", "评委3"):
        give(light, who, "p1", "9", "9")
        give(light, who, "p2", "8", "8")
        if who != "j1":
            give(light, who, "项目/3", "8", "8")
    person = organiser(light)
    rounds.close(light, person, FIRST, 1)
    with pytest.raises(Refused) as refused:
        rounds.open_round(light, person, FINAL, 0)
    assert (refused.value.code, refused.value.details["proposals"]) == (
        "shortlist_undecided", ["p2", "项目/3"],
    )  # fmt: skip
    for proposal, what in (("p2", "out"), ("项目/3", "in")):
        light.writer.do(
            lambda conn, proposal=proposal, what=what: changes.decide(  # type: ignore[misc]
                conn, round=FIRST, proposal=proposal, what=what, by="Olga", second="Pia",
                why="the jury talked", actor=person.ref,
            )
        )  # fmt: skip
    assert rounds.open_round(light, person, FINAL, 0).entrants == ("p1", "项目/3")


def test_reopening_tells_of_rounds_that_have_begun_on_its_shortlist(event: Event) -> None:
    _close_first(event)
    begin(event, FINAL)
    who = organiser(event)
    assert refusal(lambda: rounds.reopen(event, who, FIRST, 2, why="")) == ("reason_needed", 422)
    with pytest.raises(Refused) as refused:
        rounds.reopen(event, who, FIRST, 2, why="a slip")
    assert (refused.value.code, refused.value.details["rounds"]) == ("dependants_open", [FINAL])
    assert rounds.reopen(event, who, FIRST, 2, why="a slip", confirmed=True).state == "open"


def test_entrants_are_offered_anew_when_their_source_changes(event: Event) -> None:
    _close_first(event)
    begin(event, FINAL)
    who = organiser(event)
    assert rounds.entrants_update(event, FINAL) is None
    again = lambda: rounds.update_entrants(event, who, FINAL, 1)  # noqa: E731
    assert refusal(again) == ("entrants_as_they_were", 409)
    event.writer.do(
        lambda conn: changes.set_proposal_status(conn, "p2", "withdrawn", actor=who.ref, why="ill")
    )
    update = rounds.entrants_update(event, FINAL)
    assert update == rounds.EntrantsUpdate(("项目/3",), ("p2",), ("p1", "项目/3"))
    state = rounds.update_entrants(event, who, FINAL, 1)
    assert (state.state, state.version, state.entrants) == ("open", 3, ("p1", "项目/3"))


def test_entrants_of_a_locked_and_a_closed_round_change_without_opening_it(light: Event) -> None:
    _close_first(light)
    begin(light, FINAL)
    who = organiser(light)
    rounds.close(light, who, FINAL, 1, why="tired")
    stated = rounds.states(light)[FINAL].coverage
    light.writer.do(
        lambda conn: changes.set_proposal_status(conn, "p2", "absent", actor=who.ref, why="ill")
    )
    state = rounds.update_entrants(light, who, FINAL, 2)
    assert (state.state, state.coverage, state.entrants) == ("closed", stated, ("p1", "项目/3"))


def test_nothing_is_offered_before_a_round_began_or_while_its_source_is_open(light: Event) -> None:
    assert rounds.entrants_update(light, FINAL) is None
    _close_first(light)
    begin(light, FINAL)
    rounds.reopen(light, organiser(light), FIRST, 2, why="a slip", confirmed=True)
    assert rounds.entrants_update(light, FINAL) is None


def test_obstacle_is_told_by_titles_and_gone_with_its_cause(light: Event) -> None:
    def told(round_id: str) -> str | None:
        found = rounds.obstacle(light, round_id)
        return found.render("zh-Hans") if found else None

    assert told(FIRST) is None
    assert (FIRST in str(told(FINAL)), "初评" in str(told(FINAL))) == (False, True)
    _close_first(light)
    assert told(FINAL) is None


def test_result_with_errors_keeps_the_next_round_from_opening(light: Event) -> None:
    _close_first(light)
    light.writer.do(
        lambda conn: changes.decide(
            conn, round=FIRST, proposal="p1", what="up", by="Olga", second=None, why="x",
            actor=organiser(light).ref,
        )
    )  # fmt: skip
    found = rounds.obstacle(light, FINAL)
    assert found is not None
    assert found.code == "no_result_yet"


def test_round_made_of_others_is_over_when_they_are(tmp_path: Path, sqlite_url: str) -> None:
    overall = """
[[rounds]]
id = "overall"
rubric = "simple"
[[rounds.parts]]
from = "round:first/一"
"""
    folder = tmp_path / "hall"
    folder.mkdir()
    event = Event.open(hall(folder, {"competition.toml": COMPETITION + overall}), sqlite_url)
    assert not rounds.is_over(event.definition, "overall", rounds.states(event))
    _close_first(event)
    assert rounds.is_over(event.definition, "overall", rounds.states(event))
    event.close()
