from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from wcwidth import wcswidth

from review.store.chain import head
from review.store.database import Database
from tests.cli.live import flat, on, take_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def served(competition: Path, database_url: str) -> tuple[Path, str]:
    """A competition and the database that has it, with marks."""
    take_in(competition, database_url)
    return competition, database_url


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_record_is_told_in_eighty_columns(
    served: tuple[Path, str], language: str, review: Callable[..., Result]
) -> None:
    folder, url = served
    done = review("record", folder, *on(url), "--lang", language)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert max(map(wcswidth, lines)) <= 80
    assert lines[0].startswith("    1  20")
    database = Database.open(url)
    with database.reading() as conn:
        last = head(conn)
    database.close()
    assert last.hash in lines[-1]
    assert sum(re.match(r" *\d+  20\d\d-", line) is not None for line in lines) == last.seq


def test_record_is_json_alone_where_it_is_asked_for(
    served: tuple[Path, str], review: Callable[..., Result]
) -> None:
    folder, url = served
    done = review("record", folder, *on(url), "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert "The record is unbroken" in done.stderr


def test_record_that_was_changed_is_found_out(
    competition: Path, review: Callable[..., Result]
) -> None:
    file = competition / "live.sqlite3"
    take_in(competition, file)
    with closing(sqlite3.connect(file)) as conn, conn:
        conn.execute(
            "INSERT INTO person (ref, role, judge, name, salt, digest, added)"
            " VALUES ('eve', 'judge', 'eve', 'Eve', 'x', 'y', 'z')"
        )
    done = review("record", competition)
    assert done.exit_code == 1
    assert "put in past the application" in done.stderr
    assert "unbroken" not in done.stdout + done.stderr


def test_database_that_is_damaged_is_told(competition: Path, review: Callable[..., Result]) -> None:
    file = competition / "live.sqlite3"
    take_in(competition, file)
    with closing(sqlite3.connect(file)) as conn:
        (page,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event'").fetchone()
        (size,) = conn.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(content)
    done = review("record", competition)
    assert done.exit_code == 1
    assert "cannot open the database" in flat(done.stderr)
