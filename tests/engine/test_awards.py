from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from review.pipeline import derive
from review.testing import competition, run
from tests.engine.strategies import ruled, staged
from tests.engine.test_against_reference import PLUGINS

if TYPE_CHECKING:
    from review.model.loaded import LoadedCompetition
    from review.model.result import AwardResult

SCORES = {"p1": 9, "p2": 8, "p3": 8, "p4": 7, "p5": 6}
BEST = {"id": "best", "award": "top_score", "round": "round"}
TEAMS = {p: {"team": "t1" if p in {"p1", "p2"} else p} for p in SCORES}


def loaded(scores: dict[str, int] = SCORES, **rules: Any) -> LoadedCompetition:
    return competition({p: {"j1": score, "j2": score} for p, score in scores.items()}, **rules)


def given(of: LoadedCompetition) -> AwardResult:
    (award,) = run(of).awards
    return award


def winners(award: AwardResult) -> list[tuple[int, int, str]]:
    return [(w.place, w.tier, w.proposal) for w in award.winners]


def told(award: AwardResult) -> list[tuple[str, str]]:
    return [(p.proposal, p.reason.code) for p in award.passed_over]


def test_award_without_tiers_has_one_prize() -> None:
    assert winners(given(loaded(awards=[BEST]))) == [(1, 0, "p1")]


def test_seats_go_down_the_tiers_by_place_and_equals_share_one() -> None:
    tiers = [{"title": "First", "count": 1}, {"title": "Second", "count": 1}, {"count": 2}]
    award = given(loaded(awards=[{**BEST, "tiers": tiers}]))
    assert winners(award) == [(1, 0, "p1"), (2, 1, "p2"), (2, 1, "p3"), (4, 2, "p4")]
    assert [w.tier_title.get("en") for w in award.winners] == ["First", "Second", "Second", None]
    assert [w.reason.code for w in award.winners] == [
        "award_place", "award_ex_aequo", "award_ex_aequo", "award_place",
    ]  # fmt: skip
    assert award.vacant == 0


def test_equals_on_the_last_seat_all_win() -> None:
    award = given(loaded(awards=[{**BEST, "count": 2}]))
    assert (winners(award), award.vacant) == ([(1, 0, "p1"), (2, 0, "p2"), (2, 0, "p3")], 0)


def test_prizes_stay_vacant_where_there_are_too_few() -> None:
    assert given(loaded(awards=[{**BEST, "count": 7}])).vacant == 2


def test_equal_values_go_by_rank_in_the_round() -> None:
    facts = {"votes": {"p4": 5, "p5": 5}}
    award = given(loaded(awards=[{**BEST, "award": "peoples_choice", "count": 2}], facts=facts))
    assert winners(award) == [(1, 0, "p4"), (2, 0, "p5")]
    assert award.winners[0].reason.params["with_"] == ["p5"]
    assert award.winners[0].reason.code == "award_by_rank"


def test_below_min_score_nothing_is_given() -> None:
    award = given(loaded(awards=[{**BEST, "count": 3, "min_score": "8.5"}]))
    assert winners(award) == [(1, 0, "p1")]
    assert award.vacant == 2
    assert told(award) == [(p, "passed_min_score") for p in ("p2", "p3", "p4", "p5")]


def test_min_score_is_that_of_the_round_whatever_the_value() -> None:
    facts = {"votes": {"p5": 5}}
    use = {**BEST, "award": "peoples_choice", "min_score": 7}
    award = given(loaded(awards=[use], facts=facts))
    assert (winners(award), award.vacant) == ([], 1)
    assert told(award)[0] == ("p5", "passed_min_score")
    assert told(award)[1:] == [(p, "passed_no_value") for p in ("p1", "p2", "p3", "p4")]


def test_no_score_is_below_every_min_score() -> None:
    marks: dict[str, dict[str, int | None]] = {"p1": {"j1": None}, "p2": {"j1": 5}}
    use = {**BEST, "award": "peoples_choice", "min_score": 1}
    of = competition(marks, facts={"votes": {"p1": 9, "p2": 1}}, awards=[use])
    (award,) = run(of).awards
    assert winners(award) == [(1, 0, "p2")]
    assert award.passed_over[0].reason.params["score"] == "–"


def test_one_per_team_passes_over_within_and_across_awards() -> None:
    uses = [BEST, {**BEST, "id": "next", "count": 2}]
    of = loaded(awards=uses, proposals=TEAMS, award_policy={"one_per": "team"})
    first, second = run(of).awards
    assert winners(first) == [(1, 0, "p1")]
    assert winners(second) == [(1, 0, "p3"), (2, 0, "p4")]
    assert told(second) == [("p1", "passed_one_per"), ("p2", "passed_one_per")]
    assert second.passed_over[0].value == Decimal("9.00")


def test_who_has_nothing_to_count_by_is_not_passed_over() -> None:
    of = loaded(awards=[{**BEST, "count": 4}], award_policy={"one_per": "team"})
    assert winners(given(of))[-1] == (4, 0, "p4")


