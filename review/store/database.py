"""Opening a database: an SQLite file or a PostgreSQL server, with the same tables and triggers."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from review.errors import StoreError
from review.messages import Message
from review.store import schema
from review.store.instants import now
from review.store.places import refuse_network
from review.store.triggers import missing_triggers
from review.store.versions import LATEST, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["Database", "now"]

#: Seconds that a short writer (a command) waits for another one on SQLite.
BUSY = 20


class Database:
    """Where a live event is kept; threads may share it, each with its own connections.

    A reader sees one moment however many statements it sends. Writers go one after another: on
    SQLite the file is theirs from the start (`BEGIN IMMEDIATE`), on PostgreSQL the head of the
    chain is (`FOR UPDATE`), so that events of several processes make one chain and no two writers
    can wait for each other.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        reading: dict[str, Any] = (
            {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            if self.dialect == "postgresql"
            else {}
        )
        self._readers = engine.execution_options(**reading)
        self._writers = engine.execution_options(review_writes=True)

    @classmethod
    def open(cls, url: str | Path) -> Database:
        """Open what is there, or make it; bring its tables to this version; check its triggers.

        `url` is a path (an SQLite file), `sqlite:///…` or `postgresql://…`. StoreError where the
        file is on a network drive, is something else, is of a newer version or lacks a trigger.
        """
        database = cls.connected(address_of(url))
        try:
            database.prepare()
        except DBAPIError as found:
            database.close()
            raise StoreError(
                Message(
                    "database_unreadable",
                    {"database": database.shown, "error": str(found.orig).strip()},
                )
            ) from found
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def connected(cls, address: URL) -> Database:
        """A database as it is: nothing in it is made, changed or checked."""
        return cls(_sqlite(address) if address.drivername == "sqlite" else _postgresql(address))

    @property
    def shown(self) -> str:
        """The file's path, or the address without its password."""
        return str(self.path) if self.path else self.engine.url.render_as_string()

    @property
    def url(self) -> str:
        """What `open` takes to open it again, in another process for one; it has the password."""
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.engine.url.database or "") if self.dialect == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads, and sees one moment."""
        with self._readers.connect() as conn, conn.begin():
            yield conn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: all of it, or nothing where an exception leaves it."""
        with self._writers.connect() as conn, conn.begin():
            if self.dialect == "postgresql":
                before = conn.scalar(select(schema.head.c.seq).with_for_update())
                yield conn
                if conn.scalar(select(schema.head.c.seq)) != before:
                    conn.exec_driver_sql("NOTIFY review_event")
            else:
                yield conn

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to serve from this SQLite file; StoreError where another process does.

        The lock is SQLite's own on a file beside it: every system has it, and it ends with the
        process however that ends. PostgreSQL takes any number of servers.
        """
        if self.path is None:
            yield
            return
        with self.lock(self.path):
            yield

    @staticmethod
    @contextmanager
    def lock(path: Path) -> Iterator[None]:
        """What `alone` holds, for a file that need not be there."""
        beside = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None)
        try:
            beside.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as found:
            beside.close()
            raise StoreError(Message("database_in_use", {"database": str(path)})) from found
        try:
            yield
        finally:
            beside.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def prepare(self) -> None:
        """Bring the tables to this version and check the triggers, as `open` does."""
        version = version_of(self.engine)
        if version != LATEST:
            # Alembic takes a while to import; a database of this version does without.
            from review.store.migrating import migrate  # noqa: PLC0415

            migrate(self, version)
        with self.reading() as conn:
            missing = missing_triggers(conn)
        if missing:
            raise StoreError(
                Message("triggers_missing", {"database": self.shown, "triggers": missing})
            )


def address_of(url: str | Path) -> URL:
    """A path or an address as SQLAlchemy has it; StoreError for another kind of database."""
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(Path(url).absolute()))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # From nothing: what SQLAlchemy says has the password.
        raise StoreError(Message("database_unknown")) from None
    kind = address.get_backend_name()
    if kind in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and address.database:
        return URL.create("sqlite", database=str(Path(address.database).absolute()))
    raise StoreError(Message("database_unknown"))


def _sqlite(address: URL) -> Engine:
    path = Path(address.database or "")
    if not path.parent.is_dir():
        raise StoreError(Message("database_no_folder", {"folder": str(path.parent)}))
    refuse_network(path)
    engine = create_engine(address, pool_size=8, max_overflow=32, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin when we say so
    for pragma in (
        f"busy_timeout = {BUSY * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",  # what was acknowledged outlives a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # what was erased is overwritten
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    writes = conn.get_execution_options().get("review_writes")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: URL) -> Engine:
    try:
        return create_engine(
            address, pool_size=8, max_overflow=32, pool_pre_ping=True, hide_parameters=True
        )  # fmt: skip
    except ModuleNotFoundError as found:
        raise StoreError(Message("postgres_not_installed")) from found
