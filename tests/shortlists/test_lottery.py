"""The rule `lottery` on examples that can be checked by hand, and on ballots."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from review import Entrant, RoundContext
from review.stats import posterior
from review.stats.crossed import Crossed
from review.stats.lottery import commitment, draw, ticket
from review.stats.ranking import Ranking
from review.testing import check_part, select
from review_plugins.shortlists import Lottery
from review_plugins.shortlists.chances import linear_chances, snsf_chances
from review_plugins.shortlists.lottery_words import chance, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review import Choice, Selection

SECRET = "the quick brown fox 2024-12-05"  # noqa: S105 -- published here
PROMISED: dict[str, Any] = {"commitment": commitment(SECRET)}
KEPT: dict[str, Any] = {**PROMISED, "draw_seed": SECRET}
SCORES = {"a": 9, "b": "8.5", "c": 8, "d": 7, "e": 5}
LINEAR: dict[str, Any] = {"size": 2, "method": "linear", "width": 2}


def entrants(scores: Mapping[str, Any], **rulings: Any) -> list[Entrant]:
    exact = {p: Decimal(str(v)) for p, v in scores.items()}
    ordered = sorted(exact.values(), reverse=True)
    field = [Entrant(p, ordered.index(v) + 1, v, {}, rulings.get(p)) for p, v in exact.items()]
    return sorted(field, key=lambda e: (e.rank, e.proposal))


def lottery(context: RoundContext | None = None, **options: Any) -> Selection:
    line, rulings = options.pop("line", "report"), options.pop("rulings", {})
    scores = options.pop("scores", SCORES)
    rule = Lottery({**LINEAR, **options}, line=line)
    return rule.select_in(entrants(scores, **rulings), context or RoundContext("r"))


def statuses(choices: Mapping[str, Choice]) -> dict[str, str]:
    return {p: f"{c.status} {c.place or ''}".strip() for p, c in choices.items()}


def told(messages: Sequence[Any]) -> list[str]:
    return [message.code for message in messages]


# ------------------------------------------------------------------------------------------- linear


def test_linear_chances_are_those_worked_by_hand() -> None:
    """Σ clip((v - b) / 2) is 1 + ¾ + ½ at b = 7, ¼ too much; it falls by 3/2 per point: b = 7⅙."""
    found = linear_chances(entrants(SCORES), 2, Decimal(2))
    assert found.lots == {"a": Fraction(11, 12), "b": Fraction(2, 3), "c": Fraction(5, 12)}
    assert list(found.out) == ["d", "e"]
    assert found.out["d"].render("en") == (
        "out without a lot: its score of 7 is not above 7.1667, up to where the chance is 0"
    )


def test_score_from_where_the_chance_is_1_is_in_without_a_lot() -> None:
    found = linear_chances(entrants({"a": 20, "b": 5, "c": 5}), 2, Decimal(2))
    assert found.sure["a"].render("en") == (
        "in without a lot: its score of 20 reaches 6, from where the chance is 1"
    )
    assert found.lots == {"b": Fraction(1, 2), "c": Fraction(1, 2)}


def test_draw_is_the_one_of_the_published_seed() -> None:
    selection = lottery(**KEPT, reserve=1)
    chances = {"a": Fraction(11, 12), "b": Fraction(2, 3), "c": Fraction(5, 12)}
    found = draw(chances, SECRET, "r")
    assert sorted(p for p, c in selection.choices.items() if c.status == "in") == sorted(
        found.drawn
    )
    assert [p for p, c in selection.choices.items() if c.status == "reserve"] == found.reserve
    assert told(selection.remarks) == ["lottery_zone_linear", "lottery_draw"]
    assert not selection.notes
    assert selection.refusal is None


def test_reason_says_chance_ticket_stretch_and_point() -> None:
    selection = lottery(**KEPT)
    found = draw({"a": Fraction(11, 12), "b": Fraction(2, 3), "c": Fraction(5, 12)}, SECRET, "r")
    (last,) = found.reserve
    stretch = found.stretches[last]
    text = selection.choices[last].reason.render("en")
    number = f"{ticket(SECRET, 'r', last) / 2**62:.6f}".rstrip("0")
    assert text == (
        f"not drawn: chance {chance(stretch.chance)}, ticket {number}; "
        f"its stretch from {rounded(stretch.start)} to {rounded(stretch.end)} holds no point"
    )
    drawn = selection.choices[found.drawn[0]].reason
    assert drawn.params["point"] == rounded(found.start)
    assert drawn.code == "lottery_drawn"


@given(st.lists(st.integers(0, 30), min_size=3, max_size=8), st.integers(1, 2), st.text(min_size=1))
def test_exactly_the_places_are_given(scores: list[int], size: int, seed: str) -> None:
    field = {f"p{i}": score for i, score in enumerate(scores)}
    choices = lottery(scores=field, size=size, draw_seed=seed, reserve=9).choices
    given_ = [c for c in choices.values() if c.status == "in"]
    assert len(given_) == size
    assert {c.status for c in choices.values()} <= {"in", "reserve"}


# ------------------------------------------------------------------------------ seed and commitment


def test_draw_is_pending_until_the_secret_is_published() -> None:
    selection = lottery(**PROMISED, reserve=2)
    assert statuses(selection.choices) == {
        "a": "undecided", "b": "undecided", "c": "undecided", "d": "reserve 2", "e": "out",
    }  # fmt: skip
    assert selection.choices["c"].reason.render("en") == (
        "takes part in the draw with chance 5/12 ≈ 0.4167; the draw is pending"
    )
    assert told(selection.remarks) == ["lottery_zone_linear", "lottery_awaits"]
    assert not selection.notes


def test_seed_of_the_competition_does_not_stand_in_for_a_secret_to_come() -> None:
    assert lottery(RoundContext("r", seed="7"), **PROMISED).choices["a"].status == "undecided"


@pytest.mark.parametrize(
    ("options", "seed", "which"),
    [({}, "7", "the competition's `seed`"), ({"draw_seed": "8"}, "7", "`draw_seed`")],
)
def test_seed_that_nobody_was_promised_draws_with_a_warning(
    options: dict[str, Any], seed: str, which: str
) -> None:
    selection = lottery(RoundContext("r", seed=seed), **options)
    assert sum(c.status == "in" for c in selection.choices.values()) == 2
    (warning,) = selection.notes
    assert warning.render("en") == (
        f"the draw used {which}, and no `commitment` was published for it: nobody can check that "
        "the seed was fixed before the marks were known"
    )
    assert told(selection.remarks) == ["lottery_zone_linear", "lottery_draw_unpromised"]


def test_without_any_seed_the_draw_is_pending_and_a_warning_says_so() -> None:
    selection = lottery()
    assert {c.status for c in selection.choices.values()} == {"undecided", "out"}
    assert told(selection.notes) == ["lottery_seedless"]
    assert told(selection.remarks) == ["lottery_zone_linear"]


def test_rule_that_knows_nothing_of_its_round_waits_as_well() -> None:
    rule = Lottery({**LINEAR, **PROMISED})
    assert rule.select(entrants(SCORES)).choices == lottery(**PROMISED).choices


def test_short_secret_is_told() -> None:
    selection = lottery(commitment=commitment("2024"), draw_seed="2024")
    assert told(selection.notes) == ["lottery_short"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({**PROMISED, "draw_seed": "another"}, "lottery_seed_differs"),
        ({"commitment": "sha256:12"}, "lottery_commitment_form"),
        ({"commitment": commitment(SECRET).upper()}, "lottery_commitment_form"),
        ({"interval": 50}, "lottery_other_method"),
        ({"width": None}, "lottery_width_missing"),
        ({"method": "snsf"}, "lottery_other_method"),
    ],
)
def test_options_that_do_not_fit_are_told_in_both_languages(
    options: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValidationError) as found:
        Lottery({**LINEAR, **options})
    (error,) = found.value.errors()
    message = error["ctx"]["error"].message
    assert message.code == code
    assert message.render("en") != message.render("zh-Hans")


# ------------------------------------------------------------------------------ rulings, ties, line


def test_ruling_takes_its_place_before_the_lots() -> None:
    selection = lottery(**KEPT, rulings={"e": "in", "a": "out"})
    assert statuses(selection.choices)["e"] == "in 1"
    assert statuses(selection.choices)["a"] == "out"
    assert sum(c.status == "in" for c in selection.choices.values()) == 2


def test_rulings_that_take_all_places_leave_none() -> None:
    selection = lottery(rulings={"d": "in", "e": "in"}, reserve=1)
    assert statuses(selection.choices) == {
        "a": "reserve 1", "b": "out", "c": "out", "d": "in 1", "e": "in 2",
    }  # fmt: skip
    assert selection.choices["b"].reason.code == "lottery_no_room"
    assert (selection.notes, selection.remarks) == ([], [])


def test_more_places_than_entrants_need_no_lot() -> None:
    selection = lottery(size=9)
    assert statuses(selection.choices) == {p: f"in {i}" for i, p in enumerate("abcde", start=1)}
    assert selection.choices["e"].reason.render("en") == "in: a place for everybody, 9 for 5"


def test_nobody_to_choose_from_is_nobody_chosen() -> None:
    assert lottery(scores={}).choices == {}


def test_equals_have_equal_chances_and_share_places_without_a_lot() -> None:
    found = linear_chances(entrants({"a": 8, "b": 8, "c": 8}), 1, Decimal(1))
    assert set(found.lots.values()) == {Fraction(1, 3)}
    selection = lottery(scores={"a": 9, "b": 9, "c": 2}, size=2)
    assert statuses(selection.choices) == {"a": "in 1", "b": "in 1", "c": "out"}
    assert told(selection.remarks) == ["lottery_no_zone"]


def test_line_has_no_effect_and_is_told() -> None:
    selection = lottery(**KEPT, line="chain")
    assert selection.choices == lottery(**KEPT).choices
    assert [m.render("en") for m in selection.notes] == [
        '`line = "chain"` has no effect: a lottery needs no order among equals'
    ]


# --------------------------------------------------------------------------------------------- snsf


def ballots(noise: float = 1.5, n: int = 8, judges: int = 5) -> Crossed:
    """Everybody marks everybody; p0 is best, the others follow at a distance of 0.5."""
    rng = np.random.Generator(np.random.PCG64(4))
    value = 9 - 0.5 * np.repeat(np.arange(n), judges) + noise * rng.standard_normal(n * judges)
    names = [f"p{i}" for i in range(n) for _ in range(judges)]
    return Crossed.of(names, [f"j{k}" for _ in range(n) for k in range(judges)], value)


def field_of(crossed: Crossed) -> list[Entrant]:
    means = np.bincount(crossed.proposal, crossed.value) / crossed.by_proposal
    return entrants({p: f"{m:.2f}" for p, m in zip(crossed.proposals, means, strict=True)})


def test_snsf_draws_among_those_whose_ranks_reach_to_the_line() -> None:
    crossed = ballots()
    found = snsf_chances(field_of(crossed), 3, 50, RoundContext("r", ballots=crossed))
    ranking = Ranking.of(posterior.quality(crossed).draws)
    line = sorted(ranking.expected)[2]
    low, high = (dict(zip(crossed.proposals, ends, strict=True)) for ends in ranking.interval(0.5))
    assert len(found.sure) >= 1
    assert set(found.sure) == {p for p in crossed.proposals if high[p] < line}
    assert set(found.out) == {p for p in crossed.proposals if low[p] > line}
    assert set(found.lots) == {p for p in crossed.proposals if low[p] <= line <= high[p]}
    assert set(found.lots.values()) == {Fraction(3 - len(found.sure), len(found.lots))}
    assert found.warnings == []


def test_wider_interval_makes_more_draw() -> None:
    crossed = ballots()
    context = RoundContext("r", ballots=crossed)
    narrow, wide = (snsf_chances(field_of(crossed), 3, level, context) for level in (10, 90))
    assert set(narrow.lots) < set(wide.lots)


def test_snsf_with_places_for_all_at_the_line_needs_no_lot() -> None:
    crossed = ballots(noise=0.01)
    rule = Lottery({"size": 3, **PROMISED})
    selection = rule.select_in(field_of(crossed), RoundContext("r", ballots=crossed))
    assert list(statuses(selection.choices).values()) == ["in 1", "in 2", "in 3", *["out"] * 5]
    assert selection.choices["p2"].reason.render("en") == (
        "in without a lot: its rank (50 % interval: 3) reaches to the line, 3, and there is a "
        "place for all of whom that is true"
    )
    assert selection.choices["p0"].reason.render("en") == (
        "in without a lot: its rank (50 % interval: 1) is better than the line, 3"
    )


def test_ballots_that_are_all_alike_put_everybody_into_the_draw() -> None:
    crossed = Crossed.of(["a", "a", "b", "b", "c", "c"], ["j", "k"] * 3, [7.0] * 6)
    found = snsf_chances(field_of(crossed), 1, 50, RoundContext("r", ballots=crossed))
    assert found.lots == dict.fromkeys("abc", Fraction(1, 3))


def test_judges_that_nobody_connects_are_told() -> None:
    north, south = ballots(n=7), ballots(n=2)
    names = [north.proposals[i] for i in north.proposal] + [f"q{i}" for i in south.proposal]
    judges = [north.judges[i] for i in north.judge] + [f"k{i}" for i in south.judge]
    crossed = Crossed.of(names, judges, np.concatenate([north.value, south.value]))
    found = snsf_chances(field_of(crossed), 3, 50, RoundContext("r", ballots=crossed))
    assert [w.render("en").partition(":")[0] for w in found.warnings] == [
        "no chain of judges connects (p0, p1, p2, p3, p4…), (q0, q1)"
    ]


def test_intervals_that_are_not_accurate_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = posterior.quality(ballots())
    unsure = replace(made, checked=replace(made.checked, halves=2.0))
    monkeypatch.setattr(posterior, "quality", lambda _crossed: unsure)
    crossed = ballots()
    found = snsf_chances(field_of(crossed), 3, 50, RoundContext("r", ballots=crossed))
    assert told(found.warnings) == ["lottery_unsure"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ballots": None}, "lottery_no_ballots"),
        ({"ballots": ballots(n=7)}, "lottery_no_ballots"),
        ({"own_only": False}, "lottery_other_parts"),
    ],
)
def test_snsf_without_ballots_to_rank_by_is_refused(change: dict[str, Any], code: str) -> None:
    context = replace(RoundContext("r", ballots=ballots()), **change)
    field = [replace(e, ruling="in" if e.proposal == "p1" else None) for e in field_of(ballots())]
    selection = Lottery({"size": 3}).select_in(field, context)
    assert selection.refusal is not None
    assert selection.refusal.code == code
    assert {p for p, c in selection.choices.items() if c.status == "undecided"} == {
        f"p{i}" for i in (0, 2, 3, 4, 5, 6, 7)
    }
    assert selection.choices["p1"].status == "in"


# ------------------------------------------------------------------------------------- the contract


@pytest.mark.parametrize("options", [pytest.param({"size": 2}, marks=pytest.mark.slow), LINEAR])
def test_lottery_keeps_the_contract_of_a_rule(options: dict[str, Any]) -> None:
    check_part(Lottery, options)


def test_plugin_author_can_hand_ballots_to_a_rule() -> None:
    marks = {"a": {"j": 9, "k": 9}, "b": {"j": 8, "k": 8}, "c": {"j": 7, "k": 7}}
    choices = select(
        Lottery, {"a": 9, "b": 8, "c": 7}, options={"size": 1}, ballots=marks, seed="7"
    )
    assert {p: c.status for p, c in choices.items()} == {"a": "in", "b": "out", "c": "out"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(3, 8), "3/8 = 0.375"), (Fraction(1, 3), "1/3 ≈ 0.3333"),
     (Fraction(1001, 1000003), "0.001")],
)  # fmt: skip
def test_chance_is_shown_as_a_fraction_unless_that_is_endless(value: Fraction, shown: str) -> None:
    assert chance(value) == shown


def test_number_is_shown_without_zeros_at_the_end() -> None:
    assert [rounded(x) for x in (Fraction(2), 0.5, Fraction(-1, 3))] == ["2", "0.5", "-0.3333"]
