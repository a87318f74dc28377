from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.live import flat, on, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def test_copy_is_made_beside_and_never_over(
    competition: Path, database_url: str, tmp_path: Path, review: Callable[..., Result]
) -> None:
    take_in(competition, database_url)
    copy = tmp_path / "event.backup"
    done = review("backup", competition, copy, *on(database_url))
    assert done.exit_code == 0
    told = " ".join(done.stdout.split())
    assert " events, head " in told
    before = copy.read_bytes()
    again = review("backup", competition, copy, *on(database_url))
    assert (again.exit_code, again.stdout) == (1, "")
    assert "is there already; name a new file" in " ".join(again.stderr.split())
    assert copy.read_bytes() == before


def test_folder_that_is_not_there_is_told(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    take_in(competition, competition / "live.sqlite3")
    done = review("backup", competition, tmp_path / "nowhere/event.backup")
    assert done.exit_code == 1
    assert flat(done.stderr).startswith("Error: cannot write ")
