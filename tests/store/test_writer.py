from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from review.errors import Refused, StoreError
from review.messages import Message
from review.store import chain, marks, schema
from review.store import writer as writing
from review.store.database import Database
from review.store.marks import Cell
from review.store.people import add_judge
from review.store.writer import BATCH, Writer
from tests.store.staging import ROUND, new_op, open_round, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.services import PostgreSQL


def note(conn: Connection, number: int = 0) -> int:
    return chain.append(conn, "noted", chain.SYSTEM, {"number": number}).seq


def noting(number: int) -> Callable[[Connection], int]:
    return lambda conn: note(conn, number)


def numbers(database: Database) -> list[int]:
    with database.reading() as conn:
        assert chain.verify(conn) == []
        return [found.data["number"] for found in chain.events(conn)]


@pytest.fixture
def held(writer: Writer) -> Iterator[threading.Event]:
    """The writer waits in an operation until the event is set: what comes meanwhile piles up."""
    go = threading.Event()
    writer.submit(lambda _: go.wait(10))
    yield go
    go.set()


def test_operations_share_commits(database: Database, writer: Writer) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    go = threading.Event()
    writer.submit(lambda _: go.wait(10))
    waiting = [writer.submit(noting(n)) for n in range(3 * BATCH)]
    go.set()
    assert [future.result() for future in waiting] == list(range(1, 3 * BATCH + 1))
    assert len(commits) <= 5


def test_answer_comes_after_the_commit(database: Database, writer: Writer) -> None:
    """What was acknowledged, another connection sees."""
    seen = []

    def look(_: Future[int]) -> None:
        with database.reading() as conn:
            seen.append(chain.head(conn).seq)

    for n in range(5):
        future = writer.submit(noting(n))
        future.add_done_callback(look)
        future.result()
    time.sleep(0.05)
    assert seen == [1, 2, 3, 4, 5]


def test_refused_operation_takes_nothing_with_it(
    database: Database, writer: Writer, held: threading.Event
) -> None:
    def refuse(conn: Connection) -> int:
        note(conn, 99)
        raise Refused(Message("stale"))

    def clash(conn: Connection) -> None:
        conn.execute(text("INSERT INTO head (id, seq, hash) VALUES (1, 0, '')"))

    first = writer.submit(lambda conn: note(conn, 1))
    refused = writer.submit(refuse)
    clashed = writer.submit(clash)
    last = writer.submit(lambda conn: note(conn, 2))
    held.set()
    assert (first.result(), last.result()) == (1, 2)
    with pytest.raises(Refused):
        refused.result()
    with pytest.raises(IntegrityError):
        clashed.result()
    assert numbers(database) == [1, 2]


def test_operation_that_was_cancelled_is_not_done(
    database: Database, writer: Writer, held: threading.Event
) -> None:
    cancelled = writer.submit(lambda conn: note(conn, 1))
    assert cancelled.cancel()
    last = writer.submit(lambda conn: note(conn, 2))
    held.set()
    assert last.result() == 1
    with pytest.raises(CancelledError):
        cancelled.result()


def test_subscribers_are_told_of_commits_until_they_leave(writer: Writer) -> None:
    told: list[int] = []

    def fail(_: int) -> None:
        raise ZeroDivisionError

    writer.subscribe(fail)
    leave = writer.subscribe(told.append)
    for n in range(3):
        writer.do(noting(n))
    writer.do(lambda _: None)
    leave()
    writer.do(note)
    assert told == [1, 2, 3, 3]


def test_closing_finishes_what_was_submitted(database: Database) -> None:
    made = Writer(database)
    waiting = [made.submit(noting(n)) for n in range(300)]
    made.close()
    made.close()
    assert [future.result() for future in waiting] == list(range(1, 301))
    with pytest.raises(StoreError) as refused:
        made.submit(note)
    assert refused.value.message.code == "writer_closed"


def test_commit_that_fails_is_told_to_all(database: Database, writer: Writer) -> None:
    """As on a full disk: nobody is told that it was stored, and the writer goes on."""

    def fail(_: object) -> None:
        raise OSError(28, "No space left on device")

    event.listen(database.engine, "commit", fail)
    future = writer.submit(note)
    with pytest.raises(StoreError) as refused:
        future.result()
    assert (refused.value.message.code, refused.value.status) == ("not_stored", 503)
    event.remove(database.engine, "commit", fail)
    assert writer.do(note) == 1


def test_database_that_is_busy_too_long_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from review.store import database as opening  # noqa: PLC0415 -- beside its use

    monkeypatch.setattr(opening, "BUSY", 0.05)
    database = Database.open(sqlite_url)
    made = Writer(database)
    other = Database.open(sqlite_url)
    with other.writing(), pytest.raises(StoreError) as refused:
        made.do(note)
    assert refused.value.message.code == "not_stored"
    assert made.do(note) == 1
    made.close()
    other.close()
    database.close()