def test_policy_decides_the_order_of_giving_and_the_competition_that_of_listing() -> None:
    uses = [BEST, {**BEST, "id": "first"}]
    policy = {"one_per": "team", "order": ["first"]}
    best, first = run(loaded(awards=uses, proposals=TEAMS, award_policy=policy)).awards
    assert (best.id, winners(best)) == ("best", [(1, 0, "p3")])
    assert (first.id, winners(first)) == ("first", [(1, 0, "p1")])


def test_too_few_ballots_are_passed_over() -> None:
    marks = {"p1": {"j1": 9}, "p2": {"j1": 8, "j2": 8}}
    of = competition(marks, awards=[BEST], award_policy={"min_ballots": 2})
    assert (winners(given(of)), told(given(of))) == (
        [(1, 0, "p2")], [("p1", "passed_min_ballots")],
    )  # fmt: skip


def test_only_the_shortlisted_win_where_the_policy_says_so() -> None:
    of = loaded(
        shortlist={"rule": "top", "size": 3}, awards=[BEST], award_policy={"shortlisted": True}
    )
    of = ruled(of, ("round", "p1", "out"))
    assert winners(given(of)) == [(1, 0, "p2"), (1, 0, "p3")]
    assert told(given(of)) == [("p1", "passed_not_shortlisted")]


def test_a_round_without_shortlist_counts_those_of_any_other() -> None:
    marks = {p: {"j1": score} for p, score in SCORES.items()}
    reverse = {p: {"j1": 10 - score} for p, score in SCORES.items()}
    of = competition(
        rounds={"first": marks, "final": reverse},
        awards=[{**BEST, "round": "final"}],
        award_policy={"shortlisted": True},
    )
    shortlist = {"rule": "top", "size": 1}
    of = staged(of, {"id": "first", "shortlist": shortlist}, {"id": "final"})
    assert winners(given(of)) == [(1, 0, "p1")]


@pytest.mark.parametrize("status", ["withdrawn", "disqualified", "absent"])
def test_who_has_a_status_is_passed_over(status: str) -> None:
    facts = {"votes": {"p1": 50, "p2": 5}}
    use = {**BEST, "award": "peoples_choice"}
    of = loaded(awards=[use], facts=facts, proposals={"p1": {"status": status}})
    assert (winners(given(of)), told(given(of))) == ([(1, 0, "p2")], [("p1", "passed_status")])


def test_category_best_wins_in_each_category_and_who_has_none_in_none() -> None:
    proposals = {"p2": {"category": "b"}, "p3": {"category": "a"}, "p4": {"category": "a"}}
    award = given(loaded(awards=[{**BEST, "award": "category_best"}], proposals=proposals))
    assert [(w.group, w.proposal) for w in award.winners] == [("a", "p3"), ("b", "p2")]


def test_category_best_counts_vacancies_of_every_category() -> None:
    proposals = {"p2": {"category": "b"}, "p3": {"category": "a"}, "p4": {"category": "a"}}
    use = {**BEST, "award": "category_best", "count": 2}
    assert given(loaded(awards=[use], proposals=proposals)).vacant == 1


def test_a_decision_gives_the_prize_before_all_rules() -> None:
    of = loaded(awards=[{**BEST, "count": 2, "min_score": 7}], proposals=TEAMS)
    award = given(ruled(of, ("round", "p5", "award:best")))
    assert winners(award) == [(1, 0, "p5"), (2, 0, "p1")]
    assert award.winners[0].reason.texts()["en"] == "by decision of the board: fair"


def test_a_decision_may_give_a_prize_to_who_has_no_value() -> None:
    of = loaded(awards=[{**BEST, "award": "peoples_choice"}], facts={"votes": {"p1": 1}})
    (winner,) = given(ruled(of, ("round", "p5", "award:best"))).winners
    assert (winner.proposal, winner.value) == ("p5", None)


def test_an_award_waits_until_somebody_has_a_score() -> None:
    result = run(competition({"p1": {"j1": None}}, facts={"votes": {"p1": 3}}, awards=[BEST]))
    assert result.awards == ()
    assert "award_waits" in {problem.code for problem in result.problems}


@pytest.mark.parametrize(
    ("award", "facts", "best"),
    [
        ("shining_star", {}, "p1"),
        ("cohesion", {"activities": 1, "direct": 200, "indirect": 400}, "p2"),
        ("brand_innovation", {}, "p1"),
    ],
)
def test_the_awards_of_the_founding_case_are_given(
    award: str, facts: dict[str, int], best: str
) -> None:
    marks = {
        "p1": {"j1": {"innovation": 9, "brand": 8, "mobilisation": 7}},
        "p2": {"j1": {"innovation": 5, "brand": 6, "mobilisation": 9}},
    }
    known = {name: {"p1": value, "p2": value} for name, value in facts.items()}
    of = competition(marks, facts=known, awards=[{**BEST, "award": award}])
    assert [w.proposal for w in given(of).winners] == [best]


def test_an_award_of_a_round_that_was_not_run_is_not_given() -> None:
    marks = {p: {"j1": score} for p, score in SCORES.items()}
    of = competition(rounds={"first": marks, "final": {}}, awards=[{**BEST, "round": "final"}])
    undecided = {"id": "first", "shortlist": {"rule": "top", "size": 2}}
    of = staged(of, undecided, {"id": "final", "entrants": "first"})
    assert derive(of, PLUGINS, {}).awards == ()
