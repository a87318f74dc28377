"""The organiser's tutorials can be followed, and print what they show.

`ACCEPT=1 .venv/bin/pytest tests/docs` writes what is printed now into the pages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from review.cli import main
from tests.docs.story import STEP, Story, changed_rules, changed_table

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"tutorial-organiser.md": "C.UTF-8", "tutorial-organiser.zh-Hans.md": "zh_CN.UTF-8"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(language: str) -> Callable[[list[str]], str]:
    """What `review ARGUMENTS` prints, both streams as they come."""

    def review(arguments: list[str]) -> str:
        runner = CliRunner(env={"LANG": language}, catch_exceptions=False)
        return runner.invoke(main, arguments, prog_name="review").output

    return review


@pytest.mark.parametrize("name", PAGES)
def test_tutorial_prints_what_it_shows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = Story(tmp_path, commands(PAGES[name])).told(page(name))
    if os.environ.get("ACCEPT"):
        (DOCS / name).write_text(told, encoding="utf-8", newline="\n")
    assert page(name) == told


def test_tutorials_tell_the_same_steps() -> None:
    english, chinese = (
        [(step["verb"], step["language"]) for step in STEP.finditer(page(name))] for name in PAGES
    )
    assert english == chinese


RULES = """# The competition.
id = "it"
# decisions = "decisions.csv"

# Conflicts.
[conflicts]
marks = "refuse"

# A round.
[[rounds]]
id = "first"
[rounds.shortlist]
rule = "top"

# Prizes.
[award_policy]
"""


def test_change_of_rules_replaces_the_section_of_that_name() -> None:
    changed = RULES.replace('"refuse"', '"exclude"')
    assert changed_rules(RULES, '[conflicts]\nmarks = "exclude"\n') == changed


def test_change_of_rules_takes_a_round_with_what_stands_below_it() -> None:
    new = '[[rounds]]\nid = "first"\nrubric = "ours"\n'
    below = '[[rounds]]\nid = "first"\n[rounds.shortlist]\nrule = "top"\n'
    assert changed_rules(RULES, new) == RULES.replace(below, new)


def test_change_of_rules_adds_a_section_that_is_not_there() -> None:
    new = '[[rounds]]\nid = "second"\n'
    assert changed_rules(RULES, new) == f"{RULES}\n{new}"


def test_change_of_rules_puts_a_line_near_the_top() -> None:
    changed = RULES.replace("# decisions", "decisions")
    assert changed_rules(RULES, 'decisions = "decisions.csv"\n') == changed
    assert changed_rules(RULES, "seed = 1\n") == f"seed = 1\n{RULES}"


def test_change_of_a_table_replaces_and_adds_rows() -> None:
    assert changed_table("a,b,c\n1,1,2\n", "1,1,3\n2,1,3\n") == "a,b,c\n1,1,3\n2,1,3\n"
