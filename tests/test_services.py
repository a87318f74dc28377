"""The services that other tests stand on do what those take for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

if TYPE_CHECKING:
    from tests.services import PostgreSQL


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in found]


def test_database_is_empty_and_takes_a_row(database_url: str) -> None:
    engine = create_engine(make_url(database_url.replace("postgresql:", "postgresql+psycopg:")))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (word TEXT)"))
        connection.execute(text("INSERT INTO seen VALUES ('评审')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT word FROM seen")).all() == [("评审",)]
    engine.dispose()


def test_databases_of_tests_are_apart(postgresql: PostgreSQL, postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE TABLE seen ()")
    copy, empty = postgresql.create(postgresql_url), postgresql.create()
    assert [tables(copy), tables(empty)] == [["seen"], []]
    for url in (copy, empty):
        postgresql.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_restart_ends_connections_and_keeps_what_was_committed(
    postgresql: PostgreSQL, postgresql_url: str
) -> None:
    connection = psycopg.connect(postgresql_url)
    connection.execute("CREATE TABLE kept ()")
    connection.commit()
    connection.execute("CREATE TABLE lost ()")
    postgresql.restart("immediate")
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    assert tables(postgresql_url) == ["kept"]
