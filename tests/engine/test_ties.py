from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from review.engine.ties import HEAD_TO_HEAD_LIMIT
from review.pipeline import derive
from review.stats.lottery import ticket
from review.testing import competition, run
from tests.engine.test_against_reference import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Order = list[tuple[int | None, str, str | None]]


def order(marks: Mapping[str, Any], ties: Sequence[str], **rules: Any) -> Order:
    rubric = {"ties": list(ties), **rules.pop("rubric", {})}
    (found,) = run(competition(marks, rubric=rubric, **rules)).rounds
    return [(s.rank, s.proposal, s.tie.by if s.tie else None) for s in found.standings]


@pytest.mark.parametrize(
    ("seed", "round_id", "proposal", "lot"),
    [
        ("20241205", "selection", "p01", 75893821950408995),
        ("20241205", "selection", "p02", 3458208306507316418),
        ("20241205", "showcase", "p01", 1232390165885863139),
        ("1", "selection", "p01", 839995899818668223),
        ("None", "", "", 1807243035239901426),
        ("春", "复评", "项目一", 514598259600769381),
    ],
)
def test_lots_are_the_same_for_ever(seed: str, round_id: str, proposal: str, lot: int) -> None:
    """As `printf 'SEED\\0ROUND\\0PROPOSAL' | b2sum -l 64` has them, without the last two bits."""
    assert ticket(seed, round_id, proposal) == lot


def test_the_larger_lot_wins() -> None:
    names = sorted((f"p{n}" for n in range(5)), key=lambda p: ticket("7", "round", p), reverse=True)
    found = order({p: {"j": 5} for p in names}, ["lot"], seed=7)
    assert found == [(n, p, "lot") for n, p in enumerate(names, 1)]


def test_equal_scores_share_a_rank_and_the_next_ranks_are_left_out() -> None:
    marks = {"p1": {"j": 5}, "p2": {"j": 7}, "p3": {"j": 5}, "p4": {"j": 4}}
    assert order(marks, ["share"]) == [
        (1, "p2", None), (2, "p1", "share"), (2, "p3", "share"), (4, "p4", None),
    ]  # fmt: skip


def test_a_chain_that_ends_shares() -> None:
    assert order({"p1": {"j": 5}, "p2": {"j": 5}}, ["median"])[0] == (1, "p1", "share")


