from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from review.store import people
from review.store.database import Database, now
from tests.cli.live import flat, on, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def test_link_signs_an_organiser_in_who_is_made_once(
    competition: Path, database_url: str, review: Callable[..., Result]
) -> None:
    take_in(competition, database_url)
    asked = ("organiser", competition, "Olga", *on(database_url))
    first = review(*asked, "--base-url", "https://judging.example.org/")
    assert first.exit_code == 0
    line, link = first.stdout.splitlines()
    assert line == "Organiser, sign in within a day:"
    assert link.startswith("  https://judging.example.org/join/")
    second = review(*asked)
    found = re.search(r"  http://localhost:8000/join/([\w-]{43})\n", second.stdout)
    assert found is not None
    database = Database.open(database_url)
    with database.reading() as conn:
        (olga,) = people.people(conn, "organiser")
        assert (olga.name, people.by_link(conn, found.group(1), now())) == ("Olga", olga)
    database.close()


@pytest.mark.parametrize("command", ["organiser", "record", "backup"])
@pytest.mark.parametrize("where", ["", "nowhere.sqlite3"])
def test_event_that_was_never_served_is_told_and_not_made(
    competition: Path, command: str, where: str, tmp_path: Path, review: Callable[..., Result]
) -> None:
    before = sorted(competition.parent.rglob("*"))
    more = [tmp_path / "copy"] if command == "backup" else []
    database = on(str(tmp_path / where)) if where else ()
    done = review(command, competition, *more, *database)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "has no live event yet" in flat(done.stderr)
    assert sorted(competition.parent.rglob("*")) == before


def test_empty_database_has_no_event(
    competition: Path, postgresql_url: str, review: Callable[..., Result]
) -> None:
    done = review("organiser", competition, *on(postgresql_url))
    assert done.exit_code == 2
    assert "has no live event yet" in flat(done.stderr)


def test_file_that_is_no_database_is_told(competition: Path, review: Callable[..., Result]) -> None:
    (competition / "live.sqlite3").write_text("this is no database, is it?" * 40, encoding="utf-8")
    done = review("organiser", competition)
    assert done.exit_code == 1
    assert flat(done.stderr).startswith("Error: cannot open the database “")


def test_database_server_that_is_away_is_told(
    competition: Path, review: Callable[..., Result]
) -> None:
    done = review(
        "organiser", competition, *on("postgresql://x:secret@127.0.0.1:1/none?connect_timeout=2")
    )
    assert done.exit_code == 1
    assert "cannot open the database" in flat(done.stderr)
    assert "secret" not in done.stderr
