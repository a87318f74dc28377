"""Whose marks count, what is missing, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from review.engine.findings import LISTED
from review.model.problem import Severity
from review.pipeline import derive
from review.testing import competition, run
from tests.engine.strategies import ASSIGNMENT, CONFLICT, table
from tests.engine.test_against_reference import PLUGINS

if TYPE_CHECKING:
    from review.model.loaded import LoadedCompetition
    from review.testing.build import Marks

FULL = {"a": 8, "b": 6}


def apart(loaded: LoadedCompetition, *pairs: tuple[str, str]) -> LoadedCompetition:
    rows = [(judge, proposal, "same team") for judge, proposal in pairs]
    return replace(loaded, conflicts=table(CONFLICT, rows))


def test_absent_is_not_zero_and_not_missing() -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": "absent"}, "p2": {"j1": 6, "j2": None}}
    (found,) = run(competition(marks)).rounds
    assert [(s.proposal, s.score, s.ballots, s.missing) for s in found.standings] == [
        ("p1", Decimal("8.00"), 1, 0), ("p2", Decimal("6.00"), 1, 1),
    ]  # fmt: skip
    assert (found.expected, found.missing) == (4, 1)


def test_who_has_no_ballot_stands_last_without_rank_and_says_why() -> None:
    marks: Marks = {"p1": {"j1": "abstain"}, "p2": {"j1": 0}}
    (found,) = run(competition(marks)).rounds
    last = list(found.standings)[-1]
    assert (last.proposal, last.rank, last.score, last.subtotal) == ("p1", None, None, None)
    assert last.reason is not None
    assert last.reason.code == "no_score"


def test_who_has_a_status_stands_after_all_others_and_says_why() -> None:
    marks: Marks = {"p1": {"j1": 9}, "p2": {"j1": "recused"}, "p3": {"j1": 5}, "p4": {"j1": 7}}
    proposals = {
        "p1": {"status": "withdrawn"},
        "p4": {"status": "disqualified", "status_reason": "late"},
    }
    (found,) = run(competition(marks, proposals=proposals)).rounds
    assert [s.proposal for s in found.standings] == ["p3", "p2", "p1", "p4"]
    codes = {s.proposal: s.reason.code for s in found.standings if s.reason}
    assert codes == {"p2": "no_score", "p1": "status_withdrawn", "p4": "status_with_reason"}


def test_marks_in_conflict_do_not_count_and_their_effect_is_listed() -> None:
    marks = {"p1": {"j1": 10, "j2": 4}, "p2": {"j1": 6, "j2": 5}, "p3": {"j1": 1, "j2": 1}}
    (found,) = run(apart(competition(marks), ("j1", "p1"), ("j2", "p9"))).rounds
    first = next(iter(found.standings))
    assert (first.proposal, first.score) == ("p2", Decimal("5.50"))
    assert found.excluded == (("j1", "p1", "same team"),)
    effect = [(e.proposal, e.rank, e.rank_with) for e in found.excluded_effect]
    assert effect == [("p2", 1, 2), ("p1", 2, 1)]


def test_marks_in_conflict_that_move_nobody_have_no_effect() -> None:
    marks = {"p1": {"j1": 10, "j2": 9}, "p2": {"j1": 6, "j2": 5}}
    (found,) = run(apart(competition(marks), ("j1", "p1"))).rounds
    assert (len(found.excluded), found.excluded_effect) == (1, ())


def test_who_loses_every_ballot_to_conflicts_is_listed_without_rank() -> None:
    marks = {"p1": {"j1": 10}, "p2": {"j1": 6}}
    (found,) = run(apart(competition(marks), ("j1", "p1"))).rounds
    effect = [(e.proposal, e.rank, e.rank_with) for e in found.excluded_effect]
    assert effect == [("p2", 1, 2), ("p1", None, 1)]


def test_a_judge_in_conflict_is_not_expected() -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": None}, "p2": {"j1": 8, "j2": 6}}
    (found,) = run(apart(competition(marks), ("j2", "p1"))).rounds
    assert (found.expected, found.missing) == (3, 0)


def test_only_judges_of_the_panel_are_expected() -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": None}}
    loaded = competition(marks, panel="Experts")
    panels = loaded.judges.select("judge").with_columns(
        panel=table(["panel"], [("ｅｘｐｅｒｔｓ；public",), ("public",)])["panel"]
    )
    (found,) = run(replace(loaded, judges=panels)).rounds
    assert (found.expected, found.missing) == (1, 0)


def test_a_panel_that_nobody_is_on_expects_nothing() -> None:
    loaded = competition({"p1": {"j1": 8}}, panel="experts")
    (found,) = run(replace(loaded, judges=loaded.judges.select("judge"))).rounds
    assert found.expected == 0


@pytest.mark.parametrize(
    ("asked", "expected", "missing"),
    [
        ([("round", "j1", "p1"), ("round", "j2", "p2")], 2, 1),
        ([("round", "j1", "p1"), ("round", "j1", "p1")], 1, 0),
        ([("round", "j1", "p3")], 0, 0),
        ([("other", "j1", "p1")], 4, 2),
    ],
)
def test_assignments_say_who_is_expected(
    asked: list[tuple[str, str, str]], expected: int, missing: int
) -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": None}, "p2": {"j1": 8, "j2": None}, "p3": {"j1": 8}}
    loaded = competition(marks, proposals={"p3": {"status": "withdrawn"}})
    (found,) = run(replace(loaded, assignments=table(ASSIGNMENT, asked))).rounds
    assert (found.expected, found.missing) == (expected, missing)


def test_a_round_that_uses_no_marks_of_its_own_misses_none() -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": None}}
    parts = [{"from": "fact:votes"}]
    (found,) = run(competition(marks, facts={"votes": {"p1": 3}}, parts=parts)).rounds
    (standing,) = found.standings
    assert (found.expected, standing.score, standing.ballots) == (0, Decimal("3.00"), 1)


@pytest.mark.parametrize(
    ("incomplete", "severity", "code", "score"),
    [
        ("renormalise", Severity.NOTE, "incomplete_ballot_renormalised", "8.00"),
        ("drop", Severity.WARNING, "incomplete_ballot_dropped", "7.00"),
        ("refuse", Severity.ERROR, "incomplete_ballot_refused", "7.00"),
    ],
)
def test_each_incomplete_ballot_is_told(
    incomplete: str, severity: Severity, code: str, score: str
) -> None:
    marks = {"p1": {"j1": FULL, "j2": {"b": 9}}}
    result = derive(competition(marks, rubric={"incomplete": incomplete}), PLUGINS, {})
    (problem,) = (p for p in result.problems if p.code.startswith("incomplete"))
    assert (problem.severity, problem.code) == (severity, code)
    assert problem.message.params == {
        "round": "round", "proposal": "p1", "judge": "j2", "criteria": ["a"],
    }  # fmt: skip
    assert [str(s.score) for s in result.rounds[0].standings] == [score]


@pytest.mark.parametrize(
    ("incomplete", "code", "scores"),
    [
        ("renormalise", "incomplete_criteria_renormalised", ["9.00", "7.00"]),
        ("drop", "incomplete_criteria_dropped", ["7.00", "None"]),
        ("refuse", "incomplete_criteria_refused", ["7.00", "None"]),
    ],
)
def test_each_proposal_without_a_criterion_is_told(
    incomplete: str, code: str, scores: list[str]
) -> None:
    marks = {"p1": {"j1": {"b": 9}}, "p2": {"j1": FULL, "j2": {"a": 8}}}
    rubric = {"incomplete": incomplete, "order": "criterion-first"}
    result = derive(competition(marks, rubric=rubric), PLUGINS, {})
    (problem,) = (p for p in result.problems if p.code.startswith("incomplete"))
    assert (problem.code, problem.message.params["proposal"]) == (code, "p1")
    standings = list(result.rounds[0].standings)
    assert [str(s.score) for s in standings] == scores
    assert {s.proposal: s.ballots for s in standings} == {"p1": 1, "p2": 2}


def test_many_gaps_are_told_as_a_number() -> None:
    marks = {f"p{n:03}": {"j1": {"a": 5}} for n in range(LISTED + 3)}
    marks["q"] = {"j1": FULL}
    found = run(competition(marks)).problems
    problems = [p for p in found if p.code.startswith("incomplete")]
    assert len(problems) == LISTED + 1
    (more,) = (p for p in problems if p.code == "incomplete_more_renormalised")
    assert more.message.params["count"] == 3


def test_ballots_that_reached_the_scorer_are_told_where_it_gave_no_score() -> None:
    rubric = {"scorer": {"name": "trimmed_mean", "below": "none"}}
    (found,) = run(competition({"p1": {"j1": 8, "j2": 9}}, rubric=rubric)).rounds
    (standing,) = found.standings
    assert (standing.score, standing.ballots) == (None, 2)


ZERO = {"p1": {"j1": {"a": 5, "b": 1}, "j2": {"a": 7, "b": 1}},
        "p2": {"j1": {"a": 6, "b": 1}, "j2": {"a": 9, "b": 1}}}  # fmt: skip


@pytest.mark.parametrize("order", ["judge-first", "criterion-first"])
def test_a_refusal_on_an_informative_criterion_only_leaves_it_blank(order: str) -> None:
    """Everybody gave 1 on b, which z_score cannot scale; but b does not count."""
    criteria: list[dict[str, Any]] = [{"id": "a"}, {"id": "b", "counts": False}]
    rubric = {"scorer": "z_score", "order": order, "criteria": criteria}
    (found,) = run(competition(ZERO, rubric=rubric)).rounds
    assert [(s.rank, s.criteria["b"]) for s in found.standings] == [(1, None), (2, None)]


def test_a_refusal_on_a_criterion_that_counts_stops_the_run() -> None:
    rubric = {"scorer": "z_score", "order": "criterion-first"}
    problems = derive(competition(ZERO, rubric=rubric), PLUGINS, {}).problems
    assert [p.code for p in problems if p.is_error] == ["z_score_constant"]


def test_entrants_may_be_chosen_by_attributes_whatever_their_case_and_width() -> None:
    marks = {p: {"j1": 5} for p in ("p1", "p2", "p3", "p4")}
    proposals = {
        p: {"track": t} for p, t in zip(marks, ("Open", "ｏｐｅｎ ", "youth"), strict=False)
    }
    where = {"where": {"track": ["open", "other"], "category": "x"}}
    proposals = {p: {**known, "category": "X"} for p, known in proposals.items()}
    (found,) = run(competition(marks, proposals=proposals, entrants=where)).rounds
    assert [s.proposal for s in found.standings] == ["p1", "p2"]


def test_titles_come_in_every_language_that_is_given() -> None:
    loaded = competition(
        {"p1": {"j1": 5}, "p2": {"j1": 4}}, proposals={"p1": {"title_zh-Hans": "一"}}
    )
    (found,) = run(loaded).rounds
    assert [dict(s.title) for s in found.standings] == [{"en": "p1", "zh-Hans": "一"}, {"en": "p2"}]
