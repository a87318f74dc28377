from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def command(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_score_and_place_comes_out_as_published(tmp_path: Path) -> None:
    folder, results = tmp_path / "skating", tmp_path / "results"
    command(EXAMPLE / "convert.py", SOURCE, folder)
    command("-m", "review", "run", folder, "--out", results, "--format", "json")
    assert command(EXAMPLE / "compare.py", results / "result.json", SOURCE) == AS_PUBLISHED


def test_numbers_in_the_readme_are_those_of_the_comparison() -> None:
    assert AS_PUBLISHED in (EXAMPLE / "README.md").read_text("utf-8")


def test_convert_leaves_a_folder_with_files_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    done = subprocess.run(
        [sys.executable, EXAMPLE / "convert.py", SOURCE, tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"{tmp_path} is not empty\n")
