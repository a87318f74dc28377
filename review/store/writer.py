"""One thread that writes: many operations, one commit, and only then the answers.

A commit waits for the disk. Whatever arrives meanwhile is done in the next transaction, each
operation under its own savepoint so that a refused one takes nothing with it.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError

from review.errors import StoreError
from review.messages import Message
from review.store import chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from review.store.database import Database

T = TypeVar("T")

log = logging.getLogger(__name__)

#: How many operations share a commit at most.
BATCH = 128
#: Seconds for which a lost connection is sought again before operations are told that it failed.
PATIENCE = 20.0
#: What PostgreSQL says when trying again is all there is to do: serialisation, deadlock.
AGAIN = frozenset({"40001", "40P01"})


class Writer:
    """The one writer of a process; `do` and `submit` may be called from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._callbacks: list[Callable[[int], None]] = []
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="review-writer", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[[Connection], T]) -> Future[T]:
        """Do `fn` in a transaction; the future has its result once it is on the disk.

        An exception of `fn` undoes what `fn` did alone, and is the future's.
        """
        job = _Job(fn)
        with self._closing:
            if self._closed:
                raise StoreError(Message("writer_closed"))
            self._jobs.put(job)
        return job.future

    def do(self, fn: Callable[[Connection], T]) -> T:
        """Submit, and wait until it is on the disk."""
        return self.submit(fn).result()

    def subscribe(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call `callback` with the number of the last event after commits; returns how to end it.

        It is called by the writer's thread: it must be quick.
        """
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    def close(self) -> None:
        """Finish what was submitted, and stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        last = False
        while not last:
            batch = [self._jobs.get()]
            while len(batch) < BATCH and not self._jobs.empty():
                batch.append(self._jobs.get())
            last = None in batch
            jobs = [
                job
                for job in batch
                if job is not None and job.future.set_running_or_notify_cancel()
            ]
            if jobs:
                self._write(jobs)

    def _write(self, jobs: list[_Job[Any]]) -> None:
        """Commit a batch and answer it; a lost connection is sought again for a while."""
        give_up = time.monotonic() + PATIENCE
        pause = 0.05
        while True:
            try:
                seq = self._commit(jobs)
            except DBAPIError as found:
                if _worth_another_try(found) and time.monotonic() < give_up:
                    time.sleep(pause)
                    pause = min(pause * 2, 1.0)
                    continue
                log.exception("a batch of %d operations was not stored", len(jobs))
                _fail(jobs, found)
            except BaseException as found:
                log.exception("a batch of %d operations was not stored", len(jobs))
                _fail(jobs, found)
            else:
                self._answer(jobs, seq)
            return

    def _commit(self, jobs: list[_Job[Any]]) -> int:
        with self._database.writing() as conn:
            for job in jobs:
                job.run(conn)
            return chain.head(conn).seq

    def _answer(self, jobs: list[_Job[Any]], seq: int) -> None:
        for job in jobs:
            job.answer()
        for callback in tuple(self._callbacks):
            try:
                callback(seq)
            except Exception:
                log.exception("whoever was told of event %d failed", seq)


class _Job(Generic[T]):
    """An operation and its outcome, which is told only after the commit."""

    def __init__(self, fn: Callable[[Connection], T]) -> None:
        self.fn = fn
        self.future: Future[T] = Future()
        self.result: T | None = None
        self.error: BaseException | None = None

    def run(self, conn: Connection) -> None:
        """Do it under a savepoint; only what ends the whole transaction is raised."""
        self.result = self.error = None
        # In plain SQL: SQLAlchemy's own savepoints cost as much as two statements more.
        conn.exec_driver_sql("SAVEPOINT operation")
        try:
            self.result = self.fn(conn)
        except DBAPIError as found:
            if _worth_another_try(found):
                raise
            self._undo(conn, found)
        except BaseException as found:  # noqa: BLE001 -- it is the caller's
            self._undo(conn, found)
        else:
            conn.exec_driver_sql("RELEASE SAVEPOINT operation")

    def _undo(self, conn: Connection, found: BaseException) -> None:
        conn.exec_driver_sql("ROLLBACK TO SAVEPOINT operation")
        conn.exec_driver_sql("RELEASE SAVEPOINT operation")
        self.error = found

    def answer(self) -> None:
        """Tell whoever waits."""
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


def _worth_another_try(found: DBAPIError) -> bool:
    """Whether the database was away or asked for the same again."""
    state = getattr(found.orig, "sqlstate", None) or ""
    away = state[:2] in {"08", "57"} or (state == "" and _is_postgres(found))
    return found.connection_invalidated or state in AGAIN or away


def _is_postgres(found: DBAPIError) -> bool:
    return (
        type(found.orig).__module__.startswith("psycopg")
        and type(found.orig).__name__ == "OperationalError"
    )


def _fail(jobs: list[_Job[Any]], found: BaseException) -> None:
    for job in jobs:
        error = StoreError(Message("not_stored"))
        error.__cause__ = found
        job.future.set_exception(error)
