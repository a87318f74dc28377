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
        ("2025001", 5, 81.87),
        ("2025010", 6, 81.87),
        ("2025005", 7, 79.2),
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
        (2, "2025001"),
        (2, "2025010"),
    ]


def test_titles_are_in_two_languages(result: Result) -> None:
    titles = {row["proposal"]: row["title"] for row in result["rounds"][0]["standings"]}
    assert titles["2025005"] == {"en": "Heritage Kites", "zh-Hans": "非遗风筝文创"}
