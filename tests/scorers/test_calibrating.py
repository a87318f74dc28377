"""The scorers that calibrate judges: what they score, refuse and warn of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review import Field, FieldScores
from review.stats import mixed
from review.testing import score
from review.text import LANGUAGES
from review_plugins.scorers.additive import Additive
from review_plugins.scorers.calibrated import Calibrated
from review_plugins.scorers.least_squares_calibration import LeastSquaresCalibration

ALL = (Additive, Calibrated, LeastSquaresCalibration)
SHARP = (Additive, LeastSquaresCalibration)

Rows = list[tuple[str, str, int]]


def field(rows: Rows) -> Field:
    names, judges, values = zip(*sorted(rows), strict=True)
    return Field(names, judges, values)


def codes(found: FieldScores) -> list[str]:
    return [message.code for message in found.warnings]


def drawn(seed: int = 1, gap: float = 0.0, bridges: int = 0, panels: int = 4) -> Rows:
    """Panels of three judges with ten proposals each, every panel's better by `gap`."""
    dice = np.random.default_rng(seed)
    rows = [
        (f"p{panel}{i}", f"j{panel}{j}", round(50 + 10 * panel * gap + 5 * i + dice.normal(0, 3)))
        for panel in range(panels)
        for i in range(10)
        for j in range(3)
    ]
    rows += [(f"p{(b + 1) % panels}0", f"j{b % panels}0", 50) for b in range(bridges)]
    return rows


def mixed_up(seed: int = 1) -> Rows:
    """Everybody marks three in four."""
    dice = np.random.default_rng(seed)
    severity = dice.normal(0, 8, 8)
    return [
        (f"p{i:02}", f"j{j}", round(30 + 3 * i + severity[j] + dice.normal(0, 4)))
        for i in range(16)
        for j in range(8)
        if (i + j) % 4
    ]


@pytest.mark.parametrize("scorer", ALL)
def test_judges_who_say_the_same_leave_the_order_alone(scorer: Any) -> None:
    marks = {p: {"a": m, "b": m, "c": m} for p, m in {"w": 3, "x": 9, "y": 5, "z": 1}.items()}
    found = score(scorer, marks)
    assert sorted(found, key=found.__getitem__) == ["z", "w", "y", "x"]


@pytest.mark.parametrize("scorer", ALL)
def test_severe_judge_does_not_pull_down_who_was_given_to_them(scorer: Any) -> None:
    """Both new proposals are as good as p2; one of them met the severe judge."""
    severe, mild = 2, 6
    marks = {f"p{i}": {"severe": i + severe, "mild": i + mild, "other": i + mild} for i in range(5)}
    marks |= {"q1": {"severe": 4, "other": 8}, "q2": {"mild": 8, "other": 8}}
    found = score(scorer, marks, options={"least": 3} if scorer is LeastSquaresCalibration else {})
    assert float(found["q1"]) == pytest.approx(float(found["q2"]), abs=0.05)
    assert float(found["q1"]) == pytest.approx(float(found["p2"]), abs=0.05)


def test_calibrated_is_the_prediction_of_the_mixed_model() -> None:
    given_ = field(mixed_up())
    fitted = mixed.fit(given_.crossed())
    found = Calibrated().score_field(given_)
    assert {p: float(s) for p, s in found.scores.items()} == pytest.approx(
        dict(zip(given_.crossed().proposals, fitted.qualities.tolist(), strict=True)), abs=5e-7
    )
    assert codes(found) == []


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
@pytest.mark.parametrize("scorer", ALL)
def test_names_and_order_of_rows_change_nothing(scorer: Any, random: Any) -> None:
    rows = mixed_up()
    judges = [f"j{j}" for j in range(8)]
    names = dict(zip(judges, random.sample(judges, 8), strict=True))
    plain = scorer().score_field(field(rows)).scores
    other = scorer().score_field(field([(p, names[j], v) for p, j, v in rows])).scores
    assert {p: float(s) for p, s in other.items()} == pytest.approx(
        {p: float(s) for p, s in plain.items()}, abs=2e-6
    )


@pytest.mark.parametrize("scorer", SHARP)
def test_least_squares_refuse_parts_that_no_judge_connects(scorer: Any) -> None:
    found = scorer().score_field(field(drawn()))
    assert found.scores == {}
    assert found.refusal is not None
    assert found.refusal.render("en") == (
        f"{scorer.id} cannot compare proposals that no chain of judges connects: "
        "(p00, p01, p02, p03, p04, …), (p10, p11, p12, p13, p14, …), "
        "(p20, p21, p22, p23, p24, …), (p30, p31, p32, p33, p34, …). "
        "Use trimmed_mean, or let some judges mark in both"
    )
    assert "没有任何评委" in found.refusal.render("zh-Hans")


