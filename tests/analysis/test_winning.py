from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import polars as pl
import pytest

from review.analysis.stability import winning
from review.analysis.stability.report import stability
from review.errors import PluginError
from review.plugin.manager import Plugins
from review.plugin.parts import Award
from review.testing import competition, run
from review.testing.use import info_of, kind_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.analysis.stability.winning import AwardChances
    from review.engine.column import Column
    from review.engine.standings import StandingsView
    from review.model.loaded import LoadedCompetition
    from review.plugin.parts import Part
    from review.stats.crossed import Crossed

    Floats = NDArray[np.float64]

#: Three of four draws of the best two agree with the scores, one exchanges them.
SHARE = 0.75


def swapping(crossed: Crossed, *, draws: int, seed: int) -> Floats:
    """The plain means; in every fourth draw the first two proposals have each other's."""
    mean = np.bincount(crossed.proposal, crossed.value) / crossed.by_proposal
    drawn = np.tile(mean, (draws, 1))
    drawn[::4, [0, 1]] = drawn[::4, [1, 0]]
    return drawn


MARKS = {"a": {"j1": 9, "j2": 8}, "b": {"j1": 8, "j2": 7}, "c": {"j1": 5, "j2": 6},
         "d": {"j1": 2, "j2": 3}}  # fmt: skip
TOP = {"id": "best", "award": "top_score", "round": "round"}


def chances(loaded: LoadedCompetition, *parts: type[Part], draw: Any = swapping) -> list[Any]:
    plugins = Plugins.load()
    for part in parts:
        plugins = plugins.with_part(kind_of(part), part, info_of(part))
    found = stability(run(loaded, *parts), plugins, draw=draw)
    return [award for round_ in found.rounds for award in round_.awards]


def by_proposal(award: AwardChances) -> dict[str, float]:
    return {c.proposal: round(c.chance, 4) for c in award.chances}


def said(award: AwardChances) -> list[str]:
    return [s.render("en") for s in award.sentences]


def test_the_best_score_wins_in_each_draw() -> None:
    [award] = chances(competition(MARKS, awards=[TOP]))
    assert (award.basis, award.draws) == ("score", 4000)
    assert by_proposal(award) == {"a": SHARE, "b": 1 - SHARE}
    assert [c.won for c in award.chances] == [True, False]
    assert said(award) == [
        "“Best score”: the chances of those who have it are a “a” 75 %.",
        "“Best score”: closest behind is b “b” 25 %.",
    ]
    assert award.to_json()["chances"][0] == {
        "proposal": "a", "title": {"en": "a"}, "chance": 0.75, "by_tier": [0.75], "won": True,
    }  # fmt: skip


def test_tiers_have_chances_of_their_own() -> None:
    [award] = chances(competition(MARKS, awards=[{**TOP, "tiers": [{"count": 1}, {"count": 2}]}]))
    assert {c.proposal: c.by_tier for c in award.chances} == {
        "a": (0.75, 0.25), "b": (0.25, 0.75), "c": (0.0, 1.0),
    }  # fmt: skip
    assert len(said(award)) == 1


def test_who_has_a_prize_gives_way_to_the_next() -> None:
    teams = {"a": {"team": "x"}, "b": {"team": "y"}, "c": {"team": "x"}, "d": {}}
    first, second, third = chances(
        competition(
            MARKS,
            proposals=teams,
            awards=[TOP, {**TOP, "id": "second"}, {**TOP, "id": "third"}],
            award_policy={"one_per": "team", "order": ["second", "best"]},
        )
    )
    assert by_proposal(second) == {"a": SHARE, "b": 1 - SHARE}
    assert by_proposal(first) == {"b": SHARE, "a": 1 - SHARE}
    assert by_proposal(third) == {"d": 1.0}


def test_policy_and_least_score_bar_in_each_draw() -> None:
    loaded = competition(
        {**MARKS, "e": {"j1": 10}},
        awards=[{**TOP, "count": 3, "min_score": "8"}],
        award_policy={"min_ballots": 2},
    )
    [award] = chances(loaded)
    assert by_proposal(award) == {"a": SHARE, "b": 1 - SHARE}


def test_shortlisted_is_who_is_above_the_line_in_the_draw() -> None:
    awards = [{**TOP, "count": 4}]
    policy = {"shortlisted": True}
    rule = {"rule": "top", "size": 1}
    [award] = chances(competition(MARKS, awards=awards, award_policy=policy, shortlist=rule))
    assert by_proposal(award) == {"a": SHARE, "b": 1 - SHARE}
    [none] = chances(competition(MARKS, awards=awards, award_policy=policy))
    assert by_proposal(none) == {}
    assert said(none) == ["“Best score” was not given."]


