"""Bringing a database's tables to this version, one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import inspect

from review.errors import StoreError
from review.messages import Message

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.store.database import Database

#: The number of the lock that PostgreSQL holds while tables change: "review" in digits of a phone.
_LOCK = 738439


def migrate(database: Database, version: str | None) -> None:
    """Make the tables, or change those of an older version.

    StoreError where the database belongs to something else or to a newer `review`.
    """
    with database.engine.execution_options(review_writes=True).connect() as conn:
        if conn.dialect.name == "sqlite":
            # Tables are altered by copying, which must not follow foreign keys.
            _raw(conn).execute("PRAGMA foreign_keys = OFF")
        try:
            with conn.begin():
                _upgrade(conn, database, version)
        finally:
            if conn.dialect.name == "sqlite":
                _raw(conn).execute("PRAGMA foreign_keys = ON")


def _upgrade(conn: Connection, database: Database, version: str | None) -> None:
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    if version is None and not inspect(conn).has_table("alembic_version"):
        _refuse_strangers(conn, database)
    try:
        command.upgrade(configuration(conn), "head")
    except CommandError as found:
        raise StoreError(Message("database_newer", {"database": database.shown})) from found


def _raw(conn: Connection) -> Any:
    """The driver's connection: outside a transaction of ours."""
    return conn.connection.driver_connection


def configuration(conn: Connection) -> Config:
    """Alembic's settings for an open connection; its scripts are in the package."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = conn
    return settings


def _refuse_strangers(conn: Connection, database: Database) -> None:
    tables = inspect(conn).get_table_names()
    if tables:
        raise StoreError(
            Message("database_not_ours", {"database": database.shown, "tables": sorted(tables)[:5]})
        )
