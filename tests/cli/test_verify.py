from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def out(competition: Path, tmp_path: Path, review: Callable[..., Result]) -> Path:
    """The result of the competition as it was."""
    review("run", competition, "--out", tmp_path / "out", "--format", "csv")
    return tmp_path / "out"


def test_result_of_the_same_competition_is_the_same(
    out: Path, competition: Path, review: Callable[..., Result]
) -> None:
    done = review("verify", out, competition)
    assert (done.exit_code, done.output) == (
        0,
        "the result is what the competition comes to, byte for byte\n",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("marks/selection.csv", "p1,j1,8.5", "p1,j1,8"),
            "数据不同：评分、项目、评委、事实数据或裁定有改动\n",
        ),
        (
            ("competition.toml", "size = 3", "size = 2"),
            "规则不同：轮次、评审标准、奖项或评奖办法有改动\n",
        ),
    ],
)
def test_changed_content_and_rules_are_told_apart(
    change: tuple[str, str, str],
    words: str,
    out: Path,
    competition: Path,
    review: Callable[..., Result],
) -> None:
    file, old, new = change
    path = competition / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = review("verify", out, competition, "--lang", "zh-Hans")
    assert (done.exit_code, done.output) == (1, words)


def test_folder_without_result_is_an_error_in_words(
    tmp_path: Path, competition: Path, review: Callable[..., Result]
) -> None:
    (tmp_path / "empty").mkdir()
    done = review("verify", tmp_path / "empty", competition)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "holds no result.json that can be read" in " ".join(done.stderr.split())


def test_changed_report_is_named(
    out: Path, competition: Path, review: Callable[..., Result]
) -> None:
    table = out / "standings-selection.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("8", "9"), encoding="utf-8")
    done = review("verify", out, competition)
    assert (done.exit_code, done.output) == (
        1,
        "standings-selection.csv is not as it was written\n",
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Error: OUT comes before DIR: review verify {out} {ideas}"),
        ("zh-Hans", "错误：输出文件夹应写在前面：review verify {out} {ideas}"),
    ],
)
def test_swapped_folders_are_told(
    language: str, words: str, out: Path, competition: Path, review: Callable[..., Result]
) -> None:
    done = review("verify", competition, out, "--lang", language)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == words.format(out=out, ideas=competition)
