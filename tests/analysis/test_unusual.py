from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from review.analysis.unusual import look
from review.analysis.unusual.finding import unusual
from review.stats.crossed import Crossed
from review.testing import competition, run
from tests.analysis.unusual_rounds import at, result_of
from tests.stats.drawing import bound, drawn, moved

SHOUT = ("cheat", "fraud", "collu", "作弊", "舞弊", "串通")


def codes(found: Any) -> list[str]:
    return [sentence.code for sentence in (*found.sentences, *found.untested)]


def of(crossed: Crossed, *people: Any, **rules: Any) -> Any:
    return unusual(result_of(crossed, *people, **rules)).rounds[0]


ADDITIVE = Crossed.of(
    [f"p{i}" for i in range(10) for _ in range(4)],
    [f"j{j}" for _ in range(10) for j in range(4)],
    [i + j / 2 for i in range(10) for j in range(4)],
)


def test_quiet_round_says_so_and_what_would_be_seen() -> None:
    found = of(drawn(1, 40, 6, 6))
    assert (found.found, found.tests, found.tested) == (0, 240 + 15 + 1, 240)
    assert codes(found) == [
        "unusual_nothing",
        "unusual_far",
        "unusual_detectable",
        "unusual_no_attribute",
        "unusual_no_entries",
    ]
    assert 2 < found.detectable < 4
    assert found.far_by_chance == pytest.approx(240 * 0.003, rel=0.1)


def test_single_mark_is_told_with_what_the_others_gave() -> None:
    crossed = drawn(2, 40, 6, 6)
    found = of(moved(crossed, -3.5 * at(crossed, 3, 17)))
    mark = found.marks[0]
    others = moved(crossed, 0 * crossed.value).value[
        (crossed.proposal == 17) & (crossed.judge != 3)
    ]
    assert (mark.judge, mark.proposal, mark.count, mark.odds.unusual) == ("j003", "p017", 5, True)
    np.testing.assert_allclose(mark.others, [others.min(), others.mean(), others.max()], atol=0.006)
    assert mark.expected - mark.ballot == pytest.approx(3.5, abs=1.5)
    assert codes(found)[:3] == ["unusual_found", "unusual_mark_low", "unusual_why_marks"]
    high = of(moved(crossed, 3.5 * at(crossed, 3, 17)))
    assert codes(high)[1] == "unusual_mark_high"


SCHOOLS = {f"p{i:03}": {"school": f"s{i % 8}"} for i in range(48)}
TEACHERS = {f"j{j:03}": {"school": f"s{j}", "name": f"Judge {j}"} for j in range(6)}


def favoured(more: float, *judges: int) -> Crossed:
    """Judges add so much to the six proposals of their own school."""
    crossed = drawn(3, 48, 6, 6)
    own = (crossed.proposal % 8 == crossed.judge) & np.isin(crossed.judge, judges)
    return moved(crossed, more * own)


def test_planted_favouritism_of_one_judge_is_found() -> None:
    found = of(favoured(1.5, 2), SCHOOLS, TEACHERS)
    kin = [each for each in found.affinity if each.odds.unusual]
    assert ("j002", "Judge 2") in [(each.judge, each.called and each.called[5:]) for each in kin]
    told = next(each for each in kin if each.judge == "j002")
    assert (told.attribute, told.own, told.others) == (("school", "school"), 6, 42)
    assert told.low < 1.5 < told.high
    assert "unusual_affinity_more" in codes(found)
    assert "unusual_why_affinity" in codes(found)


def test_favouritism_of_all_is_found_together_and_in_both_senses() -> None:
    found = of(favoured(0.7, *range(6)), SCHOOLS, TEACHERS)
    together = found.affinity[0]
    assert (together.judge, together.odds.unusual, together.odds.by) == (None, True, "drawn")
    assert together.low < 0.7 < together.high
    less = of(favoured(-0.7, *range(6)), SCHOOLS, TEACHERS)
    assert less.affinity[0].effect == pytest.approx(together.effect - 1.4, abs=0.03)
    text = next(s.render("en") for s in less.sentences if s.code == "unusual_affinity_less")
    assert text.startswith("The judges together gave 36 proposals of the same school an unusual")
    assert "between 0." in text


