"""What a change would do is shown before it is done."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from review.live.effects import Given, effect
from review.live.event import Event
from review.store.transfer import Change
from tests.live.conftest import FIRST, begin, give, judge
from tests.live.folders import COMPETITION, hall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AWARD = """
[[awards]]
id = "best"
award = "best_score"
title = { en = "Best", zh-Hans = "最佳" }
round = "first/一"
"""


@pytest.fixture
def marked(tmp_path: Path, sqlite_url: str) -> Iterator[Event]:
    """p1 9, p2 8, 项目/3 2 by everybody who may; but j 2 gives p2 a 10."""
    folder = tmp_path / "hall"
    folder.mkdir()
    event = Event.open(hall(folder, {"competition.toml": COMPETITION + AWARD}), sqlite_url)
    begin(event)
    for who in ("j1", "j 2", "评委3"):
        give(event, who, "p1", "9", "9")
        give(event, who, "p2", *(("10", "10") if who == "j 2" else ("8.5", "8.5")))
        if who != "j1":
            give(event, who, "项目/3", "2", "2")
    yield event
    event.close()


def _ranks(event: Event, change: Change) -> dict[str, tuple[object, object]]:
    found = effect(event, change)
    return {
        row.proposal: (row.before["rank"], row.after["rank"])
        for row in found.rows
        if row.round == FIRST and row.before["rank"] != row.after["rank"]
    }


def test_leaving_a_judge_out_shows_whose_rank_changes(marked: Event) -> None:
    left_out = Change(judges={judge(marked, "j1").ref: "left_out"})
    assert _ranks(marked, left_out) == {}
    assert _ranks(marked, Change(judges={judge(marked, "j 2").ref: "left_out"})) == {}
    give(marked, "评委3", "p2", "9.5", "9.5")
    assert _ranks(marked, Change(judges={judge(marked, "j 2").ref: "left_out"})) == {}


def test_keeping_the_marks_of_a_judge_changes_no_rank(marked: Event) -> None:
    found = effect(marked, Change(judges={judge(marked, "j 2").ref: "kept"}))
    assert (found.rows, found.awards) == ([], [])
    assert found.is_nothing


def test_withdrawing_a_proposal_moves_the_others_up(marked: Event) -> None:
    found = effect(marked, Change(statuses={"p1": "withdrawn"}))
    first = {row.proposal: row for row in found.rows if row.round == FIRST}
    assert {p: (r.before["rank"], r.after["rank"]) for p, r in first.items()} == {
        "p1": (1, None), "p2": (2 if first["p2"].before["rank"] == 2 else 1, 1), "项目/3": (3, 2),
    }  # fmt: skip
    assert first["项目/3"].after["shortlist"] == "in"
    assert first["p1"].title == {"en": "Garden", "zh-Hans": "花园"}
    assert isinstance(first["项目/3"].after["score"], Decimal)
    assert not found.is_nothing


def test_awards_that_change_hands_are_told(marked: Event) -> None:
    found = effect(marked, Change(statuses={"p1": "withdrawn"}))
    before = tuple(
        w["proposal"] for a in (found.before.result or {})["awards"] for w in a["winners"]
    )
    if before == ("p1",):
        assert found.awards == [
            Given("best", {"en": "Best", "zh-Hans": "最佳"}, 0, None, ("p1",), ("p2",))
        ]


def test_ruling_that_cannot_be_applied_is_told_as_a_new_problem(marked: Event) -> None:
    ruling = {"round": FIRST, "proposal": "p1", "what": "up", "by": "O", "second": None, "why": "x"}
    found = effect(marked, Change(decisions=[ruling]))
    assert [problem["code"] for problem in found.problems][0] == "decision_unknown"
    assert {row.after["rank"] for row in found.rows} == {None}
