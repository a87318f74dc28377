"""The plugin author's tutorial: its code does what it says, its commands print what they show."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from review.testing import findings
from tests.docs.story import Story
from tests.docs.test_tutorial import DOCS, commands, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "tutorial-plugin.md"
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code() -> tuple[str, str, str]:
    """The award, the award with options, the tests."""
    award, with_options, tests = CODE.findall(page(NAME))
    return award, with_options, tests


def run_code(text: str) -> dict[str, Callable[..., Any]]:
    names: dict[str, Callable[..., Any]] = {}
    exec(compile(text, NAME, "exec", dont_inherit=True), names)  # noqa: S102
    return names


@pytest.mark.parametrize("number", [0, 1])
def test_award_of_the_tutorial_conforms(number: int) -> None:
    awards = run_code(code()[number])["register_awards"]()
    assert [findings(award) for award in awards] == [[]]


def test_tests_of_the_tutorial_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _first, award, tests = code()
    (tmp_path / "best_value.py").write_text(award, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "best_value", raising=False)
    ran = [test() for name, test in run_code(tests).items() if name.startswith("test_")]
    monkeypatch.delitem(sys.modules, "best_value")
    assert ran == [None, None]


def test_plugin_tutorial_prints_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the award in the competition's own folder, in place of an installed one."""
    monkeypatch.chdir(tmp_path)
    run = commands("C.UTF-8")

    def review(arguments: list[str]) -> str:
        printed = run(arguments)
        if arguments[0] == "init":
            plugin = tmp_path / "star-plan/plugins/best_value.py"
            plugin.parent.mkdir()
            plugin.write_text(code()[1], encoding="utf-8")
        return printed

    told = Story(tmp_path, review).told(page(NAME))
    if os.environ.get("ACCEPT"):
        (DOCS / NAME).write_text(told, encoding="utf-8", newline="\n")
    assert page(NAME) == told
