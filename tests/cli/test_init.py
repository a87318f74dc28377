from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from review.cli.init import example_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from click.testing import Result

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def test_init_makes_a_competition_named_after_its_folder(
    tmp_path: Path, review: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = review("init", "Our Ideas 2026")
    assert (done.exit_code, done.output) == (
        0,
        (
            "A competition is in Our Ideas 2026. Go on with:\n"
            "  review check 'Our Ideas 2026'\n"
            "  review run 'Our Ideas 2026' --out 'Our Ideas 2026-results'\n"
        ),
    )
    folder = tmp_path / "Our Ideas 2026"
    assert names(folder) == [
        "competition.toml",
        "judges.csv",
        "marks/selection.csv",
        "proposals.csv",
    ]
    declared = tomllib.loads((folder / "competition.toml").read_text(encoding="utf-8"))
    assert declared["id"] == "our-ideas-2026"


def test_init_takes_an_empty_folder(tmp_path: Path, review: Callable[..., Result]) -> None:
    assert review("init", tmp_path).exit_code == 0


def test_init_leaves_alone_what_is_there(tmp_path: Path, review: Callable[..., Result]) -> None:
    (tmp_path / "mine.txt").touch()
    for place in (tmp_path, tmp_path / "mine.txt"):
        done = review("init", place, "--lang", "zh-Hans", COLUMNS="120")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "".join(done.stderr.split()) == "".join(
            f"错误：{place}不是空文件夹，未作改动".split()
        )
    assert names(tmp_path) == ["mine.txt"]


def test_init_copies_the_founding_case(tmp_path: Path, review: Callable[..., Result]) -> None:
    assert review("init", tmp_path / "case", "--example", "star-plan").exit_code == 0
    assert names(tmp_path / "case") == names(ROOT / "examples/star-plan-2024")


def test_example_is_found_in_the_checkout() -> None:
    assert example_folder("star-plan") == ROOT / "examples/star-plan-2024"


def test_init_says_why_it_cannot_write(tmp_path: Path, review: Callable[..., Result]) -> None:
    (tmp_path / "file").touch()
    for arguments in ((), ("--example", "star-plan")):
        done = review("init", tmp_path / "file/ideas", *arguments, COLUMNS="120")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "".join(done.stderr.split()) == "".join(
            f"Error: {tmp_path}/file/ideas cannot be written: Not a directory:"
            f" {tmp_path}/file/ideas".split()
        )
