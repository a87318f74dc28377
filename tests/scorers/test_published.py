"""Published answers come out; the cases are data, each with its source."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from review.testing import competition, run

CASES = Path(__file__).parents[1] / "golden" / "methods"
SKATING = json.loads((CASES / "trimmed_mean-figure-skating.json").read_text("utf-8"))
GRADED = sorted(CASES.glob("majority_judgment-*.json"))


def read(name: str) -> Any:
    return json.loads((CASES / name).read_text("utf-8"))


def test_every_case_names_its_source() -> None:
    assert [path.name for path in CASES.iterdir() if not read(path.name).get("source")] == []


def test_borda_count_is_that_of_the_capital_of_tennessee() -> None:
    case = read("borda-tennessee.json")
    marks: dict[str, dict[str, int]] = {city: {} for city in case["scores"]}
    voters = [group for group in case["groups"] for _ in range(group["voters"])]
    for number, group in enumerate(voters):
        for place, city in enumerate(group["order"]):
            marks[city][f"v{number:03}"] = 4 - place
    (found,) = run(competition(marks, rubric={"scorer": "borda", "decimals": 0})).rounds
    assert [(s.rank, s.proposal, s.score) for s in found.standings] == [
        (rank, city, Decimal(score)) for rank, (city, score) in enumerate(case["scores"].items(), 1)
    ]


@pytest.mark.parametrize("path", GRADED, ids=lambda path: path.stem)
def test_majority_judgment_gives_the_published_grades_and_order(path: Path) -> None:
    case = read(path.name)
    grades = list(reversed(case["grades"]))
    marks = {name: ballots(shares) for name, shares in case["percent"].items()}
    rubric = {"scorer": "majority_judgment", "decimals": 0, "ties": ["refuse"]}
    (found,) = run(competition(marks, rubric=rubric)).rounds
    order = [[s.proposal, grades[int(s.score or 0)]] for s in found.standings]
    assert order == case["order"]


def ballots(shares: list[str]) -> dict[str, int]:
    """One judge for each last digit of a percentage; shares from the best grade to the worst."""
    places = max(len(share.partition(".")[2]) for share in shares)
    counts = [int(Decimal(share).scaleb(places)) for share in reversed(shares)]
    given = [grade for grade, count in enumerate(counts) for _ in range(count)]
    return {f"v{number:05}": grade for number, grade in enumerate(given)}


@pytest.mark.parametrize("case", SKATING["performances"], ids=lambda case: str(case["id"]))
def test_trimmed_mean_gives_the_published_panel_and_component_scores(case: dict[str, Any]) -> None:
    by_judge: dict[str, dict[str, Any]] = {}
    for component, marks in case["marks"].items():
        for judge, mark in marks.items():
            by_judge.setdefault(judge, {})[component] = mark
    rubric = {
        "scorer": {"name": "trimmed_mean", "drop": 1},
        "order": "criterion-first",
        "report": "sum",
        "rounding": {"criterion": 2, "weighted": 2},
        "criteria": [{"id": c, "weight": factor} for c, factor in case["factors"].items()],
    }
    (found,) = run(competition({"skater": by_judge}, rubric=rubric)).rounds
    (standing,) = found.standings
    panel = {c: Decimal(score) for c, score in case["panel_scores"].items()}
    assert (standing.criteria, standing.score) == (panel, Decimal(case["component_score"]))
