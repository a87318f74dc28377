from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from review.cli import main

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("REVIEW_SHARED_DATA", ROOT.parent / "shared" / "data"))
SOURCE = SHARED / "figure-skating"
EXAMPLE = ROOT / "examples" / "figure-skating"

AS_PUBLISHED = """\
panel scores      8,630 of 8,630
component scores  1,726 of 1,726
segment scores    1,726 of 1,726
places            1,726 of 1,726
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SOURCE.is_dir(), reason=f"the public data are not in {SOURCE}"),
]


def script(name: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [sys.executable, EXAMPLE / name, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_score_and_place_comes_out_as_published(tmp_path: Path) -> None:
    folder, results = tmp_path / "skating", tmp_path / "results"
    converted = script("convert.py", SOURCE, folder)
    assert (converted.returncode, converted.stderr) == (0, "")
    run = ["run", str(folder), "--out", str(results), "--format", "json"]
    done = CliRunner().invoke(main, run)
    assert done.exit_code == 0, done.output
    compared = script("compare.py", results / "result.json", SOURCE)
    assert (compared.returncode, compared.stdout) == (0, AS_PUBLISHED)


def test_compare_tells_what_differs(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"rounds": []}', "utf-8")
    compared = script("compare.py", tmp_path / "result.json", SOURCE)
    assert compared.returncode == 1
    assert compared.stdout.splitlines()[:2] == [
        "panel scores          0 of 8,630",
        "  0055dd827d composition: None, published 8.68",
    ]


def test_numbers_in_the_readme_are_those_of_the_comparison() -> None:
    assert AS_PUBLISHED in (EXAMPLE / "README.md").read_text("utf-8")


def test_convert_leaves_a_folder_with_files_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    done = script("convert.py", SOURCE, tmp_path)
    assert (done.returncode, done.stderr) == (1, f"{tmp_path} is not empty\n")