def test_a_ruling_is_certain_and_takes_a_seat() -> None:
    loaded = competition(
        MARKS,
        proposals={"d": {"team": "x"}, "b": {"team": "x"}},
        awards=[{**TOP, "count": 2}],
        award_policy={"one_per": "team"},
    )
    ruled = pl.DataFrame(
        [("round", "d", "award:best", "the chair", None, None)],
        loaded.decisions.schema, orient="row",
    )  # fmt: skip
    [award] = chances(replace(loaded, decisions=ruled))
    assert by_proposal(award) == {"d": 1.0, "a": 1.0}


def test_awards_by_category_are_given_in_each() -> None:
    kinds = {"a": {"category": "x"}, "b": {"category": "x"}, "c": {"category": "y"}}
    use = {**TOP, "award": "category_best"}
    [award] = chances(competition(MARKS, proposals=kinds, awards=[use]))
    assert by_proposal(award) == {"c": 1.0, "a": SHARE, "b": 1 - SHARE}


def test_a_category_of_the_ruled_alone_needs_no_draw() -> None:
    kinds = {"a": {"category": "x"}, "b": {"category": "x"}, "c": {"category": "y"}}
    loaded = competition(MARKS, proposals=kinds, awards=[{**TOP, "award": "category_best"}])
    ruled = pl.DataFrame(
        [("round", "c", "award:best", "the chair", None, None)],
        loaded.decisions.schema, orient="row",
    )  # fmt: skip
    [award] = chances(replace(loaded, decisions=ruled))
    assert by_proposal(award) == {"c": 1.0, "a": SHARE, "b": 1 - SHARE}


# ------------------------------------------------------------------------------------------- facts


VOTES = {"id": "votes", "award": "peoples_choice", "round": "round"}


def test_facts_leave_no_doubt() -> None:
    [award] = chances(competition(MARKS, facts={"votes": {"a": 1, "b": 3, "c": 2}}, awards=[VOTES]))
    assert (award.basis, by_proposal(award)) == ("facts", {"b": 1.0})
    assert said(award) == [
        "“People's Choice” is decided by facts, not by marks: there is no doubt in it."
    ]


def test_equal_facts_are_decided_by_marks() -> None:
    [award] = chances(competition(MARKS, facts={"votes": {"a": 3, "b": 3, "c": 2}}, awards=[VOTES]))
    assert by_proposal(award) == {"a": SHARE, "b": 1 - SHARE}
    assert said(award)[0] == (
        "“People's Choice” is decided by facts; marks matter at ties and for who may have it:"
        " a “a” 75 %."
    )


def test_facts_are_certain_even_where_nothing_else_is_known() -> None:
    single = {"a": {"j1": 9}, "b": {"j2": 8}}
    loaded = competition(
        single, facts={"votes": {"a": 1, "b": 3}}, awards=[VOTES, {**VOTES, "id": "high",
                                                                  "min_score": "1"}],
    )  # fmt: skip
    certain, barred = chances(loaded)
    assert by_proposal(certain) == {"b": 1.0}
    assert barred.basis is None
    assert said(barred) == [
        (
            "“People's Choice”: how sure it is cannot be said: every proposal has one ballot, so"
            " nothing tells noise from quality."
        )
    ]


def test_what_cannot_be_said_still_counts_as_given() -> None:
    single = {"a": {"j1": 9}, "b": {"j2": 8}}
    loaded = competition(
        single,
        proposals={"a": {"team": "x"}, "b": {}},
        facts={"votes": {"a": 3, "b": 1}},
        awards=[TOP, {**TOP, "id": "more"}, VOTES],
        award_policy={"one_per": "team"},
    )
    first, second, votes = chances(loaded)
    assert (first.basis, second.basis) == (None, None)
    assert by_proposal(votes) == {"b": 1.0}


# ------------------------------------------------------------------------------------------ values


class Least(Award):
    """The score on one criterion and the score, each in its way, and a fact."""

    id = "least"
    title: ClassVar = {"en": "Least", "zh-Hans": "最少"}

    def value(self, standings: StandingsView) -> Column:
        return standings.criterion("x") + standings.subtotal * 0 + standings.score * 0


