"""Scorers of rankings: published answers as scores, refusals and warnings in both languages."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from review import ReviewError
from review.plugin.comparing import Ranking
from review.testing import check_part, score
from review_plugins.scorers.bradley_terry import BradleyTerry
from review_plugins.scorers.copeland import Copeland
from review_plugins.scorers.crowd_bt import CrowdBT
from review_plugins.scorers.davidson import Davidson
from review_plugins.scorers.kemeny import Kemeny
from review_plugins.scorers.plackett_luce import PlackettLuce
from review_plugins.scorers.schulze import Schulze
from tests.stats.pairwise.published import BASEBALL, PUDDING, SCHULZE, TENNESSEE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from review import FieldScores, RankingScorer

WORTHS: list[type[RankingScorer]] = [BradleyTerry, CrowdBT, Davidson, PlackettLuce]
VOTES: list[type[RankingScorer]] = [Copeland, Kemeny, Schulze]
LANGUAGES = ("en", "zh-Hans")


def rankings(*orders: str, judge: str = "j1") -> list[Ranking]:
    """`"a>b=c"` as the ranking of a judge."""
    return [
        Ranking(judge, tuple(tuple(sorted(g.split("="))) for g in order.split(">")))
        for order in orders
    ]


def scored(part: type[RankingScorer], given: Sequence[Ranking], **options: Any) -> FieldScores:
    proposals = sorted({p for ranking in given for group in ranking.places for p in group})
    return part(options).score_rankings(proposals, given)


def pairs(rows: Iterable[Sequence[Any]]) -> list[Ranking]:
    """(i, j, i above j, j above, level) as comparisons."""
    found = []
    for i, j, above, below, *level in rows:
        found += rankings(*[f"{i}>{j}"] * above, *[f"{j}>{i}"] * below)
        found += rankings(*[f"{i}={j}"] * sum(level))
    return found


def ballots(rows: Iterable[tuple[int, str]]) -> list[Ranking]:
    return [
        ranking
        for count, letters in rows
        for number in range(count)
        for ranking in rankings(">".join(letters), judge=f"{letters}{number}")
    ]


def floats(found: FieldScores) -> dict[str, float]:
    return {proposal: float(value) for proposal, value in found.scores.items()}


@pytest.mark.parametrize("part", WORTHS + VOTES, ids=lambda part: part.id)
def test_scorers_keep_their_contract(part: type[RankingScorer]) -> None:
    check_part(part)


# ------------------------------------------------------------------------------- published answers


def test_bradley_terry_gives_the_published_worths() -> None:
    found = floats(scored(BradleyTerry, pairs(BASEBALL)))

    assert found["Milwaukee"] - found["Baltimore"] == pytest.approx(1.581, abs=5e-4)
    assert found["Toronto"] - found["Cleveland"] == pytest.approx(1.294 - 0.684, abs=1e-3)
    assert sum(found.values()) == pytest.approx(0, abs=1e-5)


def test_davidson_gives_the_published_order() -> None:
    found = floats(scored(Davidson, pairs(PUDDING)))

    assert sorted(found, key=lambda p: -found[p]) == ["6", "2", "4", "3", "5", "1"]


def test_kemeny_and_schulze_give_the_published_orders() -> None:
    assert scored(Kemeny, ballots(TENNESSEE)).scores == {"C": 2, "K": 1, "M": 0, "N": 3}
    assert scored(Schulze, ballots(SCHULZE)).scores == {"A": 2, "B": -2, "C": 0, "D": -4, "E": 4}
    assert scored(Copeland, ballots(TENNESSEE)).scores == {"C": 1, "K": -1, "M": -3, "N": 3}


# ------------------------------------------------------------------------------------------ scores


def test_worths_are_held_to_six_decimals() -> None:
    for value in scored(BradleyTerry, rankings("a>b", "b>a", "a>b")).scores.values():
        assert isinstance(value, Decimal)
        assert value.as_tuple().exponent == -6


def test_bradley_terry_is_the_logarithm_of_odds() -> None:
    found = scored(BradleyTerry, rankings("a>b", "a>b", "b>a"))

    assert found.scores == {"a": Decimal("0.346574"), "b": Decimal("-0.346574")}  # ln 2 / 2


def test_draw_is_half_a_win_for_both() -> None:
    drawn = scored(BradleyTerry, rankings("a>b", "a=b", "b>c", "c>a"))
    doubled = scored(BradleyTerry, rankings(*["a>b"] * 3, "b>a", *["b>c", "c>a"] * 2))

    assert drawn.scores == doubled.scores


def test_ranking_counts_as_all_of_its_pairs() -> None:
    one = scored(BradleyTerry, rankings("a>b>c", "c>b>a", "a>b"))
    other = scored(BradleyTerry, rankings("a>b", "b>c", "a>c", "c>b", "b>a", "c>a", "a>b"))

    assert one.scores == other.scores


def test_marks_are_read_as_rankings() -> None:
    marks = {"p1": {"j1": 9, "j2": 8}, "p2": {"j1": 7, "j2": 8}, "p3": {"j1": 7, "j2": 5}}

    assert score(Copeland, marks) == {"p1": 2, "p2": 0, "p3": -2}


def test_kemeny_is_a_mean_over_equally_good_orders() -> None:
    found = scored(Kemeny, rankings("a>b>c", "b>c>a", "c>a>b"))

    assert found.scores == {"a": 1, "b": 1, "c": 1}
    (warning,) = found.warnings
    assert warning.render("en") == (
        "kemeny: 3 orders agree with 5 of the comparisons, no order with more; points are the mean"
        " over all of them. One is a > b > c"
    )
    assert warning.render("zh-Hans").startswith("kemeny：有 3 种排序与 5 次比较一致")


def test_kemeny_has_halves_where_orders_differ() -> None:
    found = scored(Kemeny, rankings("a>b>c", "b>a>c"))

    assert found.scores == {"a": Fraction(3, 2), "b": Fraction(3, 2), "c": 0}


def test_kemeny_tells_of_one_of_several_orders_of_many() -> None:
    names = [f"p{n:02}" for n in range(17)]
    circle = [f"{a}>{b}" for a, b in zip(names, [*names[1:], names[0]], strict=True)]

    found = scored(Kemeny, rankings(*circle))

    assert [warning.code for warning in found.warnings] == [
        "pairs_never_compared",
        "kemeny_another",
    ]
    assert sorted(found.scores.values()) == list(range(17))


@pytest.mark.parametrize("part", VOTES, ids=lambda part: part.id)
def test_pairs_that_nobody_compared_are_told(part: type[RankingScorer]) -> None:
    found = scored(part, rankings("a>b", "b>c"))

    assert found.warnings[0].render("en") == (
        f"1 of 3 pairs were compared by nobody; for {part.id} they are even"
    )


@pytest.mark.parametrize("part", WORTHS + VOTES, ids=lambda part: part.id)
def test_proposal_alone_has_the_nothing_that_was_there_to_win(part: type[RankingScorer]) -> None:
    assert part().score_rankings(["a"], []).scores == {"a": 0}
    assert part().score_rankings(["a", "b"], []).scores == {}


@pytest.mark.parametrize("part", WORTHS + VOTES, ids=lambda part: part.id)
def test_proposal_that_nobody_compared_has_no_score(part: type[RankingScorer]) -> None:
    found = part().score_rankings(["a", "b", "c"], rankings("a>b", "b>a"))

    assert set(found.scores) == {"a", "b"}


# ---------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("part", [BradleyTerry, Davidson, PlackettLuce], ids=lambda part: part.id)
def test_worths_without_a_limit_are_refused(part: type[RankingScorer]) -> None:
    found = scored(part, rankings("a>b", "b>c", "c>b"))

    assert found.scores == {}
    assert found.refusal is not None
    assert found.refusal.render("en") == (
        f"{part.id} finds no worths: no chain of wins or draws leads both ways between (a), (b, c)."
        " Ask for comparisons between them, or set prior = 0.5 (half a win and half a loss for each"
        " against an average proposal)"
    )


@pytest.mark.parametrize("part", [BradleyTerry, Davidson, PlackettLuce], ids=lambda part: part.id)
def test_prior_makes_worths_finite(part: type[RankingScorer]) -> None:
    found = floats(scored(part, rankings("a>b", "b>c"), prior="0.5"))

    assert found["a"] > found["b"] > found["c"]
    assert found["b"] == pytest.approx(0, abs=1e-6)


def test_long_lists_of_parts_are_cut() -> None:
    names = [f"p{n}" for n in range(9)]

    refusal = scored(BradleyTerry, rankings(">".join(names))).refusal
    assert refusal is not None
    assert refusal.params["parts"] == ["(p0)", "(p1)", "(p2)", "(p3)", "(p4)", "…"]

    refusal = scored(BradleyTerry, rankings("a>" + "=".join(names))).refusal
    assert refusal is not None
    assert refusal.params["parts"] == ["(a)", "(p0, p1, p2, p3, p4, …)"]


@pytest.mark.parametrize("part", WORTHS, ids=lambda part: part.id)
def test_too_few_steps_are_told(part: type[RankingScorer]) -> None:
    found = scored(part, rankings("a>b>c", "c>a", "b>c", "c>b", "b>a"), steps=3)

    assert found.refusal is not None
    assert {language: found.refusal.render(language) for language in ("en", "zh-Hans")} == {
        "en": f"{part.id} did not settle within 3 steps; allow more with `steps`",
        "zh-Hans": f"{part.id} 在 3 步内未能收敛；可用 steps 放宽步数",
    }


def test_kemeny_refuses_circles_that_are_too_large() -> None:
    names = [f"p{n:02}" for n in range(51)]
    circle = [f"{a}>{b}" for a, b in zip(names, [*names[1:], names[0]], strict=True)]

    refusal = scored(Kemeny, rankings(*circle)).refusal

    assert refusal is not None
    assert "more than 50 proposals" in refusal.render("en")


def test_schulze_refuses_more_than_two_thousand() -> None:
    names = [f"p{n:04}" for n in range(2001)]

    refusal = scored(Schulze, rankings(*(f"{a}>{b}" for a, b in pairwise(names)))).refusal

    assert refusal is not None
    assert refusal.render("en").startswith("schulze: the strongest paths of more than 2000")


def test_davidson_tells_that_all_were_draws() -> None:
    found = scored(Davidson, rankings("a=b", "b=c"))

    assert found.scores == {"a": 0, "b": 0, "c": 0}
    assert [warning.code for warning in found.warnings] == ["davidson_draws"]


def test_crowd_bt_names_judges_who_are_no_better_than_a_coin() -> None:
    letters = "abcdef"
    right = [f"{x}>{y}" for n, x in enumerate(letters) for y in letters[n + 1 :]]
    wrong = [f"{y}>{x}" for n, x in enumerate(letters) for y in letters[n + 1 :]]
    given = [r for judge in ("j1", "j2", "j3") for r in rankings(*right, judge=judge)]

    found = scored(CrowdBT, [*given, *rankings(*wrong, judge="j4")])

    scores = floats(found)
    assert sorted(scores, key=lambda p: -scores[p]) == list(letters)
    (warning,) = found.warnings
    assert warning.render("en").startswith("crowd_bt: comparisons by j4 (0.")


def test_refusal_is_raised_where_scores_are_asked_for() -> None:
    with pytest.raises(ReviewError, match="finds no worths"):
        score(BradleyTerry, {"a": {"j1": 2}, "b": {"j1": 1}})


@pytest.mark.parametrize("part", WORTHS + VOTES, ids=lambda part: part.id)
def test_titles_are_in_both_languages(part: type[RankingScorer]) -> None:
    titles: Mapping[str, str] = part.title

    assert set(titles) == set(LANGUAGES)
