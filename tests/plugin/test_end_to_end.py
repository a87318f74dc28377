"""A competition that is read, scored, cut, awarded and written by a stranger's parts alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from review.cli import main

if TYPE_CHECKING:
    from click.testing import Result

    from tests.plugin.conftest import Local

COMPETITION = Path(__file__).parents[1] / "example_plugin/competition"

EXPORTERS = """
from review import Exporter, hookimpl

class Failing(Exporter):
    '''Never writes.'''
    id = "failing"
    def export(self, result, folder):
        raise OSError("the printer is on fire")

@hookimpl
def register_exporters():
    return [Failing]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The competition of the example, where a test may add to it."""
    shutil.copytree(COMPETITION, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    command = ["run", str(folder), "--out", str(folder / "out"), *arguments]
    return CliRunner().invoke(main, command, "review")


@pytest.mark.usefixtures("example_installed")
def test_competition_runs_on_the_parts_of_a_plugin(folder: Path) -> None:
    result = run(folder, "--format", "winners")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (folder / "out/winners.txt").read_text(encoding="utf-8") == "Underdog: p2\n"
    (final,) = json.loads((folder / "out/result.json").read_text(encoding="utf-8"))["rounds"]
    assert {s["proposal"]: s["score"] for s in final["standings"]} == {"p1": 2, "p2": 1, "p3": 1}
    assert {e["reason"]["zh-Hans"] for e in final["shortlist"]} == {"不低于中位数 1"}


@pytest.mark.usefixtures("example_installed")
def test_manifest_records_whose_parts_were_used(folder: Path) -> None:
    run(folder, "--format", "winners")
    manifest = json.loads((folder / "out/manifest.json").read_text(encoding="utf-8"))
    example = {
        "plugin": "example",
        "distribution": "review-example-plugin",
        "version": "1.2.3",
    }
    used = ["award:underdog", "scorer:approval", "shortlist:upper_half"]
    assert manifest["plugins"] == dict.fromkeys(used, example)


@pytest.mark.usefixtures("example_installed")
def test_plugin_that_is_left_out_brings_nothing(folder: Path) -> None:
    result = run(folder, "--no-plugin", "example")
    assert result.exit_code == 1
    assert not (folder / "out").exists()


@pytest.mark.usefixtures("example_installed")
def test_exporter_that_raises_is_named_and_the_others_write(folder: Path, local: Local) -> None:
    local("printer.py", EXPORTERS)
    result = run(folder, "--format", "failing,winners")
    assert result.exit_code == 1
    told = " ".join(result.stderr.split())
    assert "plugins/printer.py (sha256:" in told
    assert "OSError: the printer is on fire" in told
    written = sorted(path.name for path in (folder / "out").iterdir())
    assert written == ["manifest.json", "result.json", "winners.txt"]


@pytest.mark.usefixtures("example_installed")
def test_local_plugins_are_turned_off(folder: Path, local: Local) -> None:
    local("printer.py", "raise SystemExit")
    assert run(folder, "--no-local-plugins", "--format", "winners").exit_code == 0