TWO: dict[str, dict[str, dict[str, int | None]]] = {
    "a": {"j1": {"x": 9, "y": 2}, "j2": {"x": 8, "y": 3}},
    "b": {"j1": {"x": 8, "y": 9}, "j2": {"x": 7, "y": 9}},
    "c": {"j1": {"x": 3, "y": 9}, "j2": {"x": 2, "y": 9}},
    "d": {"j1": {"x": 1, "y": 1}},
    "e": {"j1": {"x": None, "y": None}},
}
LEAST = {"id": "least", "award": "least", "round": "round"}


def test_values_are_computed_anew_on_drawn_criteria() -> None:
    [award] = chances(competition(TWO, awards=[LEAST]), Least)
    assert (award.basis, award.draws) == ("values", 300)
    assert by_proposal(award) == {"a": SHARE, "b": 1 - SHARE}


def test_a_criterion_that_cannot_be_drawn_is_kept() -> None:
    def refused_for_x(crossed: Crossed, *, draws: int, seed: int) -> Floats | None:
        drawn = swapping(crossed, draws=draws, seed=seed)
        return drawn if draws == 4000 else None

    loaded = competition(TWO, awards=[LEAST])
    [award] = chances(loaded, Least, draw=refused_for_x)
    assert by_proposal(award) == {"a": 1.0}


def test_a_criterion_that_is_the_same_for_all_leaves_it_to_the_score() -> None:
    flat: Any = {"a": {"j1": {"x": 5, "y": 9}, "j2": {"x": 5, "y": 8}},
                 "b": {"j1": {"x": 5, "y": 4}, "j2": {"x": 5, "y": 3}}}  # fmt: skip
    [award] = chances(competition(flat, awards=[LEAST]), Least)
    assert by_proposal(award) == {"a": SHARE, "b": 1 - SHARE}


def test_after_few_draws_there_are_as_few_for_those_that_follow() -> None:
    teams = {"a": {"team": "x"}, "b": {"team": "y"}}
    use = {"id": "best", "award": "top_score", "round": "round"}
    least, best = chances(
        competition(TWO, proposals=teams, awards=[LEAST, use], award_policy={"one_per": "team"}),
        Least,
    )
    assert (least.draws, best.draws) == (300, 300)
    assert sum(by_proposal(best).values()) == pytest.approx(1)


def test_what_takes_too_long_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winning, "AGAIN_VALUES", 400)
    [award] = chances(competition(TWO, awards=[LEAST]), Least)
    assert said(award)[0].endswith(
        "its value would have to be computed anew for 5 proposals, too many times."
    )


def test_points_have_no_least_score() -> None:
    rubric = {"scorer": "borda"}
    one, other = chances(
        competition(MARKS, rubric=rubric, awards=[TOP, {**TOP, "id": "b", "min_score": "1"}])
    )
    assert by_proposal(one) == {"a": SHARE, "b": 1 - SHARE}
    assert said(other)[0].endswith("the scorer “Borda count” gives points of its own.")


def test_an_award_that_raises_is_named() -> None:
    class Shy(Award):
        id = "shy"
        title: ClassVar = {"en": "Shy", "zh-Hans": "害羞"}
        seen = 0

        def value(self, standings: StandingsView) -> Column:
            type(self).seen += 1
            if self.seen > 1:
                raise ArithmeticError("enough")
            return standings.score

    with pytest.raises(PluginError, match="enough"):
        chances(competition(MARKS, awards=[{**TOP, "award": "shy"}]), Shy)


def test_awards_of_other_rounds_are_looked_at_where_one_is_asked_for() -> None:
    loaded = competition(
        rounds={"one": MARKS, "two": MARKS, "three": MARKS},
        awards=[{**TOP, "round": "one"}, {**TOP, "id": "second", "round": "two"}],
    )
    result, plugins = run(loaded), Plugins.load()
    [round_] = stability(result, plugins, "two", draw=swapping).rounds
    assert [a.id for a in round_.awards] == ["second"]
    [round_] = stability(result, plugins, "three", draw=swapping).rounds
    assert round_.awards == ()


def test_an_award_of_a_round_that_waits_is_not_looked_at() -> None:
    loaded = competition(
        rounds={"one": MARKS, "two": {"a": {"j1": None}}},
        awards=[{**TOP, "round": "one"}, {**TOP, "id": "second", "round": "two"}],
    )
    assert [a.id for a in chances(loaded)] == ["best"]
