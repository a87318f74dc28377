"""`review compare` as people and programs read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from wcwidth import wcswidth

from review.text import LANGUAGES
from tests.analysis.test_comparing_by_hand import some

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


@pytest.mark.slow
def test_report_of_the_founding_case(
    review: Callable[..., Result], golden: Callable[[str, str], None]
) -> None:
    done = review("compare", STAR_PLAN)
    assert done.exit_code == 0
    golden("compare", done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_report_keeps_to_eighty_columns(review: Callable[..., Result], language: str) -> None:
    done = review("compare", STAR_PLAN, "--draws", "2", "--lang", language)
    assert [line for line in done.stdout.splitlines() if wcswidth(line) > 80] == []


def test_json_is_the_report_alone(review: Callable[..., Result], small: Path) -> None:
    done = review("compare", small, "--json", "--draws", "3", "--scorers", "median, borda")
    found = json.loads(done.stdout)
    assert list(found) == ["schema", "competition", "title", "content", "rules", "rounds"]
    assert [each["id"] for each in found["rounds"]] == ["first", "last"]
    methods = found["rounds"][0]["methods"]["methods"]
    assert [m["id"] for m in methods] == ["weighted_mean", "median", "borda"]
    assert found["rounds"][0]["weights"]["asked"] == 3
    assert (done.exit_code, done.stderr) == (0, "")


def test_one_round_is_told_alone(review: Callable[..., Result], small: Path) -> None:
    done = review("compare", small, "--round", "last", "--draws", "2", "--scorers", "median")
    assert "first: what would change it" not in done.stdout
    assert "last: what would change it" in done.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--round", "final"], "there is no round “final”; there are first, last"),
        (["--scorers", "magic"], "there is no scorer “magic”; there are additive, borda"),
    ],
)
def test_what_is_not_there_is_told(
    review: Callable[..., Result], small: Path, options: list[str], told: str
) -> None:
    done = review("compare", small, *options)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {told}")
    as_json = review("compare", small, *options, "--json")
    assert as_json.exit_code == 1
    (problem,) = json.loads(as_json.stdout)["problems"]
    assert problem["message"]["en"].startswith(told)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A competition of two rounds that is compared in no time."""
    return some(1, "weighted_mean", "report").write(tmp_path / "small")
