"""The command line run in process, and golden text to compare with.

`ACCEPT=1 make fast` writes what is printed now as what is expected; look at the difference.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from review.cli import main
from review.engine.rulings import ruled
from review.messages import Message
from review.model.problem import Place, error, note, warning
from review.model.result import (
    AwardResult,
    ExcludedEffect,
    PassedOver,
    RoundResult,
    ShortlistEntry,
    Standings,
    Winner,
)
from review.model.result import Result as Derived
from review.model.rubric import Rubric

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.model.problem import Problem

GOLDEN = Path(__file__).parents[1] / "golden/cli"


@pytest.fixture
def review() -> Callable[..., Result]:
    """Run `review ARGUMENTS`; an exception that is not told in words is raised."""

    def run(*arguments: object, color: bool = False, **env: str) -> Result:
        return CliRunner(env=env, catch_exceptions=False).invoke(
            main, [str(each) for each in arguments], color=color, prog_name="review"
        )

    return run


@pytest.fixture
def competition(tmp_path: Path, review: Callable[..., Result]) -> Path:
    """What `review init` makes."""
    folder = tmp_path / "ideas"
    review("init", folder)
    return folder


def change(file: Path, *changes: tuple[str, str]) -> None:
    """Replace texts that must be there."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8", newline="\n")


FINAL = """[[rounds]]
id = "final"
entrants = "selection"
rubric = "community-proposal"
marks = "marks/final.csv"

# Prizes."""


@pytest.fixture
def broken(competition: Path) -> Path:
    """A competition with three errors in its marks and rules."""
    change(competition / "marks/selection.csv", ("p1,j1,8.5", "p1,j1,11"), ("p2,j3", "p2,j9"))
    change(competition / "competition.toml", ('by = "community"', 'by = "comunity"'))
    return competition


@pytest.fixture
def undecided(competition: Path) -> Path:
    """A shortlist whose line falls on a tie, and a round that waits for the decision."""
    marks = competition / "marks/selection.csv"
    lines = marks.read_text(encoding="utf-8").splitlines()
    third = [line.replace("p1,", "p2,", 1) for line in lines if line.startswith("p1,")]
    kept = [line for line in lines if not line.startswith("p2,")]
    marks.write_text("\n".join([*kept, *third]) + "\n", encoding="utf-8")
    change(
        competition / "competition.toml",
        ('quotas = [{ by = "community", max = 2 }]\n', ""),
        ("# Prizes.", FINAL),
    )
    header = lines[0].replace(",comment", "")
    (competition / "marks/final.csv").write_text(f"{header}\np6,j1,8,8,8,8\n", encoding="utf-8")
    return competition


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the expected one of that name."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("ACCEPT"):
            file.write_text(text, encoding="utf-8", newline="\n")
        assert text == file.read_text(encoding="utf-8")

    return compare


def title(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh}


TITLES = {
    "p01": title("From Rubbish Corner to Pocket Garden", "垃圾角变口袋花园"),
    "p02": title("A Daily Check-in Chain for Those Living Alone", "独居老人报平安链"),
    "p03": title(
        "Old Granary Oral History", "老仓口述史——听胡同里的长辈讲过去的事情，记录成册传给下一代"
    ),
    "p04": title("Fraud-Proof Theatre", "反诈小剧场"),
    "p05": title("Phones\x1b[31m for\tBeginners", "手机课堂从零学起"),
}

RUBRIC = Rubric.model_validate({"id": "simple", "criteria": [{"id": "need"}]})


def standings(groups: bool = False) -> Standings:  # noqa: FBT001, FBT002
    """Five proposals: two that share a place, two that a criterion separates, one withdrawn."""
    frame = pl.DataFrame(
        {
            "proposal": ["p01", "p02", "p03", "p04", "p05"],
            "group": ["青年 youth", "青年 youth", "长者 elders", "长者 elders", None]
            if groups
            else [None] * 5,
            "rank": [1, 2, 2, 4, None],
            "score": [893, 850, 850, 850, None],
            "subtotal": [893, 850, 850, 850, None],
            "criterion:need": [910, 900, 900, 870, None],
            "part:own": [893, 850, 850, 850, None],
            "ballots": [7, 7, 6, 7, 0],
            "missing": [0, 0, 4, 0, 0],
            "status": [None, None, None, None, "withdrawn"],
            "tie_with": [[], ["p03", "p04"], ["p02", "p04"], ["p02", "p03"], []],
            "tie_by": [None, "share", "share", "criterion:need", None],
        },
        schema_overrides={"group": pl.String, "tie_with": pl.List(pl.String)},
    )
    places = dict.fromkeys(("score", "subtotal", "criterion:need", "part:own"), 2)
    moved = title("moved away", "已搬离")
    reasons = {
        "p05": Message(
            "status_with_reason", {"status": Message("status_withdrawn"), "reason": moved}
        )
    }
    return Standings(frame, places, TITLES, reasons)


