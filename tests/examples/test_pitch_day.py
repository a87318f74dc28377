from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

Result = dict[str, Any]


@pytest.fixture(scope="module")
def result(run: Callable[[str], Result]) -> Result:
    return run("pitch-day-xlsx")


def standings(result: Result, number: int) -> list[tuple[str, int, float]]:
    rows = result["rounds"][number]["standings"]
    return [(row["proposal"], row["rank"], row["score"]) for row in rows]


def few(ballots: dict[str, int]) -> dict[str, int]:
    return {proposal: number for proposal, number in ballots.items() if number != 5}


def test_first_round_sums_the_points_of_the_middle_three_sheets(result: Result) -> None:
    assert standings(result, 0) == [
        ("2025004", 1, 89.67),
        ("2025009", 2, 86.67),
        ("2025002", 3, 85.67),
        ("2025005", 4, 84),
        ("2025006", 5, 80.67),
        ("2025010", 6, 78.67),
        ("2025001", 7, 78.67),
        ("2025007", 8, 77),
        ("2025003", 9, 72.33),
        ("2025012", 10, 67.67),
        ("2025011", 11, 66),
        ("2025008", 12, 62.33),
    ]


def test_pitch_weighs_both_rounds_and_takes_off_overtime(result: Result) -> None:
    assert standings(result, 1) == [
        ("2025002", 1, 88.47),
        ("2025006", 2, 88.27),
        ("2025009", 3, 86.67),
        ("2025004", 4, 84.87),
        ("2025005", 5, 81.9),
        ("2025010", 6, 81.87),
        ("2025001", 7, 80.97),
        ("2025007", 8, 76.2),
    ]


def test_overtime_costs_the_best_of_the_first_round_the_first_prize(result: Result) -> None:
    row = next(r for r in result["rounds"][1]["standings"] if r["proposal"] == "2025004")
    assert row["parts"]["fact:overtime_deduction"] == -4


def test_prizes_are_given_in_three_tiers(result: Result) -> None:
    (prizes,) = result["awards"]
    assert [(w["tier"], w["proposal"]) for w in prizes["winners"]] == [
        (0, "2025002"),
        (1, "2025006"),
        (1, "2025009"),
        (2, "2025004"),
        (2, "2025005"),
        (2, "2025010"),
    ]


def test_judges_who_were_absent_or_stood_aside_do_not_count(result: Result) -> None:
    ballots = [
        {r["proposal"]: r["ballots"] for r in part["standings"]} for part in result["rounds"]
    ]
    assert [few(counted) for counted in ballots] == [
        {"2025005": 4},
        {"2025001": 4, "2025005": 4},
    ]


def test_equal_scores_of_the_first_round_go_by_market_need(result: Result) -> None:
    tied = {r["proposal"]: r["tie"] for r in result["rounds"][0]["standings"] if r["tie"]}
    assert tied == {
        "2025010": {"with": ["2025001"], "by": "criterion:market"},
        "2025001": {"with": ["2025010"], "by": "criterion:market"},
    }


def test_only_the_row_of_totals_is_worth_a_warning(check: Callable[[str], Result]) -> None:
    problems = check("pitch-day-xlsx")["problems"]
    warnings = [p for p in problems if p["severity"] != "note"]
    assert [(p["code"], p["file"], p["value"]) for p in warnings] == [
        ("row_of_totals", "报名表.xlsx", "合计")
    ]


def test_titles_are_in_two_languages(result: Result) -> None:
    titles = {row["proposal"]: row["title"] for row in result["rounds"][0]["standings"]}
    assert titles["2025005"] == {"en": "Heritage Kites", "zh-Hans": "非遗风筝文创"}
