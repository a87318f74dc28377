"""The organiser's tutorials can be followed, and print what they show.

`ACCEPT=1 .venv/bin/pytest tests/docs` writes what is printed now into the pages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.docs.story import Story, changed_rules, changed_table

from review.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"tutorial-organiser.md": "C.UTF-8", "tutorial-organiser.zh-Hans.md": "zh_CN.UTF-8"}


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
    page = (DOCS / name).read_text(encoding="utf-8")
    told = Story(tmp_path, commands(PAGES[name])).told(page)
    if os.environ.get("ACCEPT"):
        (DOCS / name).write_text(told, encoding="utf-8", newline="\n")
        page = told
    assert page == told
