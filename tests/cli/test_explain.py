from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from wcwidth import wcswidth

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("proposal", ["p01", "p04", "p23"])
def test_explanation_of_the_founding_case(
    proposal: str,
    language: str,
    review: Callable[..., Result],
    golden: Callable[[str, str], None],
) -> None:
    done = review("explain", STAR_PLAN, proposal, "--lang", language)
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80
    golden(f"explain-{proposal}.{language}", done.stdout)


def test_explain_can_keep_to_one_round(review: Callable[..., Result]) -> None:
    done = review("explain", STAR_PLAN, "p36", "--round", "showcase", "--lang", "zh-Hans")
    assert done.stdout.splitlines()[2] == "成果展示"
    assert "立项评审" not in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("p99",), "Error: there is no proposal “p99” in these rounds\n"),
        (("p1", "--round", "x"), "Error: there is no round “x”; there are selection\n"),
    ],
)
def test_explain_says_what_is_not_there(
    arguments: tuple[str, ...], words: str, competition: Path, review: Callable[..., Result]
) -> None:
    done = review("explain", competition, *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", words)