def round_result(**changes: Any) -> RoundResult:
    """A round whose shortlist shows every status."""
    entries = (
        ShortlistEntry("p01", 1, "in", Message("within_size", {"size": 2})),
        ShortlistEntry("p02", None, "undecided", Message("tie_at_line", {"with_": ["p03"]})),
        ShortlistEntry("p03", None, "undecided", Message("tie_at_line", {"with_": ["p02"]})),
        ShortlistEntry("p04", None, "out", Message("beyond_size", {"size": 2})),
        ShortlistEntry("p05", None, "ineligible", Message("status_withdrawn")),
    )
    values: dict[str, Any] = {
        "id": "selection",
        "title": title("Selection", "立项评审"),
        "rubric": RUBRIC,
        "standings": standings(),
        "shortlist": entries,
        "expected": 1500,
        "marked": 1490,
        "missing": 4,
        "excluded": (("e2", "p01", "coached the team 辅导过该团队"),),
        "excluded_effect": (ExcludedEffect("p01", 1, 2), ExcludedEffect("p05", None, 5)),
    }
    return RoundResult(**{**values, **changes})


def award_result(**changes: Any) -> AwardResult:
    """An award with two tiers, a vacancy and somebody passed over."""
    first, second = title("First prize", "一等奖"), title("Second prize", "二等奖")
    best = Message("award_best", {"value": "8.93"})
    shared = Message("award_ex_aequo", {"place": 2, "value": "8.50", "with_": ["p03"]})
    values: dict[str, Any] = {
        "id": "shining-star",
        "award": "shining_star",
        "title": title("Shining Star", "星星闪耀"),
        "round": "selection",
        "winners": (
            Winner(1, 0, "p01", TITLES["p01"], Decimal("8.93"), best, None, first),
            Winner(2, 1, "p02", TITLES["p02"], Decimal("8.50"), shared, None, second),
        ),
        "vacant": 1,
        "passed_over": (
            PassedOver("p04", TITLES["p04"], Decimal("8.50"), Message("passed_not_shortlisted")),
        ),
    }
    return AwardResult(**{**values, **changes})


@pytest.fixture
def made() -> Derived:
    """A result that shows everything a result can hold."""
    empty = award_result(id="empty", title={}, winners=(), passed_over=(), vacant=0)
    by_group = round_result(
        id="groups",
        title={},
        standings=standings(groups=True),
        shortlist=None,
        missing=0,
        excluded=(),
        excluded_effect=(),
    )
    nobody = round_result(
        id="nobody",
        title=title("Nobody", "无人入围"),
        shortlist=round_result().shortlist[3:],  # type: ignore[index]
        expected=0,
        marked=0,
        missing=0,
    )
    by_jury = ruled("award_decision", {"by": "jury", "second": None, "why": "hm"})
    by_category = award_result(
        id="by-category",
        title=title("Best of its category", "分类最佳"),
        winners=(
            Winner(1, 0, "p03", TITLES["p03"], None, by_jury, "Culture 文化"),
        ),
        vacant=0,
        passed_over=(),
    )  # fmt: skip
    return Derived(
        competition="star-plan-2024",
        title=title("Star Selection Plan 2024", "2024年“星选计划”"),
        state="provisional",
        content="sha256:0",
        rules="sha256:0",
        rounds=(round_result(), by_group, nobody),
        awards=(award_result(), empty, by_category),
        problems=(),
        source=None,  # type: ignore[arg-type]
        manifest=MappingProxyType({}),
    )


@pytest.fixture
def problems() -> tuple[Problem, ...]:
    """One problem of each kind of place and severity."""
    tie = Message("tie_refused", {"round": "selection", "proposals": ["p01", "p02"]})
    gap = Message(
        "incomplete_ballot_renormalised",
        {"round": "selection", "judge": "e1", "proposal": "p01", "criteria": ["need", "brand"]},
    )
    return (
        error(tie),
        warning(gap, Place("marks.csv", None, 14, "innovation"), value="11\x07"),
        note(gap, Place("marks.csv", None, 15)),
        error(
            gap,
            Place("打分表.xlsx", "初评", 3, "C"),
            value="need",
            hint=Message("hint_headroom"),
        ),
        error(gap, Place("proposals.json", None, "/3/title")),
    )
