"""A part used on plain dicts as the core uses it."""
# ruff: noqa: ARG002 -- a part need not use everything that it is handed

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pytest

from review import (
    Award,
    Choice,
    Column,
    DataError,
    Entrant,
    Field,
    FieldScorer,
    FieldScores,
    Keys,
    Message,
    Options,
    PluginError,
    ReviewError,
    Scorer,
    Selection,
    ShortlistRule,
    StandingsView,
)
from review.testing import award_values, competition, run, run_award, score, select
from review.testing.use import info_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = {"en": "because", "zh-Hans": "理由"}


class Mean(Scorer):
    """The mean over judges."""

    id = "test_mean"
    title = WORDS

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        return values.group_by(*keys.cell).agg(
            num=nw.col("value").sum().cast(nw.Int64), den=nw.len().cast(nw.Int64)
        )


class Wins(FieldScorer):
    """How many marks are above the lowest mark."""

    id = "test_wins"
    title = WORDS
    unit = "points"

    class Options(Options):
        refuse: bool = False

    def score_field(self, field: Field) -> FieldScores:
        if self.options.refuse:
            return FieldScores({}, refusal=Message("no_wins", {}, WORDS))
        low = min(field.values)
        scores = {p: sum(v > low for v in row.values()) for p, row in field.by_proposal().items()}
        return FieldScores(scores)


class Votes(Award):
    """Most votes, so many times."""

    id = "test_votes"
    title = WORDS
    facts = ("votes",)

    class Options(Options):
        times: int = 1

    def value(self, standings: StandingsView) -> Column:
        times: int = self.options.times
        return standings.fact("votes") * times


class First(ShortlistRule):
    """The best so many, and who is ruled in."""

    id = "test_first"
    title = WORDS

    class Options(Options):
        size: int = 1

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        return Selection(
            {
                e.proposal: Choice(
                    "in" if e.rank <= self.options.size or e.ruling == "in" else "out",
                    Message("because", {"line": self.line, **e.attributes}, WORDS),
                )
                for e in entrants
            }
        )


Marks = dict[str, dict[str, int | str]]
SCORES: dict[str, int | str] = {"p1": "8.5", "p2": 9, "p3": 7}
VOTES = {"votes": {"p1": 3, "p3": 5}}


def test_run_award_returns_winners_by_place() -> None:
    assert run_award(Votes, SCORES, facts=VOTES) == ["p3"]
    assert run_award(Votes, SCORES, facts=VOTES, count=3) == ["p3", "p1"]


def test_run_award_breaks_ties_by_rank() -> None:
    assert run_award(Votes, SCORES, facts={"votes": {"p1": 3, "p2": 3, "p3": 3}}) == ["p2"]


def test_run_award_takes_marks_and_rules() -> None:
    marks = {"p1": {"j1": 6, "j2": 7}, "p2": {"j1": 9}}
    votes = {"votes": {"p1": 3, "p2": 4}}
    assert run_award(Votes, marks, facts=votes, award_policy={"min_ballots": 2}) == ["p1"]


def test_award_values_are_those_that_are_published() -> None:
    values = award_values(Votes, SCORES, facts=VOTES, options={"times": 2})
    assert values == {"p1": Decimal(6), "p2": None, "p3": Decimal(10)}


class Broken(Votes):
    """Fails."""

    def value(self, standings: StandingsView) -> Column:
        raise RuntimeError("no votes today")


def test_award_that_fails_is_named_by_its_module() -> None:
    with pytest.raises(PluginError) as caught:
        run_award(Broken, SCORES)
    failed = "failed (award “award”, test_votes): RuntimeError: no votes today"
    expected = f"plugin {__name__} (under test) {failed}"
    assert str(caught.value) == expected


def test_score_is_exact() -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": "7.5"}, "p2": {"j1": 1, "j2": 2, "j3": 2}}
    assert score(Mean, marks) == {"p1": Fraction("7.75"), "p2": Fraction(5, 3)}


def test_score_of_a_field_scorer_counts_points() -> None:
    marks: Marks = {"p1": {"j1": 8, "j2": "7.5"}, "p2": {"j1": 1, "j2": 2}}
    assert score(Wins, marks) == {"p1": 2, "p2": 1}


def test_score_raises_the_refusal_of_a_scorer() -> None:
    with pytest.raises(ReviewError, match="because"):
        score(Wins, {"p1": {"j1": 8}}, options={"refuse": True})


def test_select_returns_choices_best_first() -> None:
    choices = select(First, SCORES, options={"size": 2}, rulings={"p3": "in"}, line="extend")
    assert {p: c.status for p, c in choices.items()} == {"p2": "in", "p1": "in", "p3": "in"}
    assert choices["p1"].reason.params == {"line": "extend"}


def test_select_shares_ranks_and_hands_over_attributes() -> None:
    choices = select(First, {"p1": 8, "p2": 8, "p3": 9}, attributes={"p1": {"community": "n"}})
    assert [(p, c.status) for p, c in choices.items()] == [
        ("p3", "in"),
        ("p1", "out"),
        ("p2", "out"),
    ]
    assert choices["p1"].reason.params == {"line": "report", "community": "n"}


def test_run_adds_parts_to_those_installed() -> None:
    marks = {"p1": {"j1": 8}, "p2": {"j1": 9}}
    loaded = competition(
        marks, rubric={"scorer": "test_mean"}, shortlist={"rule": "test_first", "size": 1}
    )
    (found,) = run(loaded, Mean, First).rounds
    assert found.shortlist is not None
    assert [(e.proposal, e.status) for e in found.shortlist] == [("p2", "in"), ("p1", "out")]


def test_run_refuses_what_cannot_be_scored() -> None:
    loaded = competition({"p1": {"j1": 8}, "p2": {"j1": 8}}, rubric={"ties": ["refuse"]})
    with pytest.raises(DataError, match="tied") as caught:
        run(loaded)
    assert [problem.code for problem in caught.value.problems] == ["tie_refused"]


def test_kind_of_refuses_what_is_no_part() -> None:
    with pytest.raises(TypeError, match="str is no scorer, rule, award, reader or exporter"):
        kind_of(str)  # type: ignore[arg-type]


def test_part_under_test_is_named_by_its_module() -> None:
    assert str(info_of(Votes)) == f"{__name__} (under test)"
