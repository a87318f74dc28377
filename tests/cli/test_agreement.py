"""`review agreement` as people and programs read it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl
import pytest
from wcwidth import wcswidth

from review.analysis.agreement.measuring import agreement
from review.cli.agreement_tables import agreement_lines
from review.testing import competition as made_of
from review.testing import run
from review.text import LANGUAGES, using
from tests.analysis.test_agreement import panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_of_the_founding_case(
    review: Callable[..., Result], golden: Callable[[str, str], None], language: str
) -> None:
    done = review("agreement", STAR_PLAN, "--round", "showcase", "--lang", language)
    assert done.exit_code == 0
    golden(f"agreement-showcase.{language}", done.stdout)


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_keeps_to_eighty_columns(review: Callable[..., Result], language: str) -> None:
    done = review("agreement", STAR_PLAN, "--lang", language)
    assert [line for line in done.stdout.splitlines() if wcswidth(line) > 80] == []


def test_json_is_the_report_alone(review: Callable[..., Result]) -> None:
    done = review("agreement", STAR_PLAN, "--json")
    found = json.loads(done.stdout)
    assert list(found) == ["schema", "competition", "title", "content", "rules", "rounds"]
    assert [each["id"] for each in found["rounds"]] == ["selection", "showcase"]
    assert (done.exit_code, done.stderr) == (0, "")


def test_round_that_is_not_there_is_told(review: Callable[..., Result]) -> None:
    done = review("agreement", STAR_PLAN, "--round", "final")
    assert done.exit_code == 1
    assert done.stderr == "Error: there is no round “final”; there are selection, showcase\n"
    told = review("agreement", STAR_PLAN, "--round", "final", "--json")
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert (found["competition"], found["problems"][0]["code"]) == (
        "star-plan-2024",
        "explain_no_round",
    )


def test_errors_in_data_are_told_as_json(review: Callable[..., Result], broken: Path) -> None:
    done = review("agreement", broken, "--json")
    assert done.exit_code == 1
    assert len([p for p in json.loads(done.stdout)["problems"] if p["severity"] == "error"]) == 3


def printed(loaded: Any) -> str:
    return click.unstyle("\n".join(agreement_lines(agreement(run(loaded)))))


def timed(n: int = 20) -> Any:
    loaded = made_of(panel(n, 3))
    start = datetime(2024, 9, 2, 10)  # noqa: DTZ001 -- times are held without a zone
    rows = [
        ("round", f"p{p:02}", j, "overall", start + timedelta(minutes=p))
        for p in range(n)
        for j in ("j0", "j1")
    ]
    columns = ["round", "proposal", "judge", "criterion", "at"]
    return replace(loaded, times=pl.DataFrame(rows, schema=columns, orient="row"))


def test_drift_has_a_table_of_its_own_where_times_are_known() -> None:
    text = printed(timed())
    table = text[text.index("With a time") :].splitlines()
    assert [line.split()[:2] for line in table[2:4]] == [["j0", "20"], ["j1", "20"]]
    assert "Drift" not in printed(made_of(panel(20, 3)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_wide_numbers_keep_to_eighty_columns(language: Any) -> None:
    marks = {
        p: {j: str(int(float(mark) * 10)) for j, mark in row.items()}
        for p, row in panel(40, 8, severity=2).items()
    }
    with using(language):
        text = printed(made_of(marks, rubric={"scale": {"min": 0, "max": 100}}))
    assert [line for line in text.splitlines() if wcswidth(line) > 80] == []


def test_complete_tables_have_intervals() -> None:
    text = printed(made_of(panel()))
    assert "In brackets: 95 % intervals.\n" in text
    assert "REML" not in text


def test_little_is_printed_where_little_can_be_told() -> None:
    assert printed(made_of({"p1": {"j1": 5}})).splitlines() == [
        "competition",
        "",
        "round: how far the judges agree",
        "- There is one proposal, so it cannot be told how far the judges agree.",
    ]
    equal = printed(made_of({p: {"j1": 5, "j2": 5} for p in ("p1", "p2")}))
    assert "In all           –          –      –  interval  –  –" in equal
    assert "Worth a second look" not in equal


def test_numbers_of_equal_judges_are_short() -> None:
    """No interval around what is certain, no sign before zero, `–` for what is not known."""
    text = printed(made_of({f"p{n}": {"j1": n, "j2": n} for n in range(1, 9)}))
    assert "0.00 (0.00 to 0.00)" in text
    few = {"p1": {"j1": 5, "j2": 7}, "p2": {"j1": 7, "j2": 5}, "p3": {"j1": 6}}
    assert "Judges needed for 0.7: – for the order, – for the marks;" in printed(made_of(few))
