from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import BashComplete

from review.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def completed(arguments: list[str], incomplete: str) -> list[str]:
    shell = BashComplete(main, {}, "review", "_REVIEW_COMPLETE")
    return [each.value for each in shell.get_completions(arguments, incomplete)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_script_of_a_shell(shell: str, review: Callable[..., Result]) -> None:
    done = review("completion", shell)
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"_REVIEW_COMPLETE={shell}_complete" in done.stdout


def test_completion_is_answered_in_the_environment(review: Callable[..., Result]) -> None:
    env = {"_REVIEW_COMPLETE": "bash_complete", "COMP_WORDS": "review ver", "COMP_CWORD": "1"}
    assert review(**env).stdout == "plain,verify\n"


def test_proposals_complete_from_their_table(competition: Path) -> None:
    assert completed(["explain", str(competition)], "p") == ["p1", "p2", "p3", "p4", "p5", "p6"]
    assert completed(["explain", str(competition)], "p6") == ["p6"]


def test_rounds_complete_from_the_competition(competition: Path) -> None:
    assert completed(["explain", str(competition), "p1", "--round"], "s") == ["selection"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml",
        'proposals = "missing.csv"',
        "proposals = 3",
        'proposals = { path = "a.xlsx" }',
    ],
)
def test_what_cannot_be_read_completes_to_nothing(competition: Path, text: str) -> None:
    (competition / "competition.toml").write_text(text)
    assert completed(["explain", str(competition)], "p") == []
    assert completed(["explain", str(competition), "p1", "--round"], "") == []


def test_proposals_without_id_column_complete_to_nothing(competition: Path) -> None:
    (competition / "proposals.csv").write_text("项目编号\np1\n", encoding="utf-8")
    assert completed(["explain", str(competition)], "p") == []