@pytest.mark.slow
def test_bound_judges_are_told_as_pairs_and_as_a_group() -> None:
    found = of(bound(3, 50, 9, (2, 5, 6), 1.2))
    group = found.groups[0]
    assert (group.judges, group.odds.unusual) == (("j002", "j005", "j006"), True)
    pairs = {each.judges for each in found.pairs if each.odds.unusual}
    assert pairs >= {("j002", "j005"), ("j002", "j006"), ("j005", "j006")}
    assert {"unusual_group", "unusual_why_groups", "unusual_pair_with", "unusual_why_pairs"} <= set(
        codes(found)
    )


def test_judges_set_against_each_other_are_told_as_unlike() -> None:
    crossed = drawn(4, 50, 5, 5)
    taste = np.random.default_rng(0).normal(0, 1.5, 50)[crossed.proposal]
    sides = np.array([1.0, -1.0, 0, 0, 0])[crossed.judge]
    found = of(moved(crossed, taste * sides))
    assert ("j000", "j001") in [each.judges for each in found.pairs if each.odds.unusual]
    assert "unusual_pair_against" in codes(found)


def test_favours_returned_are_found() -> None:
    crossed = drawn(5, 40, 6, 6)
    teams = {"p000": {"team": "Ann"}, "p001": {"team": "Bo"}, "p002": {"team": "Cy"}}
    names = {"j000": {"name": "Ann"}, "j001": {"name": "Bo"}, "j002": {"name": "Cy"}}
    more = 3.0 * (at(crossed, 0, 1) + at(crossed, 1, 0))
    found = of(moved(crossed, more), teams, names)
    assert len(found.favours) == 3
    best = found.favours[0]
    assert (best.judges, best.odds.by) == (("j000", "j001"), "tails")
    assert min(best.to_first, best.to_second) > 2
    assert best.odds.p <= 1 / 40 / 40 + 1e-9
    assert "unusual_favours" not in codes(found) or best.odds.unusual


def test_favours_need_two_judges_who_marked_each_other() -> None:
    """One has an entry, the other has one that nobody marked."""
    crossed = drawn(5, 40, 6, 6)
    kept = crossed.take(at(crossed, 0, 1) == 0)
    found = of(
        kept,
        {"p000": {"team": "Ann"}, "p001": {"team": "Bo"}},
        {"j000": {"name": "Ann"}, "j001": {"name": "Bo"}},
    )
    assert found.favours == ()
    assert "unusual_no_entries" in codes(found)


def test_labels_play_no_part() -> None:
    """But for draws, which follow the order of the names."""
    crossed = drawn(6, 30, 5, 5)
    order = np.random.default_rng(0).permutation(len(crossed))
    again = Crossed.of(
        [f"q{99 - crossed.proposal[i]:02}" for i in order],
        [f"k{9 - crossed.judge[i]}" for i in order],
        crossed.value[order],
    )
    found, other = of(crossed), of(again)
    assert (found.tests, found.far, found.found) == (other.tests, other.far, other.found)
    one = {each.judges: each.correlation for each in found.pairs}
    two = {
        tuple(sorted(f"j{9 - int(judge[1:]):03}" for judge in each.judges)): each.correlation
        for each in other.pairs
    }
    assert two == {pair: pytest.approx(value, abs=1e-4) for pair, value in one.items()}


def test_same_content_gives_the_same_report() -> None:
    crossed = bound(3, 30, 6, (1, 2), 1.0)
    first, second = (json.dumps(unusual(result_of(crossed)).to_json()) for _ in range(2))
    assert first == second


def test_adjustment_is_over_all_rounds_that_are_told() -> None:
    marks = {
        name: {
            p: {
                j: f"{np.clip(crossed.matrix()[i, k], 0, 10):.2f}"
                for k, j in enumerate(crossed.judges)
            }
            for i, p in enumerate(crossed.proposals)
        }
        for name, crossed in zip(
            ("first", "second"), (drawn(7, 20, 4, 4), drawn(8, 20, 4, 4)), strict=True
        )
    }
    result = run(competition(rounds=marks))
    both, one = unusual(result), unusual(result, "second")
    assert (both.tests, one.tests) == (2 * (80 + 6), 80 + 6)
    assert [each.id for each in one.rounds] == ["second"]
    assert both.rounds[1].pairs[0].odds.adjusted >= one.rounds[0].pairs[0].odds.adjusted


