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
        (
            ("p99",),
            ("Error: there is no proposal “p99” in these rounds; known are p1, p2, p3, p4, p5, p6"),
        ),
        (
            ("story hours with grandparent",),
            (
                "Error: there is no proposal “story hours with grandparent” in these rounds; did"
                " you mean “Story Hour with Grandparents”?"
            ),
        ),
        (("p1", "--round", "x"), "Error: there is no round “x”; there are selection"),
    ],
)
def test_explain_says_what_is_not_there(
    arguments: tuple[str, ...], words: str, competition: Path, review: Callable[..., Result]
) -> None:
    done = review("explain", competition, *arguments)
    assert (done.exit_code, done.stdout, " ".join(done.stderr.split())) == (1, "", words)


def test_explain_takes_a_title(competition: Path, review: Callable[..., Result]) -> None:
    by_id = review("explain", competition, "p1")
    title = by_id.stdout.splitlines()[0].removeprefix("p1 · ")
    assert review("explain", competition, f" {title.upper()} ").stdout == by_id.stdout


def test_explain_asks_which_where_two_have_the_title(
    competition: Path, review: Callable[..., Result]
) -> None:
    proposals = competition / "proposals.csv"
    lines = proposals.read_text(encoding="utf-8").splitlines()
    first, second = lines[1].split(","), lines[2].split(",")
    lines[2] = ",".join([second[0], first[1], *second[2:]])
    proposals.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = review("explain", competition, first[1], "--lang", "zh-Hans")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "p1、p2" in done.stderr


def test_explain_knows_no_word_that_comes_close_to_nothing(
    review: Callable[..., Result],
) -> None:
    done = review("explain", STAR_PLAN, "§§§§")
    assert done.stderr == "Error: there is no proposal “§§§§” in these rounds\n"
