from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

import pytest

from review.store import chain, waking
from review.store.database import Database
from review.store.waking import Waking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.services import PostgreSQL


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """The same database as another process has it."""
    opened = Database.open(database.url)
    yield opened
    opened.close()


def note(database: Database) -> int:
    with database.writing() as conn:
        return chain.append(conn, "noted", chain.SYSTEM, {}).seq


def test_commits_of_others_are_told(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "INTERVAL", 0.01)
    note(other)
    told: queue.Queue[int] = queue.Queue()
    watching = Waking(database, told.put)
    for _ in range(3):
        time.sleep(0.05)
        seq = note(other)
        assert told.get(timeout=5) == seq
    watching.close()
    note(other)
    time.sleep(0.4)
    assert told.empty()


def test_commit_without_an_event_is_not_told(database: Database, other: Database) -> None:
    told: queue.Queue[int] = queue.Queue()
    watching = Waking(database, told.put)
    with other.writing() as conn:
        conn.exec_driver_sql("UPDATE person SET name = 'x'")
    seq = note(other)
    assert told.get(timeout=5) == seq
    watching.close()
    assert told.empty()


def test_callback_that_fails_is_called_again(database: Database, other: Database) -> None:
    told: queue.Queue[int] = queue.Queue()

    def fail(seq: int) -> None:
        told.put(seq)
        raise ZeroDivisionError

    watching = Waking(database, fail)
    for _ in range(2):
        seq = note(other)
        assert told.get(timeout=5) == seq
    watching.close()


def test_server_that_was_restarted_is_listened_to_again(
    postgresql: PostgreSQL, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "PATIENCE", 0.1)
    database = Database.open(postgresql_url)
    told: queue.Queue[int] = queue.Queue()
    watching = Waking(database, told.put)
    first = note(database)
    assert told.get(timeout=5) == first
    postgresql.restart("immediate")
    second = note(database)
    assert told.get(timeout=5) == second
    watching.close()
    database.close()