@pytest.mark.parametrize(
    ("crossed", "code"),
    [
        (drawn(1, 3, 3, 3), "unusual_too_few"),
        (drawn(1, 60, 2, 2), "unusual_too_few"),
        (drawn(1, 60, 6, 1), "unusual_too_few"),
        (ADDITIVE, "unusual_all_agree"),
    ],
)
def test_what_cannot_be_told_is_said(crossed: Crossed, code: str) -> None:
    report = unusual(result_of(crossed))
    assert (report.tests, codes(report.rounds[0])) == (0, [code])


def test_identical_ballots_hold_nothing_unusual() -> None:
    marks = {f"p{i}": {f"j{j}": 7 for j in range(6)} for i in range(10)}
    assert codes(unusual(run(competition(marks))).rounds[0]) == ["unusual_all_agree"]


def test_round_without_ballots_says_so() -> None:
    marks = {"p1": {"j1": None}, "p2": {"j1": None}}
    assert codes(unusual(run(competition(marks))).rounds[0]) == ["unusual_no_ballots"]


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "MOST_JUDGES", 5)
    assert codes(of(drawn(1, 30, 6, 3))) == ["unusual_too_many"]
    monkeypatch.setattr(look, "MOST_JUDGES", 6)
    monkeypatch.setattr(look, "MOST_SHUFFLED", 50)
    found = of(drawn(1, 30, 6, 3))
    assert ("unusual_pairs_too_many" in codes(found), found.pairs, found.groups) == (True, (), ())


def test_too_few_shuffles_for_so_many_tests_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.analysis.unusual.finding.MOST_NUMBERS", 1000)
    found = of(drawn(1, 30, 6, 3))
    assert found.untested[-1].params == {"tests": found.tests, "draws": 999}
    assert found.untested[-1].code == "unusual_coarse"


def test_sparse_round_says_what_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = of(drawn(1, 40, 12, 2))
    told = ["unusual_no_marks", "unusual_no_pairs"]
    assert [code for code in codes(found) if code in told] == told
    assert (found.tested, found.detectable) == (0, None)
    assert found.tests == 0
    assert not found.sentences
    few = of(drawn(1, 40, 4, 4))
    assert "unusual_no_groups" in codes(few)
    monkeypatch.setattr("review.stats.together._MOST_ROWS", 100)
    assert "unusual_pairs_left_out" in codes(of(drawn(1, 40, 4, 4)))


def test_too_few_own_proposals_are_said() -> None:
    found = of(
        drawn(1, 20, 4, 4), {"p001": {"school": "a"}, "p002": {"school": "a"}},
        {"j001": {"school": "a"}},
    )  # fmt: skip
    text = next(s.render("en") for s in found.untested if s.code == "unusual_no_own")
    assert text == (
        "Affinity by school was not tested: 2 ballots are on proposals that share it with the"
        " judge. It takes 3 of those by one judge, and 5 others."
    )


def test_no_text_accuses() -> None:
    from review.catalogue.unusual import UNUSUAL  # noqa: PLC0415 -- data for this test alone
    from review.text import translate  # noqa: PLC0415 -- the same

    for text in UNUSUAL.values():
        assert not any(word in text.lower() for word in SHOUT)
        assert not any(word in translate(text, "zh-Hans") for word in SHOUT)


@pytest.mark.slow
def test_level_is_kept_over_whole_reports_when_nothing_is_there() -> None:
    p: list[float] = []
    alarms = []
    for seed in range(24):
        crossed = drawn(500 + seed, 48, 6, 6 if seed % 2 else 4)
        found = of(crossed, SCHOOLS, TEACHERS)
        alarms.append(found.found > 0)
        p += [each.odds.p for each in (*found.pairs, *found.affinity, *found.groups)]
    assert len(p) > 24 * 20
    assert np.mean(np.array(p) < 0.05) <= 0.06
    assert np.mean(alarms) <= 0.1
