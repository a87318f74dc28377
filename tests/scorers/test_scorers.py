"""Each scorer on its own: options, edges, what it refuses and what it warns of."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from review import Field
from review.errors import ReviewError
from review.plugin.manager import Plugins
from review.testing import check_part, score
from review_plugins.scorers import SCORERS
from review_plugins.scorers.borda import Borda
from review_plugins.scorers.majority_judgment import MajorityJudgment
from review_plugins.scorers.median import Median
from review_plugins.scorers.trimmed_mean import TrimmedMean
from review_plugins.scorers.weighted_mean import WeightedMean
from review_plugins.scorers.z_score import ZScore

if TYPE_CHECKING:
    from collections.abc import Mapping


def panel(*marks: int | str) -> dict[str, dict[str, int | str]]:
    return {"p": {f"j{n}": mark for n, mark in enumerate(marks)}}


def of_panel(scorer: Any, *marks: int | str, **options: Any) -> Fraction | None:
    return score(scorer, panel(*marks), options=options).get("p")


@pytest.mark.parametrize("part", SCORERS, ids=lambda part: part.id)
def test_scorer_keeps_the_contract(part: Any) -> None:
    check_part(part)


def test_scorers_are_registered() -> None:
    assert set(Plugins.load().scorers()) == {part.id for part in SCORERS}


def test_weighted_mean_is_the_mean() -> None:
    assert of_panel(WeightedMean, "7.5", 8, -1) == Fraction("14.5") / 3


@pytest.mark.parametrize(
    ("marks", "expected"),
    [((4,), 4), ((4, 7), "5.5"), ((9, 1, 5), 5), ((1, 9, 4, 6), 5), ((-3, -3, 2, 2), "-0.5")],
)
def test_median_is_the_middle_or_the_mean_of_two(marks: tuple[int, ...], expected: Any) -> None:
    assert of_panel(Median, *marks) == Fraction(expected)


@pytest.mark.parametrize(
    ("marks", "options", "expected"),
    [
        ((1, 5, 9), {}, 5),
        ((1, 5), {}, 3),
        ((1, 5, 6, 9), {}, "5.5"),
        ((1, 2, 5, 8, 9), {"drop": 2}, 5),
        ((1, 2, 8, 9), {"drop": 2}, 5),
        ((1, 2, 9), {"drop": 2, "below": "median"}, 2),
        ((1, 2, 4, 9), {"drop": 2, "below": "median"}, 3),
        ((1, 5), {"below": "none"}, None),
        ((1, 5, 6), {"min_ballots": 4, "below": "mean"}, 4),
        ((1, 5, 6), {"drop": 0}, 4),
        ((0, 1, 2, 3, 14), {"share": "0.2"}, 2),
        ((0, 1, 2, 13), {"share": "0.2"}, 4),
        ((0, 1, 2, 13), {"share": "0.49"}, "1.5"),
        ((0, 1, 2, 13), {"share": "0.25", "min_ballots": 5, "below": "median"}, "1.5"),
    ],
)
def test_trimmed_mean_leaves_out_both_ends(
    marks: tuple[int, ...], options: Mapping[str, Any], expected: Any
) -> None:
    found = of_panel(TrimmedMean, *marks, **options)
    assert found == (None if expected is None else Fraction(expected))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"drop": 1, "share": "0.1"}, "either `drop` or `share`, not both"),
        ({"drop": 2, "min_ballots": 4}, "`min_ballots` must be at least 5 when 2 are dropped"),
        ({"min_ballots": 2}, "`min_ballots` must be at least 3 when 1 are dropped"),
        ({"share": "0.5"}, "less than Decimal"),
        ({"share": 0}, "greater than 0"),
        ({"drop": -1}, "greater than or equal to 0"),
        ({"below": "zero"}, "'mean', 'median' or 'none'"),
        ({"trim": 1}, "Extra inputs are not permitted"),
    ],
)
def test_trimmed_mean_refuses_options_that_leave_nothing(
    options: Mapping[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        TrimmedMean(options)


def test_majority_judgment_is_the_lower_median() -> None:
    assert of_panel(MajorityJudgment, 1, 4, 6, 9) == 4


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((5, 5, 9), (5, 5, 8)),
        ((4, 5, 5), (3, 5, 9)),
        ((5, 5), (5, 4)),
        ((4, 5, 6, 7), (4, 5, 5, 9)),
        ((5, 6), (4, 5, 6, 9)),
    ],
)
def test_majority_judgment_tells_equal_medians_apart(
    better: tuple[int, ...], worse: tuple[int, ...]
) -> None:
    rows = [("a", f"j{n}", v) for n, v in enumerate(better)]
    rows += [("b", f"j{n}", v) for n, v in enumerate(worse)]
    names, judges, values = zip(*rows, strict=True)
    finer = MajorityJudgment().score_field(Field(names, judges, values)).finer
    assert finer is not None
    assert finer["a"] > finer["b"]


def test_majority_judgment_of_a_panel_and_of_its_double_is_the_same() -> None:
    rows = [("a", f"j{n}", v) for n, v in enumerate((3, 5, 8))]
    rows += [("b", f"j{n}", v) for n, v in enumerate((3, 5, 8, 3, 5, 8))]
    names, judges, values = zip(*rows, strict=True)
    assert MajorityJudgment().score_field(Field(names, judges, values)).finer == {"a": 0, "b": 0}


def test_borda_counts_who_was_marked_lower_and_half_of_equals() -> None:
    marks = {"a": {"x": 9, "y": 5}, "b": {"x": 7, "y": 5}, "c": {"x": 7, "y": 1}}
    assert score(Borda, marks) == {"a": Fraction("3.5"), "b": 2, "c": Fraction("0.5")}


def test_borda_of_different_panels_takes_shares() -> None:
    marks = {"a": {"x": 9, "y": 5}, "b": {"x": 7}, "c": {"y": 1}, "d": {"y": 9}}
    assert score(Borda, marks) == {"a": Fraction(9, 2), "b": 0, "c": 0, "d": 6}


def test_borda_leaves_out_judges_who_compared_nothing() -> None:
    marks = {"a": {"x": 9}, "b": {"x": 7}, "c": {"y": 9}}
    assert score(Borda, marks) == {"a": 2, "b": 0}


def test_borda_of_one_proposal_alone_is_nothing_to_win() -> None:
    assert score(Borda, {"a": {"x": 9, "y": 3}}) == {"a": 0}


def test_z_score_brings_marks_back_to_the_scale() -> None:
    """A judge who spreads twice as far says the same: mean 5, standard deviation √(20/7)."""
    marks = {
        "a": {"x": 6, "y": 8}, "b": {"x": 5, "y": 5}, "c": {"x": 4, "y": 2}, "d": {"x": 5, "y": 5},
    }  # fmt: skip
    assert score(ZScore, marks) == {
        "a": Fraction("7.070197"), "b": 5, "c": Fraction("2.929803"), "d": 5,
    }  # fmt: skip


def test_z_score_takes_halves_away_from_zero() -> None:
    """Brought back to its own scale, a single judge's mark is the mark again."""
    marks = {"a": {"x": "0.0000005"}, "b": {"x": "-0.0000005"}, "c": {"x": "0"}}
    assert score(ZScore, marks) == {"a": Fraction(1, 10**6), "b": Fraction(-1, 10**6), "c": 0}


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        ({"a": {"x": 1}, "b": {"x": 2}, "c": {"y": 1}, "d": {"y": 2}}, "z_score_disconnected"),
        ({"a": {"x": 5, "y": 1}, "b": {"x": 5, "y": 2}}, "z_score_constant"),
        ({"a": {"x": 5}}, "z_score_constant"),
    ],
)
def test_z_score_refuses_what_it_cannot_compare(marks: Any, code: str) -> None:
    with pytest.raises(ReviewError) as found:
        score(ZScore, marks)
    assert found.value.message.code == code


def test_z_score_joins_proposals_by_any_chain_of_judges() -> None:
    marks = {"a": {"x": 1}, "b": {"x": 2, "z": 3}, "c": {"y": 1, "z": 4}, "d": {"y": 2}}
    assert set(score(ZScore, marks)) == {"a", "b", "c", "d"}


def warnings(marks: Mapping[str, Mapping[str, int]], **options: Any) -> list[str]:
    rows = [(p, j, v) for p, row in marks.items() for j, v in row.items()]
    names, judges, values = zip(*rows, strict=True)
    found = ZScore(options).score_field(Field(names, judges, values))
    return [message.code for message in found.warnings]


def test_z_score_warns_of_noise_and_of_different_proposals() -> None:
    few: dict[str, dict[str, int]] = {"a": {"x": 1, "y": 2}, "b": {"x": 2, "y": 1}}
    assert warnings(few) == ["z_score_few"]
    assert warnings(few, least=2) == []
    assert warnings({**few, "c": {"x": 7}}) == ["z_score_few", "z_score_different"]
    assert warnings({f"p{n}": {"x": n, "y": n} for n in range(8)}) == []