def test_calibrated_says_what_panels_with_strong_proposals_lose() -> None:
    found = Calibrated().score_field(field(drawn(gap=3)))
    (warning,) = found.warnings
    assert warning.code == "calibration_confounded"
    assert warning.render("en") == (
        "calibrated cannot tell severe judges from weak proposals here: the judges fall into 4 "
        "groups that share few proposals or none: (j00, j01, j02), (j10, j11, j12), "
        "(j20, j21, j22), (j30, j31, j32). Of what the marks could tell of how severe these "
        "groups are, shared proposals give 0 %; dealt at random, the same ballots would give 50 % "
        "(p = 0.010). The mean marks of the groups (72.33, 102.40, 132.30, 162.47) differ more "
        "than judges of one group do (p < 0.001): it is likelier that their proposals differ, and "
        "calibrating takes that from them. Against the plain mean it moves 35 of 40 proposals; "
        "p09 moves most, by 24 places"
    )


@pytest.mark.parametrize("scorer", ALL)
def test_bridges_between_panels_are_scored_with_a_warning(scorer: Any) -> None:
    found = scorer().score_field(field(drawn(bridges=4)))
    assert len(found.scores) == 40
    assert codes(found) == ["calibration_confounded"]
    assert "differ no more than judges of one group do" in found.warnings[0].render("en")
    assert "不能说明各组项目水平相当" in found.warnings[0].render("zh-Hans")


def test_marks_that_are_all_alike_are_told_and_not_tested() -> None:
    found = Calibrated().score_field(field([(p, j, 50) for p, j, _ in drawn()]))
    assert set(found.scores.values()) == {50}
    assert "The mean marks of the groups are 50.00, 50.00, 50.00, 50.00." in (
        found.warnings[0].render("en")
    )


def test_parts_are_told_where_no_dealing_would_connect_them() -> None:
    found = Calibrated().score_field(field([(f"p{i:02}", f"j{i % 2}", 40 + i) for i in range(20)]))
    assert found.warnings[0].render("en") == (
        "no chain of judges connects all proposals: (p00, p02, p04, p06, p08, …), "
        "(p01, p03, p05, p07, p09, …). calibrated compares them as if each part had been given "
        "equally good proposals and equally severe judges"
    )


@pytest.mark.parametrize("scorer", ALL)
def test_judges_dealt_at_random_are_not_warned_of(scorer: Any) -> None:
    assert codes(scorer().score_field(field(mixed_up()))) == []


def test_calibrated_of_one_ballot_each_says_what_it_assumes() -> None:
    one = Calibrated().score_field(field([(f"p{i}", f"j{i % 2}", 3 + i) for i in range(8)]))
    assert codes(one) == ["calibrated_parts", "calibrated_single"]
    single = Calibrated().score_field(field([(f"p{i}", "j", 3 + i) for i in range(8)]))
    assert codes(single) == ["calibrated_single", "calibrated_unknown"]
    assert list(single.scores.values()) == sorted(single.scores.values())
    alone = Calibrated().score_field(field([("p", f"j{j}", 3 + j) for j in range(3)]))
    assert alone.scores == {"p": 4}
    assert codes(alone) == ["calibrated_unknown"]


def test_few_ballots_are_drawn_to_the_mean() -> None:
    """Both got nines alone; one of them four, the other a single one."""
    marks: dict[str, dict[str, int]] = {f"p{i}": dict.fromkeys("abcd", i) for i in range(2, 8)}
    for number, (judge, noise) in enumerate(zip("abcd", (-1, 1, -1, 1), strict=True)):
        marks[f"p{2 + number}"][judge] += noise
    found = score(Calibrated, {**marks, "four": dict.fromkeys("abcd", 9), "one": {"a": 9}})
    assert found["one"] < found["four"]


@pytest.mark.parametrize(
    ("rows", "least", "expected"),
    [
        (mixed_up(), 8, []),
        (mixed_up(), 13, ["least_squares_calibration_few"]),
        ([*mixed_up(), ("p01", "late", 40)], 8, ["least_squares_calibration_few"]),
        (
            [*mixed_up(), *((f"p{i:02}", "contrary", 90 - 4 * i) for i in range(16))],
            8,
            ["least_squares_calibration_flat"],
        ),
    ],
)
def test_scales_warn_of_judges_they_cannot_fit(rows: Rows, least: int, expected: list[str]) -> None:
    found = LeastSquaresCalibration({"least": least}).score_field(field(rows))
    assert codes(found) == expected


def test_scales_are_refused_where_nothing_holds_them() -> None:
    rows = [(f"{judge}{i}", judge, 3 + i) for judge in "ad" for i in range(3)]
    rows += [(f"{judge}{i}", f"with {judge}{i}", 4) for judge in "ad" for i in range(3)]
    found = LeastSquaresCalibration({"least": 2}).score_field(field([*rows, ("a0", "d", 5)]))
    assert found.refusal is not None
    assert found.refusal.code == "least_squares_calibration_undetermined"


def test_scales_of_very_many_judges_are_refused() -> None:
    rows = [("p", f"j{j:04}", j % 7) for j in range(1001)]
    found = LeastSquaresCalibration().score_field(field(rows))
    assert found.refusal is not None
    assert found.refusal.render("en") == (
        "least_squares_calibration takes at most 1000 judges, there are 1001. "
        "Use calibrated or additive"
    )


@pytest.mark.parametrize("scorer", ALL)
def test_warnings_are_sentences_in_both_languages(scorer: Any) -> None:
    for message in scorer().score_field(field(drawn(bridges=4))).warnings:
        for language in LANGUAGES:
            assert "{" not in message.render(language)
