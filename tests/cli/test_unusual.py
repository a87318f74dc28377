from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from wcwidth import wcswidth

from review.analysis.unusual.report import Odds
from review.cli import unusual_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"
ROUND = """format = 1
id = "fair"
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "final"
rubric = "overall"
marks = "marks.csv"
"""
RUBRIC = """id = "overall"
scorer = "trimmed_mean"
[[criteria]]
id = "overall"
"""


def write(file: Path, header: str, *rows: object) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(header.split(","))
        out.writerows(rows)  # type: ignore[arg-type]


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    """Ten judges; j1 gives own school 3 more, p20 is put down by j2, j3 and j4 mark as one."""
    (tmp_path / "competition.toml").write_text(ROUND, encoding="utf-8")
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics/overall.toml").write_text(RUBRIC, encoding="utf-8")
    write(
        tmp_path / "proposals.csv",
        "id,title,school",
        *[(f"p{i}", f"Idea {i}", "east" if i % 6 == 0 else "west") for i in range(1, 37)],
    )
    write(
        tmp_path / "judges.csv",
        "id,name,school",
        *[(f"j{j}", f"评委 Judge {j}", "east" if j == 1 else "") for j in range(1, 11)],
    )
    rows = []
    for i in range(1, 37):
        for j in range(1, 11):
            wave = (i * 37 + j * 71 + (i * j) ** 2 % 23 * 13) % 11 / 10 - 0.5
            mark = 4 + i % 5 / 3 + j % 3 / 4 + wave
            mark += 2.0 if j == 1 and i % 6 == 0 else 0
            mark += 1.5 * ((i * 17) % 7 / 3 - 1) if j in {3, 4} else 0
            mark -= 3.5 if (i, j) == (20, 2) else 0
            rows.append((f"p{i}", f"j{j}", "overall", f"{mark:.2f}"))
    write(tmp_path / "marks.csv", "proposal,judge,criterion,mark", *rows)
    return tmp_path


def test_report_on_the_founding_case(
    review: Callable[..., Result], golden: Callable[[str, str], None]
) -> None:
    done = review("unusual", STAR_PLAN, "--lang", "en")
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80
    golden("unusual.en", done.stdout)


def test_report_speaks_chinese(review: Callable[..., Result]) -> None:
    done = review("unusual", STAR_PLAN, "--round", "showcase", "--lang", "zh-Hans")
    assert "不寻常" in done.stdout
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80


def test_what_is_unusual_is_told_with_tables(
    partial: Path, review: Callable[..., Result], golden: Callable[[str, str], None]
) -> None:
    done = review("unusual", partial, "--lang", "en")
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80
    golden("unusual-partial.en", done.stdout)


def test_json_is_the_report_and_nothing_else(partial: Path, review: Callable[..., Result]) -> None:
    done = review("unusual", partial, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["competition"], report["schema"]) == (0, "fair", 1)
    assert [each["id"] for each in report["rounds"]] == ["final"]
    assert report["tests"] == report["rounds"][0]["tests"] == 360 + 45 + 1 + 1
    kin = report["rounds"][0]["affinity"][0]
    assert (kin["judge"], kin["own"], kin["unusual"]) == ("j1", 6, True)
    assert done.stdout == review("unusual", partial, "--json").stdout


def test_unknown_round_is_told(partial: Path, review: Callable[..., Result]) -> None:
    done = review("unusual", partial, "--round", "first")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: there is no round “first”; there are final\n"


def test_error_in_data_is_told_as_json(broken: Path, review: Callable[..., Result]) -> None:
    done = review("unusual", broken, "--json")
    assert done.exit_code == 1
    assert {problem["severity"] for problem in json.loads(done.stdout)["problems"]} >= {"error"}


def test_report_without_a_test_says_why_and_no_more(
    competition: Path, review: Callable[..., Result]
) -> None:
    marks = competition / "marks/selection.csv"
    header, *lines = marks.read_text(encoding="utf-8").splitlines()
    kept = [header, *(line for line in lines if ",j1," in line)]
    marks.write_text("\n".join(kept) + "\n", encoding="utf-8")
    done = review("unusual", competition)
    assert "Too few ballots" in done.stdout
    assert "tests in all" not in done.stdout


@pytest.mark.parametrize(("p", "words"), [(0.3, "0.30"), (0.0042, "0.0042"), (0.00002, "<0.0001")])
def test_probabilities_are_as_short_as_they_can_be(p: float, words: str) -> None:
    assert unusual_tables._odds(Odds(p, p, "t"))[0] == words  # noqa: SLF001
