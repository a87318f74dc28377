"""What a run tells of its rounds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from review.pipeline import derive
from review.testing import competition
from tests.engine.strategies import ruled, staged
from tests.engine.test_against_reference import PLUGINS

if TYPE_CHECKING:
    from review.model.loaded import LoadedCompetition
    from review.testing.build import Marks

TWO = {"p1": {"j1": 9, "j2": 8}, "p2": {"j1": 7, "j2": 6}}


def told(loaded: LoadedCompetition) -> list[tuple[str, str, dict[str, object]]]:
    """Severity, code and parameters of what a run tells."""
    return [
        (p.severity.value, p.code, dict(p.message.params))
        for p in derive(loaded, PLUGINS, {}).problems
    ]


def test_judge_of_whom_nothing_is_known_is_named() -> None:
    marks: Marks = {
        "p1": {"j1": 9, "j2": None, "j3": "absent"}, "p2": {"j1": 7, "j2": None, "j3": 5},
    }  # fmt: skip
    assert told(competition(marks)) == [
        ("warning", "judge_without_marks", {"round": "round", "judge": "j2"})
    ]


def test_only_judges_who_were_asked_are_missed() -> None:
    marks = {"p1": {"j1": 9, "j2": None, "j3": None}}
    asked = pl.DataFrame(
        [("round", "j1", "p1"), ("round", "j3", "p1")],
        {"round": pl.String, "judge": pl.String, "proposal": pl.String}, orient="row",
    )  # fmt: skip
    assert told(replace(competition(marks), assignments=asked)) == [
        ("warning", "judge_without_marks", {"round": "round", "judge": "j3"})
    ]


def test_round_that_nobody_marked_is_told_and_its_award_waits() -> None:
    award = {"id": "prize", "award": "top_score", "round": "round"}
    loaded = competition({"p1": {"j1": None, "j2": None}}, awards=[award])
    assert told(loaded) == [
        ("warning", "round_is_silent", {"round": "round"}),
        ("note", "award_waits", {"award": "prize", "round": "round"}),
    ]
    assert derive(loaded, PLUGINS, {}).awards == ()


def test_marks_of_proposals_that_are_not_in_the_round_are_counted() -> None:
    loaded = competition(rounds={"first": TWO, "final": TWO})
    first = {"id": "first", "shortlist": {"rule": "top", "size": 1}}
    assert told(staged(loaded, first, {"id": "final", "entrants": "first"})) == [
        ("warning", "marks_of_no_entrant", {"round": "final", "count": 1, "proposals": ["p2"]})
    ]


def test_decisions_that_change_nothing_are_told() -> None:
    award = {"id": "prize", "award": "top_score", "round": "round"}
    loaded = competition(
        TWO, proposals={"p3": {"status": "withdrawn"}}, awards=[award],
        shortlist={"rule": "top", "size": 1},
    )  # fmt: skip
    loaded = ruled(
        loaded, ("round", "p1", "tie:1"), ("round", "p3", "in"), ("elsewhere", "p1", "in"),
        ("round", "p1", "award:prize"), ("round", "p2", "award:prize"),
    )  # fmt: skip
    assert [
        (severity, params["proposal"], params["what"]) for severity, _, params in told(loaded)
    ] == [
        ("error", "p2", "award:prize"),
        ("warning", "p3", "in"),
        ("warning", "p1", "tie:1"),
    ]
