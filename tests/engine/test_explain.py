"""From a rank back to the marks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from review.engine.explain import explain
from review.errors import ReviewError
from review.testing import competition, run
from tests.engine.strategies import CONFLICT, ruled, staged, table

if TYPE_CHECKING:
    from review.engine.explain import RoundExplanation
    from review.testing.build import Marks

TRIMMED = {"scorer": {"name": "trimmed_mean", "drop": 1}}
FIVE = {"p1": {"j1": 9, "j2": 5, "j3": 7, "j4": 7, "j5": 8}, "p2": {"j1": 4}}


def explained(proposal: str, marks: Marks, **rules: Any) -> RoundExplanation:
    (found,) = explain(run(competition(marks, **rules)), proposal).rounds
    return found


def steps(found: RoundExplanation) -> list[str]:
    return [step.render("en") for step in found.steps]


def test_ballots_tell_what_the_scorer_left_out() -> None:
    found = explained("p1", FIVE, rubric=TRIMMED)
    assert [(b.judge, b.total, b.fate) for b in found.ballots] == [
        ("j1", Decimal("9.00"), "dropped"), ("j2", Decimal("5.00"), "dropped"),
        ("j3", Decimal("7.00"), "counted"), ("j4", Decimal("7.00"), "counted"),
        ("j5", Decimal("8.00"), "counted"),
    ]  # fmt: skip
    assert steps(found)[1:] == [
        "Scorer: trimmed_mean (drop = 1); left out: j1 (9.00), j2 (5.00).",
        "Subtotal: 7.33 from 5 ballots.",
        "Rank 1 with 7.33.",
    ]


def test_marks_tell_what_the_scorer_left_out_criterion_first() -> None:
    marks = {"p1": {f"j{n}": {"a": n, "b": 9 - n} for n in range(3)}}
    rubric = {**TRIMMED, "order": "criterion-first", "rounding": {"criterion": 2, "total": 2}}
    found = explained("p1", marks, rubric=rubric)
    dropped = {(b.judge, c) for b in found.ballots for c, cell in b.marks.items() if cell.dropped}
    assert dropped == {("j0", "a"), ("j2", "a"), ("j0", "b"), ("j2", "b")}
    assert steps(found)[1:4] == [
        "Scorer: trimmed_mean (drop = 1); left out: j0 a (0), j0 b (9), j2 a (2), j2 b (7).",
        "Rounded half up to 2 decimals: each criterion.",
        "Rounded half up to 2 decimals: the total before publication.",
    ]


def test_a_scorer_that_iterates_leaves_nothing_out() -> None:
    found = explained("p1", FIVE, rubric={"scorer": "majority_judgment"})
    assert {b.fate for b in found.ballots} == {"counted"}
    assert steps(found)[1] == "Scorer: majority_judgment; every ballot entered."
    marks = {"p1": {"j1": {"a": 1, "b": 2}}}
    first = explained("p1", marks, rubric={"scorer": "median", "order": "criterion-first"})
    assert {cell.dropped for b in first.ballots for cell in b.marks.values()} == {False}


def test_fates_of_ballots_are_told() -> None:
    marks: Marks = {
        "p1": {
            "j1": {"a": 8, "b": 6}, "j2": {"a": 8, "b": None}, "j3": {"a": "absent", "b": "absent"},
            "j4": {"a": 1, "b": 1},
        },
    }  # fmt: skip
    loaded = competition(marks)
    loaded = replace(loaded, conflicts=table(CONFLICT, [("j4", "p1", "same team")]))
    (found,) = explain(run(loaded), "p1").rounds
    assert [(b.judge, b.total, b.fate) for b in found.ballots] == [
        ("j1", Decimal("7.00"), "counted"), ("j2", Decimal("8.00"), "renormalised"),
        ("j3", None, "none"), ("j4", None, "conflict"),
    ]  # fmt: skip
    assert [found.ballots[2].marks["a"].state, found.ballots[1].marks["b"].state] == [
        "absent", "missing",
    ]  # fmt: skip
    assert steps(found)[2:4] == [
        "Weights renormalised over what was marked: j2.",
        "In conflict, so not counted: j4.",
    ]


def test_a_dropped_ballot_is_told() -> None:
    marks = {"p1": {"j1": {"a": 8, "b": 6}, "j2": {"a": 8}}}
    found = explained("p1", marks, rubric={"incomplete": "drop"})
    assert [(b.judge, b.fate) for b in found.ballots] == [("j1", "counted"), ("j2", "incomplete")]
    assert "Incomplete, so not counted: j2." in steps(found)


def test_ballots_are_shown_at_their_declared_decimals() -> None:
    marks = {"p1": {"j1": {"a": 8, "b": 7, "c": 7}}}
    found = explained("p1", marks, rubric={"rounding": {"ballot": 4}})
    assert [b.total for b in found.ballots] == [Decimal("7.3333")]


def test_parts_and_ties_are_told() -> None:
    marks = {"p1": {"j1": 8}, "p2": {"j1": 8}, "p3": {"j1": 8}}
    parts = [{"from": "own", "times": 2}, {"from": "fact:late", "times": "-0.5"}]
    result = run(competition(
        marks, parts=parts, facts={"late": {"p1": 2, "p2": 0}}, rubric={"ties": ["fact:late:asc"]},
    ))  # fmt: skip
    (found,) = explain(result, "p2").rounds
    assert steps(found)[-5:] == [
        "This round × 2: 16.00.",
        "Fact “late” × -0.5: 0.0.",
        "Total: 16.00, rounded half up to 2 decimals.",
        "Rank 1 with 16.00.",
        "The same score as p3; decided by fact “late:asc”.",
    ]
    (blank,) = explain(result, "p3").rounds
    assert [s.code for s in blank.steps][-4:] == [
        "explain_part_blank", "explain_total", "explain_rank", "explain_tie",
    ]  # fmt: skip


def test_there_is_no_total_where_own_marks_are_lacking() -> None:
    marks: Marks = {"p1": {"j1": "absent"}, "p2": {"j1": 3}}
    parts = [{"from": "own", "times": 2}, {"from": "fact:late"}]
    found = explained("p1", marks, parts=parts, facts={"late": {"p1": 2}})
    assert [s.code for s in found.steps] == [
        "explain_unranked", "explain_part_blank", "explain_part",
    ]  # fmt: skip


def test_a_tie_by_a_criterion_names_its_title() -> None:
    marks = {"p1": {"j1": {"a": 8, "b": 6}}, "p2": {"j1": {"a": 6, "b": 8}}}
    criteria = [{"id": "a", "title": "Need"}, {"id": "b"}]
    found = explained("p1", marks, rubric={"criteria": criteria, "ties": ["criterion:a"]})
    assert "Need" in steps(found)[-1]


def test_a_tie_that_a_person_decided_names_them() -> None:
    marks = {p: {"j1": 8} for p in ("p1", "p2", "p3")}
    loaded = competition(rounds={"other": marks, "round": {**marks, "p0": {"j1": 9}}})
    rulings = [("other", "p1", "tie:1"), ("round", "p0", "tie:1"), ("round", "p2", "tie:1")]
    (found,) = explain(run(ruled(loaded, *rulings)), "p2", "round").rounds
    assert found.steps[-1].code == "explain_tie_ruling"
    assert "the board" in steps(found)[-1]


def test_a_shared_place_is_told() -> None:
    found = explained("p1", {"p1": {"j1": 8}, "p2": {"j1": 8}})
    assert found.steps[-1].code == "explain_shared"


def test_who_has_no_score_is_told_why() -> None:
    found = explained("p1", {"p1": {"j1": "absent"}, "p2": {"j1": 8}})
    assert [s.code for s in found.steps] == ["explain_unranked"]


def test_a_score_of_an_earlier_round_is_named_by_its_title() -> None:
    loaded = competition(rounds={"first": {"p1": {"j1": 8}}, "final": {}})
    parts = [{"from": "round:first"}]
    titled = {"id": "first", "title": "Selection"}
    result = run(staged(loaded, titled, {"id": "final", "parts": parts}))
    (found,) = explain(result, "p1", "final").rounds
    assert steps(found)[0] == "Round “Selection” × 1: 8.00."


def test_names_of_judges_shortlist_and_awards_stand_beside() -> None:
    uses = [
        {"id": "best", "award": "top_score", "round": "round"},
        {"id": "votes", "award": "peoples_choice", "round": "round"},
    ]
    shortlist = {"rule": "top", "size": 1}
    loaded = competition(
        {"p1": {"j1": 8, "j2": 7}, "p2": {"j1": 5, "j2": 5}},
        facts={"votes": {"p2": 2}}, awards=uses, shortlist=shortlist,
    )  # fmt: skip
    judges = loaded.judges.with_columns(name=pl.Series(["Ann", None], dtype=pl.String))
    found = explain(run(replace(loaded, judges=judges)), "p1")
    assert [b.name for b in found.rounds[0].ballots] == ["Ann", "j2"]
    assert found.rounds[0].shortlist is not None
    assert found.rounds[0].shortlist.status == "in"
    assert [(a.id, a.outcome.proposal) for a in found.awards] == [("best", "p1")]
    nameless = replace(loaded, judges=loaded.judges.select("judge"))
    assert [b.name for b in explain(run(nameless), "p1").rounds[0].ballots] == ["j1", "j2"]


def test_awards_of_other_rounds_are_left_out() -> None:
    marks = {"p1": {"j1": 8}}
    use = {"id": "best", "award": "top_score", "round": "r1"}
    result = run(competition(rounds={"r1": marks, "r2": marks}, awards=[use]))
    assert [a.id for a in explain(result, "p1", "r2").awards] == []
    assert [a.id for a in explain(result, "p1").awards] == ["best"]


@pytest.mark.parametrize(
    ("proposal", "round_id", "code"),
    [("p9", None, "explain_no_proposal"), ("p1", "r9", "explain_no_round")],
)
def test_what_is_not_there_is_told(proposal: str, round_id: str | None, code: str) -> None:
    with pytest.raises(ReviewError) as found:
        explain(run(competition({"p1": {"j1": 8}})), proposal, round_id)
    assert found.value.message.code == code