def test_postgresql_that_was_restarted_is_sought_again(
    postgresql: PostgreSQL, postgresql_url: str
) -> None:
    """What was submitted while it was away is done, once."""
    database = Database.open(postgresql_url)
    made = Writer(database)
    made.do(lambda conn: note(conn, 0))
    postgresql.stop("immediate")
    waiting = [made.submit(noting(n)) for n in range(1, 20)]
    time.sleep(0.3)
    assert not any(future.done() for future in waiting)
    postgresql.start()
    assert [future.result(20) for future in waiting] == list(range(2, 21))
    assert numbers(database) == list(range(20))
    made.close()
    database.close()


def test_postgresql_that_stays_away_is_told(
    postgresql: PostgreSQL, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PATIENCE", 0.2)
    database = Database.open(postgresql_url)
    made = Writer(database)
    postgresql.stop("immediate")
    with pytest.raises(StoreError) as refused:
        made.do(note)
    postgresql.start()
    assert refused.value.message.code == "not_stored"
    made.close()
    database.close()


def test_connection_lost_within_an_operation_is_done_again(postgresql_url: str) -> None:
    """All of the batch, from the start."""
    database = Database.open(postgresql_url)
    made = Writer(database)
    tries: list[int] = []

    def lose(conn: Connection) -> int:
        tries.append(1)
        seq = note(conn, 7)
        if len(tries) == 1:
            own = conn.scalar(text("SELECT pg_backend_pid()"))
            with database.engine.connect() as other:
                other.execute(text(f"SELECT pg_terminate_backend({own})"))
            note(conn, 8)
        return seq

    assert made.do(lose) == 1
    assert numbers(database) == [7]
    made.close()
    database.close()


def test_several_processes_make_one_chain(postgresql_url: str, tmp_path: Path) -> None:
    database = Database.open(postgresql_url)
    with database.writing() as conn:
        judges = [add_judge(conn, f"j{n}", "").ref for n in range(3)]
        open_round(conn)
    running = [
        subprocess.Popen([sys.executable, "-c", LOAD, postgresql_url, ref, ROUND, "60"],
                         stdout=subprocess.PIPE)
        for ref in judges
    ]  # fmt: skip
    told = [process.communicate()[0].split() for process in running]
    assert [len(receipts) for receipts in told] == [60, 60, 60]
    with database.reading() as conn:
        assert chain.verify(conn) == []
        assert len(marks.current(conn)) == 180
    database.close()


LOAD = """
import sys, uuid
from review.store.database import Database
from review.store.marks import Cell, record
from review.store.writer import Writer

url, person, round_id, count = sys.argv[1:]
writer = Writer(Database.open(url))
def send(op, n):
    return lambda conn: record(
        conn, op=op, person=person, round=round_id, proposal=f"p{n}",
        cells={"need": Cell(str(n % 10))}, base={}, comment=None)
n = 0
while n < int(count):
    ops = [str(uuid.uuid4()) for _ in range(20)]
    for op, future in [(op, writer.submit(send(op, n + i))) for i, op in enumerate(ops)]:
        future.result()
        print(op, flush=True)
    n += 20
writer.close()
"""


@pytest.mark.parametrize("after", [1, 30, 200])
def test_killed_process_loses_nothing_that_it_acknowledged(sqlite_url: str, after: int) -> None:
    """Killed in the middle of a load; every operation it told of is there, whole and once."""
    database = Database.open(sqlite_url)
    with database.writing() as conn:
        judge = add_judge(conn, "j1", "").ref
        open_round(conn)
    running = subprocess.Popen(
        [sys.executable, "-c", LOAD, sqlite_url, judge, ROUND, "1000000"], stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    acknowledged = [running.stdout.readline().decode().strip() for _ in range(after)]
    running.kill()
    acknowledged += running.stdout.read().decode().split("\n")[:-1]
    running.wait()
    running.stdout.close()
    database.close()
    again = Database.open(sqlite_url)
    with again.reading() as conn:
        stored = conn.scalars(select(schema.operation.c.op)).all()
        revisions = conn.scalar(select(func.count()).select_from(schema.mark_revision))
        assert chain.verify(conn) == []
    assert set(acknowledged) - set(stored) == set()
    assert len(stored) == len(set(stored)) == revisions
    again.close()


def test_operation_sent_from_two_processes_counts_once(database: Database) -> None:
    """As when a client is answered by one server and asks another again."""
    with database.writing() as conn:
        judge = add_judge(conn, "j1", "").ref
        open_round(conn)
    others = [Database.open(database.url) for _ in range(2)]
    writers = [Writer(other) for other in others]
    cells = {"need": Cell("5")}
    ops = [new_op() for _ in range(40)]
    futures = [
        made.submit(partial(send, person=judge, cells=cells, op=op, proposal=f"p{n}"))
        for n, op in enumerate(ops)
        for made in (*writers, *writers)
    ]
    replays = [future.result().replay for future in futures]
    assert (replays.count(False), replays.count(True)) == (40, 120)
    with database.reading() as conn:
        assert len(marks.current(conn)) == 40
        assert chain.verify(conn) == []
    for made, other in zip(writers, others, strict=True):
        made.close()
        other.close()


def test_receipts_are_json(writer: Writer) -> None:
    writer.do(open_round)
    judge = writer.do(lambda conn: add_judge(conn, "j1", "")).ref
    receipt = writer.do(lambda conn: send(conn, judge, {"need": Cell("5")}))
    assert json.loads(json.dumps(receipt.revisions)) == {"need": 1}
