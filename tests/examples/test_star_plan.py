from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]
Result = dict[str, Any]

KNOWN_COMMUNITIES = {"复兴南里", "果园西", "后南仓", "玉带路", "中山街"}
CATEGORIES = {
    "安全宣传", "便民服务", "环境清理", "邻里融合", "楼门建设", "文化教育", "文体活动", "助老帮扶",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(examples: Path) -> Path:
    return examples / "star-plan-2024"


@pytest.fixture(scope="module")
def result(run: Callable[[str], Result]) -> Result:
    return run("star-plan-2024")


@pytest.fixture(scope="module")
def proposals(folder: Path) -> Rows:
    return read(folder / "proposals.csv")


@pytest.fixture(scope="module")
def activities(folder: Path) -> Rows:
    return read(folder / "activities.csv")


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def chinese(text: str) -> str:
    return text.rsplit(" ", 1)[1]


def shortlist(result: Result, status: str) -> list[str]:
    return [row["proposal"] for row in result["rounds"][0]["shortlist"] if row["status"] == status]


def winners(result: Result) -> dict[str, list[str]]:
    return {a["id"]: [w["proposal"] for w in a["winners"]] for a in result["awards"]}


def test_proposals_are_fifty_from_thirteen_communities(proposals: Rows) -> None:
    communities = {chinese(row["community"]) for row in proposals}
    assert (len(proposals), len(communities)) == (50, 13)
    assert communities >= KNOWN_COMMUNITIES


def test_proposals_are_in_the_eight_categories(proposals: Rows) -> None:
    assert {chinese(row["category"]) for row in proposals} == CATEGORIES


def test_titles_are_in_two_languages(proposals: Rows, activities: Rows) -> None:
    for row in proposals + activities:
        assert row["title"].isascii()
        assert row["title_zh-Hans"] > "一"


def test_activities_come_to_the_known_totals(activities: Rows, result: Result) -> None:
    direct = sum(int(row["direct"]) for row in activities)
    indirect = sum(int(row["indirect"]) for row in activities)
    assert (len(activities), direct, indirect) == (115, 2061, 4089)
    assert {row["proposal"] for row in activities} == set(shortlist(result, "in"))
    assert {chinese(row["category"]) for row in activities} == CATEGORIES


def test_fourteen_are_selected_and_three_wait(result: Result) -> None:
    assert shortlist(result, "in") == [
        "p36", "p02", "p15", "p28", "p03", "p43", "p04",
        "p47", "p17", "p05", "p18", "p01", "p26", "p34",
    ]  # fmt: skip
    assert shortlist(result, "reserve")[0] == "p40"
    assert len(shortlist(result, "reserve")) == 3


def test_selection_keeps_caps_and_floors(result: Result, proposals: Rows) -> None:
    of = {row["id"]: row for row in proposals}
    selected = [of[proposal] for proposal in shortlist(result, "in")]
    assert max(Counter(row["community"] for row in selected).values()) == 2
    assert {chinese(row["category"]) for row in selected} == CATEGORIES
    assert {chinese(row["community"]) for row in selected} >= KNOWN_COMMUNITIES


def test_cap_keeps_out_two_that_rank_within_the_size(result: Result) -> None:
    selected = set(shortlist(result, "in"))
    high = [row for row in result["rounds"][0]["standings"] if row["rank"] and row["rank"] <= 14]
    assert [row["proposal"] for row in high if row["proposal"] not in selected] == ["p37", "p24"]


def test_tie_is_broken_by_need(result: Result) -> None:
    standings = {row["proposal"]: row for row in result["rounds"][0]["standings"]}
    first, second = standings["p04"], standings["p47"]
    assert (first["score"], second["score"]) == (8.46, 8.46)
    assert (first["rank"], second["rank"]) == (8, 9)
    assert first["tie"] == {"with": ["p47"], "by": "criterion:need"}


def test_withdrawn_proposal_stays_last_without_rank(result: Result) -> None:
    last = result["rounds"][0]["standings"][-1]
    assert (last["rank"], last["score"], last["status"]) == (None, None, "withdrawn")


def test_three_awards_go_to_different_teams(result: Result, proposals: Rows) -> None:
    team = {row["id"]: row["team"] for row in proposals}
    given = winners(result)
    assert given == {
        "shining-star": ["p36", "p02", "p28"],
        "cohesion": ["p15"],
        "brand-innovation": ["p03"],
    }
    everybody = [team[proposal] for who in given.values() for proposal in who]
    assert len(set(everybody)) == len(everybody)


def test_run_has_no_error_and_notes_the_forgotten_mark(result: Result) -> None:
    assert "error" not in {problem["severity"] for problem in result["problems"]}
    selection = {row["proposal"]: row for row in result["rounds"][0]["standings"]}
    assert sum(row["missing"] for row in selection.values()) == 1
