from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import BashComplete
from wcwidth import wcswidth

from review.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def test_check_of_a_new_competition_finds_nothing(
    competition: Path, review: Callable[..., Result]
) -> None:
    done = review("check", competition)
    assert (done.exit_code, done.output) == (0, "ideas: no problems\n")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_check_lists_every_problem_with_place_value_and_hint(
    language: str,
    broken: Path,
    review: Callable[..., Result],
    golden: Callable[[str, str], None],
) -> None:
    done = review("check", broken, "--lang", language)
    assert (done.exit_code, done.stderr) == (1, "")
    assert max(map(wcswidth, done.stdout.splitlines())) <= 80
    golden(f"check.{language}", done.stdout)


def test_check_finds_what_only_a_run_would_meet(
    undecided: Path, review: Callable[..., Result]
) -> None:
    done = review("check", undecided)
    assert done.exit_code == 1
    assert "round “final” cannot start" in done.stdout


def test_missing_folder_is_wrong_usage(tmp_path: Path, review: Callable[..., Result]) -> None:
    done = review("check", tmp_path / "nothing")
    assert done.exit_code == 2


def test_folder_completes_as_a_folder() -> None:
    shell = BashComplete(main, {}, "review", "_REVIEW_COMPLETE")
    assert [each.type for each in shell.get_completions(["check"], "ex")] == ["dir"]
