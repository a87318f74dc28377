from __future__ import annotations

from typing import TYPE_CHECKING

from review.store.database import Database
from tests.cli.live import flat, on, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tests.services import PostgreSQL


def test_copy_is_put_back_and_what_was_there_is_kept(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    take_in(competition, competition / "live.sqlite3")
    review("backup", competition, tmp_path / "copy")
    review("organiser", competition, "Olga")
    done = review("restore", tmp_path / "copy", competition)
    assert done.exit_code == 0
    assert "What was there is kept as " in flat(done.stdout)
    (kept,) = competition.glob("live-before-*.sqlite3")
    assert kept.name in done.stdout.replace("\n  ", "")
    assert "Olga" not in review("record", competition).stdout
    told = review("record", competition, *on(str(kept)))
    assert "Olga was added as an organiser" in told.stdout


def test_copy_is_put_where_nothing_was(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    take_in(competition, tmp_path / "elsewhere.sqlite3")
    review("backup", competition, tmp_path / "copy", *on(str(tmp_path / "elsewhere.sqlite3")))
    done = review("restore", tmp_path / "copy", competition)
    assert done.stdout.startswith("Restored: ")
    assert review("record", competition).exit_code == 0


def test_copy_of_a_database_server_goes_into_an_empty_one(
    competition: Path, tmp_path: Path, postgresql: PostgreSQL, review: Callable[..., Result]
) -> None:
    first, second = postgresql.create(), postgresql.create()
    take_in(competition, first)
    review("backup", competition, tmp_path / "copy", *on(first))
    done = review("restore", tmp_path / "copy", competition, *on(second))
    assert (done.exit_code, done.stdout[:10]) == (0, "Restored: ")
    assert review("record", competition, *on(second)).exit_code == 0
    again = review("restore", tmp_path / "copy", competition, *on(second))
    assert again.exit_code == 1
    assert "is not empty" in flat(again.stderr)
    wrong = review("restore", tmp_path / "copy", competition)
    assert wrong.exit_code == 1
    assert "is no copy of this kind of database" in flat(wrong.stderr)
    postgresql.drop(first)
    postgresql.drop(second)


def test_database_that_is_served_is_left_alone(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    take_in(competition, competition / "live.sqlite3")
    review("backup", competition, tmp_path / "copy")
    database = Database.open(competition / "live.sqlite3")
    with database.alone():
        done = review("restore", tmp_path / "copy", competition)
    database.close()
    assert done.exit_code == 1
    assert "another server has " in flat(done.stderr)


def test_damaged_copy_is_refused(
    competition: Path, tmp_path: Path, review: Callable[..., Result]
) -> None:
    take_in(competition, competition / "live.sqlite3")
    (tmp_path / "copy").write_bytes(b"SQLite format 3\0 and nothing behind it")
    done = review("restore", tmp_path / "copy", competition)
    assert done.exit_code == 1
    assert "is damaged or is no copy made by" in flat(done.stderr)
    assert list(competition.glob("live-before-*")) == []
