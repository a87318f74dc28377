"""What people decide is applied, and marked as decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from review import PluginError, Selection, ShortlistRule
from review.engine.rulings import ruled as in_words
from review.pipeline import derive
from review.testing import competition, run
from tests.engine.strategies import ruled, staged
from tests.engine.test_against_reference import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review import Entrant
    from review.model.loaded import LoadedCompetition
    from review.testing.build import Marks

SCORES = {"p1": 9, "p2": 8, "p3": 8, "p4": 7}


def two_rounds(*rulings: tuple[str, str, str], **shortlist: Any) -> LoadedCompetition:
    """A first round with a shortlist, from which the final takes its entrants."""
    marks = {p: {"j1": score} for p, score in SCORES.items()}
    first = {"id": "first", "shortlist": {"rule": "top", "size": 2, **shortlist}}
    loaded = competition(rounds={"first": marks, "final": marks})
    return ruled(staged(loaded, first, {"id": "final", "entrants": "first"}), *rulings)


def test_in_and_out_decide_the_shortlist_and_the_next_round() -> None:
    result = run(two_rounds(("first", "p4", "in"), ("first", "p1", "out"), line="extend"))
    listed = {e.proposal: (e.status, e.reason.code) for e in result.round("first").shortlist or ()}
    assert listed["p4"] == ("in", "decision_in")
    assert listed["p1"] == ("out", "decision_out")
    assert [s.proposal for s in result.round("final").standings] == ["p2", "p3", "p4"]


def test_a_decision_lets_in_who_has_no_score_but_not_who_is_withdrawn() -> None:
    marks: Marks = {"p1": {"j": 9}, "p2": {"j": "absent"}, "p3": {"j": 8}, "p4": {"j": "absent"}}
    loaded = competition(
        marks, shortlist={"rule": "top", "size": 1}, proposals={"p3": {"status": "withdrawn"}}
    )
    loaded = ruled(loaded, *(("round", p, "in") for p in ("p2", "p3")))
    listed = run(loaded).rounds[0].shortlist or ()
    assert [(e.proposal, e.status, e.place, e.reason.code) for e in listed] == [
        ("p1", "in", 1, "within_size"),
        ("p2", "in", None, "decision_in"),
        ("p4", "ineligible", None, "no_score"),
        ("p3", "ineligible", None, "status_withdrawn"),
    ]


def test_a_rule_that_leaves_somebody_out_is_named() -> None:
    class Forgetful(ShortlistRule):
        """Chooses nobody."""

        id = "test_forgetful"
        title: ClassVar[Mapping[str, str]] = {"en": "Forgetful", "zh-Hans": "健忘"}

        def select(self, entrants: Sequence[Entrant]) -> Selection:  # noqa: ARG002
            return Selection({})

    loaded = competition({"p1": {"j": 9}}, shortlist={"rule": "test_forgetful"})
    with pytest.raises(PluginError, match="chose nothing for p1"):
        run(loaded, Forgetful)


def test_an_undecided_shortlist_keeps_the_next_round_from_starting() -> None:
    result = derive(two_rounds(), PLUGINS, {})
    assert [r.id for r in result.rounds] == ["first"]
    (problem,) = (p for p in result.problems if p.is_error)
    assert problem.code == "round_undecided"
    assert problem.message.params["proposals"] == ["p2", "p3"]
    assert problem.hint is not None


def test_a_round_after_one_that_did_not_start_does_not_start_either() -> None:
    loaded = two_rounds()
    rounds = [r.model_dump(by_alias=True, exclude_unset=True) for r in loaded.competition.rounds]
    gala = {"id": "gala", "parts": [{"from": "round:final"}]}
    loaded = staged(loaded, *rounds, gala)
    result = derive(loaded, PLUGINS, {})
    assert [r.id for r in result.rounds] == ["first"]
    assert [p.code for p in result.problems if p.is_error] == ["round_undecided"]


def test_a_decision_across_the_line_lets_the_next_round_start() -> None:
    result = run(two_rounds(("first", "p3", "in"), ("first", "p2", "out")))
    assert [s.proposal for s in result.round("final").standings] == ["p1", "p3"]


def test_the_chain_after_share_decides_at_the_line_and_leaves_the_rank_shared() -> None:
    loaded = two_rounds(line="chain")
    loaded = replace(loaded, rubrics={
        r: rubric.model_copy(update={"ties": ("share", "fact:votes")})
        for r, rubric in loaded.rubrics.items()
    }, facts=pl.DataFrame(
        [(None, "p3", "votes", 4), (None, "p2", "votes", 3)],
        {"round": pl.String, "proposal": pl.String, "column": pl.String, "value": pl.Int64},
        orient="row",
    ), fact_places={"votes": 0})  # fmt: skip
    result = run(loaded)
    ranks = {s.proposal: s.rank for s in result.round("first").standings}
    assert ranks == {"p1": 1, "p2": 2, "p3": 2, "p4": 4}
    assert [s.proposal for s in result.round("final").standings] == ["p1", "p3"]


def test_tie_decisions_rank_the_tied_and_say_so() -> None:
    loaded = competition(
        {p: {"j": 5} for p in ("p1", "p2", "p3")}, rubric={"ties": ["lot"]}, seed=1
    )
    loaded = ruled(loaded, ("round", "p3", "tie:1"), ("round", "p1", "tie:2"))
    (found,) = run(loaded).rounds
    assert [(s.rank, s.proposal, s.tie and s.tie.by) for s in found.standings] == [
        (1, "p3", "decision"), (2, "p1", "decision"), (3, "p2", "decision"),
    ]  # fmt: skip


def test_tie_decisions_do_not_touch_who_is_not_tied() -> None:
    loaded = competition({"p1": {"j": 5}, "p2": {"j": 6}})
    (found,) = run(ruled(loaded, ("round", "p1", "tie:1"))).rounds
    assert [s.proposal for s in found.standings] == ["p2", "p1"]


@pytest.mark.parametrize(
    ("by", "second", "why", "words"),
    [
        (
            "Lin",
            "Chen",
            "fair",
            ("in by decision of Lin and Chen: fair", "经 Lin、Chen 裁定入围：fair"),
        ),
        ("Lin", None, None, ("in by decision of Lin", "经 Lin 裁定入围")),
        (None, None, "fair", ("in by decision of –: fair", "经 – 裁定入围：fair")),
    ],
)
def test_ruling_names_both_who_signed_and_why_where_it_is_told(
    by: str | None, second: str | None, why: str | None, words: tuple[str, str]
) -> None:
    told = in_words("decision_in", {"by": by, "second": second, "why": why})
    assert tuple(told.texts().values()) == words


def test_who_loses_a_place_to_a_ruling_is_told_so() -> None:
    result = run(two_rounds(("first", "p4", "in"), line="extend"))
    listed = [(e.proposal, e.status, e.reason) for e in result.round("first").shortlist or ()]
    assert [(p, status, reason.code) for p, status, reason in listed] == [
        ("p1", "in", "within_size"), ("p2", "out", "displaced"), ("p3", "out", "displaced"),
        ("p4", "in", "decision_in"),
    ]  # fmt: skip
    assert listed[1][2].render("en") == "the place went to p4, ruled in"
