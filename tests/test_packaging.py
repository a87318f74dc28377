"""What we hand out is what git holds, and it works where nothing but the lock is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
EXAMPLE = "examples/star-plan-2024"
# Where each shipped folder of the checkout stands in the wheel.
SHIPPED = {
    "review": "review",
    "plugins/review_plugins": "review_plugins",
    "rubrics/review_rubrics": "review_rubrics",
    EXAMPLE: f"review/{EXAMPLE}",
}


def output_of(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked(folder: str = ".") -> set[str]:
    if not shutil.which("git"):
        pytest.fail("git is missing: apt-get install git")
    return {path for path in output_of("git", "ls-files", "-z", folder).split("\0") if path}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what git tracks, as it stands in the working tree."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in tracked():
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    return copy


@pytest.fixture(scope="module")
def dist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    output_of(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout)
    return folder


def test_wheel_holds_what_git_tracks(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {
        target + name.removeprefix(source)
        for source, target in SHIPPED.items()
        for name in tracked(source)
    }


def test_source_distribution_holds_what_git_tracks(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    assert names - {"PKG-INFO"} == tracked()


def test_wheel_works_on_the_locked_dependencies_alone(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    pip = (tmp_path / "venv/bin/python", "-m", "pip")
    output_of(
        *pip, "install", "--no-deps", "--require-hashes", "--requirement", ROOT / "locks/run.txt"
    )
    output_of(*pip, "install", "--no-deps", wheel)
    output_of(*pip, "check")

    command = tmp_path / "venv/bin/review"
    assert "Usage: review" in output_of(command, "--lang", "en", "--help", cwd=tmp_path)
    assert "review_plugins" in output_of(command, "plugins", cwd=tmp_path)
    output_of(command, "init", "star-plan", "--example", "star-plan", cwd=tmp_path)
    output_of(command, "run", "star-plan", "--out", "results", cwd=tmp_path)
    assert (tmp_path / "results/result.json").is_file()


def test_locks_name_no_index_and_no_path() -> None:
    for lock in sorted(ROOT.glob("locks/*.txt")):
        lines = lock.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if "://" in line or line.startswith(("-", "/", "."))] == []
