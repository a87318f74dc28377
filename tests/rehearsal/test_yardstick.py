from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import psycopg
import pytest

from review.errors import StoreError
from review.rehearsal import stores, yardstick
from review.rehearsal.ledger import Ballot, Cell, Mark, Row

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    Row(f"op{p}", Cell(Ballot("final", "j1", f"p{p}"), criterion), 1, Mark("8", None))
    for p in range(300)
    for criterion in ("need", "plan")
]


def test_bare_insert_is_measured_beside_the_file(tmp_path: Path) -> None:
    bare = yardstick.measure(tmp_path / "live.sqlite3", ROWS)
    assert bare.grouped > bare.single > 0
    with sqlite3.connect(tmp_path / "bare.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


def test_bare_insert_is_measured_in_the_database(postgresql_url: str) -> None:
    bare = yardstick.measure(postgresql_url, ROWS)
    assert bare.grouped > 0
    assert bare.single > 0


def databases(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_store_is_a_new_database_that_is_dropped(postgresql_url: str, tmp_path: Path) -> None:
    before = databases(postgresql_url)
    with stores.a_store(postgresql_url, tmp_path) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE seen ()")
        (made,) = databases(postgresql_url) - before
        assert made.startswith("review_rehearsal_")
    assert databases(postgresql_url) == before


def test_store_is_a_file_in_the_folder(tmp_path: Path) -> None:
    with stores.a_store(None, tmp_path) as url:
        assert url == str(tmp_path / "live.sqlite3")


def test_store_refuses_other_databases(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="postgresql://"),
        stores.a_store("mysql://localhost/x", tmp_path),
    ):
        pass
