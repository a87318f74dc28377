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
award = "top_score"
title = { en = "Best", zh-Hans = "最佳" }
round = "first/一"
"""


@pytest.fixture
def marked(tmp_path: Path, sqlite_url: str) -> Iterator[Event]:
    """p1 has 9.00 and p2 8.83, because of 评委3; 项目/3 has 2.00."""
    folder = tmp_path / "hall"
    folder.mkdir()
    event = Event.open(hall(folder, {"competition.toml": COMPETITION + AWARD}), sqlite_url)
    begin(event)
    for who in ("j1", "j 2", "评委3"):
        give(event, who, "p1", "9", "9")
        mark = {"j1": "8.5", "j 2": "10", "评委3": "8"}[who]
        give(event, who, "p2", mark, mark)
        if who != "j1":
            give(event, who, "项目/3", "2", "2")
    yield event
    event.close()


def test_leaving_a_judge_out_shows_whose_rank_and_prize_change(marked: Event) -> None:
    found = effect(marked, Change(judges={judge(marked, "评委3").ref: "left_out"}))
    assert [(r.proposal, r.before["rank"], r.after["rank"], r.after["score"]) for r in found.rows
            if r.round == FIRST] == [
        ("p1", 1, 2, Decimal("9.00")), ("p2", 2, 1, Decimal("9.25")),
    ]  # fmt: skip
    assert found.awards == [
        Given("best", {"en": "Best", "zh-Hans": "最佳"}, 0, None, ("p1",), ("p2",))
    ]


def test_keeping_the_marks_of_a_judge_changes_no_rank(marked: Event) -> None:
    found = effect(marked, Change(judges={judge(marked, "j 2").ref: "kept"}))
    assert (found.rows, found.awards) == ([], [])
    assert found.is_nothing


def test_withdrawing_a_proposal_moves_the_others_up(marked: Event) -> None:
    found = effect(marked, Change(statuses={"p1": "withdrawn"}))
    first = {row.proposal: row for row in found.rows if row.round == FIRST}
    assert {p: (r.before["rank"], r.after["rank"]) for p, r in first.items()} == {
        "p1": (1, None), "p2": (2, 1), "项目/3": (3, 2),
    }  # fmt: skip
    assert first["项目/3"].after["shortlist"] == "in"
    assert first["p1"].title == {"en": "Garden", "zh-Hans": "花园"}
    assert isinstance(first["项目/3"].after["score"], Decimal)
    assert not found.is_nothing


def test_ruling_that_cannot_be_applied_is_told_as_a_new_problem(marked: Event) -> None:
    ruling = {"round": FIRST, "proposal": "p1", "what": "up", "by": "O", "second": None, "why": "x"}
    found = effect(marked, Change(decisions=[ruling]))
    assert next(problem["code"] for problem in found.problems) == "decision_unknown"
    assert {row.after["rank"] for row in found.rows} == {None}
