"""The example and a new plugin as real distributions, built and installed by pip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[1]
EXAMPLE = TESTS / "example_plugin"


def output_of(*command: str | Path, site: Path, cwd: Path) -> str:
    """What a command prints where `site` holds installed plugins."""
    env = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder: Path, site: Path) -> None:
    pip = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps")
    output_of(*pip, "--no-build-isolation", "--target", site, folder, site=site, cwd=site.parent)


MAIN = "from review.cli import main; main(prog_name='review')"


def test_example_plugin_is_found_where_it_is_installed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    install(EXAMPLE, site)
    listed = output_of("-c", MAIN, "plugins", site=site, cwd=tmp_path).splitlines()
    assert [line.split()[:3] for line in listed if line.startswith("example")] == [
        ["example", "review-example-plugin", "1.2.3"]
    ]
    checked = output_of("-c", MAIN, "plugins", "check", "example", site=site, cwd=tmp_path)
    assert checked.splitlines() == [
        "ok  rubric show-of-hands",
        "ok  scorer peak",
        "ok  scorer approval",
        "ok  shortlist rule upper_half",
        "ok  award underdog",
        "ok  reader wiki_table",
        "ok  exporter winners",
    ]
    said = output_of("-c", MAIN, "example-hello", "panel", site=site, cwd=tmp_path)
    assert said == "Hello panel\n"


def test_new_plugin_is_installed_and_passes_its_tests(tmp_path: Path) -> None:
    site = tmp_path / "site"
    output_of("-c", MAIN, "plugins", "new", "best-newcomer", site=site, cwd=tmp_path)
    folder = tmp_path / "best-newcomer"
    install(folder, site)
    checked = output_of("-c", MAIN, "plugins", "check", "best_newcomer", site=site, cwd=tmp_path)
    assert checked == "ok  award best_newcomer\n"
    tested = output_of("-m", "pytest", "-q", "-p", "no:cacheprovider", site=site, cwd=folder)
    assert "3 passed" in tested