def test_a_token_decides_only_within_those_still_tied() -> None:
    marks = {
        "p1": {"j1": {"a": 5, "b": 5}}, "p2": {"j1": {"a": 7, "b": 3}},
        "p3": {"j1": {"a": 5, "b": 5}}, "p4": {"j1": {"a": 4, "b": 4}},
    }  # fmt: skip
    facts = {"votes": {"p1": 1, "p3": 2, "p2": 0, "p4": 99}}
    assert order(marks, ["criterion:a", "fact:votes"], facts=facts) == [
        (1, "p2", "criterion:a"), (2, "p3", "fact:votes"), (3, "p1", "fact:votes"), (4, "p4", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("token", "first"), [("fact:late", "p1"), ("fact:late:asc", "p2")])
def test_who_has_no_fact_comes_last_either_way(token: str, first: str) -> None:
    marks = {p: {"j": 5} for p in ("p1", "p2", "p3")}
    found = order(marks, [token], facts={"late": {"p1": 3, "p2": -3}})
    assert [p for _, p, _ in found] == [first, {"p1": "p2", "p2": "p1"}[first], "p3"]


def test_duels_are_won_by_more_judges_not_by_more_points() -> None:
    marks = {"p1": {"j1": 6, "j2": 6, "j3": 3}, "p2": {"j1": 5, "j2": 5, "j3": 5}}
    assert order(marks, ["head_to_head"])[0] == (1, "p1", "head_to_head")


def test_a_cycle_of_duels_stays_tied() -> None:
    marks = {
        "p1": {"j1": 3, "j2": 1, "j3": 2},
        "p2": {"j1": 2, "j2": 3, "j3": 1},
        "p3": {"j1": 1, "j2": 2, "j3": 3},
    }
    assert {rank for rank, _, _ in order(marks, ["head_to_head"])} == {1}


def test_duels_of_a_very_large_group_are_left_to_the_next_token() -> None:
    marks = {f"p{n:03}": {"j1": 5, "j2": 5} for n in range(HEAD_TO_HEAD_LIMIT)}
    marks["p000"] = {"j1": 6, "j2": 6}
    marks["q"] = {"j1": 5, "j2": 5}
    found = order(marks, ["head_to_head"])
    assert {(rank, by) for rank, _, by in found[1:]} == {(2, "share")}


def test_a_large_tie_names_ten_of_its_proposals() -> None:
    marks = {f"p{n:03}": {"j": 5} for n in range(101)}
    (found,) = run(competition(marks)).rounds
    ties = [s.tie for s in found.standings]
    ten = tuple(f"p{n:03}" for n in range(10))
    assert {tie.with_ for tie in ties[10:] if tie} == {ten}


def test_top_marks_counts_marks_at_the_top_of_each_scale() -> None:
    marks = {
        "p1": {"j1": {"a": 5, "b": 0}, "j2": {"a": 0, "b": 10}},
        "p2": {"j1": {"a": 5, "b": 5}, "j2": {"a": 1, "b": 4}},
    }
    criteria = [{"id": "a", "scale": {"max": 5, "decimals": 0}}, {"id": "b"}]
    rubric = {"criteria": criteria, "report": "sum"}
    assert order(marks, ["top_marks"], rubric=rubric)[0] == (1, "p1", "top_marks")


def test_a_top_between_two_marks_is_reached_by_none() -> None:
    """The scale ends at 9.75, its marks have one decimal: 9.7 is the best there is, not the top."""
    marks = {"p1": {"j1": "9.7", "j2": "1.0"}, "p2": {"j1": "5.4", "j2": "5.3"}}
    rubric = {"scale": {"max": "9.75", "decimals": 1}}
    assert {by for _, _, by in order(marks, ["top_marks"], rubric=rubric)} == {"share"}


def test_a_dropped_ballot_breaks_no_tie() -> None:
    marks = {"p1": {"j1": {"a": 5, "b": 5}, "j2": {"a": 10}}, "p2": {"j1": {"a": 5, "b": 5}}}
    for token in ("top_marks", "criterion:a", "median"):
        found = order(marks, [token], rubric={"incomplete": "drop"})
        assert found == [(1, "p1", "share"), (1, "p2", "share")]


def test_an_earlier_score_breaks_a_tie_and_who_has_none_comes_last() -> None:
    first = {"p1": {"j": 5}, "p2": {"j": 6}}
    final = {p: {"j": 5} for p in ("p1", "p2", "p3")}
    rubric = {"ties": ["score:first"]}
    loaded = competition(rounds={"first": first, "final": final}, rubric=rubric)
    rubrics = {**loaded.rubrics, "first": loaded.rubrics["first"].model_copy(update={"ties": ()})}
    found = run(replace(loaded, rubrics=rubrics)).round("final")
    assert [(s.rank, s.proposal, s.tie and s.tie.by) for s in found.standings] == [
        (1, "p2", "score:first"), (2, "p1", "score:first"), (3, "p3", "score:first"),
    ]  # fmt: skip


def test_a_tie_that_must_not_be_is_an_error_naming_everybody() -> None:
    marks = {p: {"j": 5} for p in ("p1", "p2", "p3")}
    rubric = {"ties": ["refuse"]}
    loaded = competition(rounds={"r1": marks, "r2": {"p1": {"j": 1}}}, rubric=rubric)
    problems = [p for p in derive(loaded, PLUGINS, {}).problems if p.is_error]
    assert [(p.code, p.message.params) for p in problems] == [
        ("tie_refused", {"round": "r1", "proposals": ["p1", "p2", "p3"]})
    ]


def test_ties_are_broken_within_groups() -> None:
    marks = {p: {"j": 5} for p in ("p1", "p2", "p3")}
    proposals = {p: {"track": t} for p, t in zip(marks, "aba", strict=True)}
    facts = {"votes": {"p1": 1, "p2": 2, "p3": 3}}
    found = order(marks, ["fact:votes"], facts=facts, proposals=proposals, group_by="track")
    assert found == [(1, "p3", "fact:votes"), (2, "p1", "fact:votes"), (1, "p2", None)]
