"""`review plugins`, in process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from review.cli import main
from review.cli.width import display_width
from review.plugin.installed import GROUP, PluginInfo

if TYPE_CHECKING:
    from click.testing import Result

    from tests.plugin.conftest import Install

AWARD = """
from review import Award, hookimpl

class Votes(Award):
    {docstring}
    id = "test_votes"
    title = {{"en": "Most votes", "zh-Hans": "最多票"}}

    def value(self, standings):
        return standings.score

@hookimpl
def register_awards():
    return [Votes]
"""
GOOD = AWARD.format(docstring='"""Most votes."""')
BARE = AWARD.format(docstring="")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "best_newcomer", raising=False)


def plugins(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["plugins", *map(str, arguments)], "review")


def test_plugins_lists_name_distribution_version_and_place(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "review.plugin.installed.installed",
        lambda: [
            (PluginInfo("a", "dist-a", "1.0", Path("/site/a")), None),
            (PluginInfo("longer", None, "?", None), None),
            (PluginInfo("c", "dist-c", "1.2.3", Path("/site" * 20)), None),
        ],
    )
    result = plugins()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "Plugin  Distribution  Version  Location\n"
        "a       dist-a        1.0      /site/a\n"
        "longer  –             ?        not found\n"
        "c       dist-c        1.2.3    /site/site/site/site/site/site/site/site/site/sit\n"
        "                               e/site/site/site/site/site/site/site/site/site/si\n"
        "                               te\n"
    )


def test_plugins_lists_a_broken_plugin_too(install: Install) -> None:
    install("broken", "raise SystemExit", version="0.1")
    lines = [line.split()[:3] for line in plugins("list").stdout.splitlines()]
    assert ["broken", "dist-broken", "0.1"] in lines


def test_plugins_list_fits_the_screen_in_chinese() -> None:
    lines = plugins("list", "--parts", "--lang", "zh-Hans").stdout.splitlines()
    assert lines[0].split() == ["插件", "发行包", "版本", "位置"]
    assert [line for line in lines if display_width(line) > 80] == []


def test_plugins_list_parts_says_what_and_whose(install: Install) -> None:
    module = install("votes", GOOD)
    points = module.parent / "dist_votes-1.0.dist-info/entry_points.txt"
    commands = "[review.commands]\nvotes = votes:command\n"
    points.write_text(f"[{GROUP}]\nvotes = votes\n{commands}", encoding="utf-8")
    shown = plugins("list", "--parts").stdout.splitlines()
    lines = [" ".join(line.split()) for line in shown]
    assert "award test_votes votes Most votes" in lines
    assert lines[-1] == "command votes dist-votes votes:command"


def test_plugins_list_parts_names_a_broken_plugin(install: Install) -> None:
    install("broken", "import no_such_module")
    result = plugins("list", "--parts")
    assert result.exit_code == 1
    assert "plugin broken (dist-broken 1.0) cannot be imported" in result.stderr


def test_plugins_new_writes_a_distribution(tmp_path: Path) -> None:
    result = plugins("new", "best-newcomer", "--in", tmp_path)
    assert result.exit_code == 0
    folder = tmp_path / "best-newcomer"
    assert result.stdout.splitlines() == [
        str(folder / "pyproject.toml"),
        str(folder / "README.md"),
        str(folder / "best_newcomer.py"),
        str(folder / "tests/test_best_newcomer.py"),
        f"Next: python -m pip install --editable {folder}",
    ]
    assert plugins("check", folder).stdout == "ok  award best_newcomer\n"


@pytest.mark.parametrize("name", ["Best", "2nd", "best newcomer", "../up", "最佳"])
def test_plugins_new_refuses_a_name(tmp_path: Path, name: str) -> None:
    result = plugins("new", name, "--in", tmp_path)
    assert result.exit_code == 2
    assert f"“{name}” is not a name such as `best-newcomer`" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_plugins_new_refuses_an_award_that_is_there(tmp_path: Path) -> None:
    result = plugins("new", "peoples-choice", "--in", tmp_path)
    assert result.exit_code == 2
    assert "the award `peoples_choice` is there already, from review_plugins" in result.stderr


def test_plugins_new_leaves_a_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "best-newcomer").mkdir()
    result = plugins("new", "best-newcomer", "--in", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert " ".join(result.stderr.split()).endswith("is there already and is left alone")


def test_plugins_check_tells_findings_in_words(tmp_path: Path) -> None:
    path = tmp_path / "votes.py"
    path.write_text(BARE, encoding="utf-8")
    result = plugins("check", path)
    assert result.exit_code == 1
    assert result.stdout == (
        "fails  award test_votes\n    - there is no docstring that says what it does\n"
    )


def test_plugins_check_of_an_installed_plugin(install: Install) -> None:
    install("votes", GOOD)
    result = plugins("check", "votes")
    assert (result.exit_code, result.stdout) == (0, "ok  award test_votes\n")


def test_plugins_check_of_the_shipped_plugins_is_content() -> None:
    result = plugins("check", "review_plugins")
    assert [line for line in result.stdout.splitlines() if not line.startswith("ok")] == []
    assert result.exit_code == 0


def test_plugins_check_of_nothing_is_an_error() -> None:
    result = plugins("check", "no-such-plugin")
    assert result.exit_code == 1
    assert "neither a folder, a file nor an installed plugin" in " ".join(result.stderr.split())
