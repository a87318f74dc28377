"""What keeps the record append-only: triggers that refuse to change or delete a row.

Alembic does not know of triggers, and altering a table on SQLite drops them: every migration
ends with `create_triggers`, and opening a database checks that all of them are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from review.store.schema import APPEND_ONLY

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FUNCTION = """
CREATE OR REPLACE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$
"""


def create_triggers(conn: Connection) -> None:
    """Make every trigger anew."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(_FUNCTION))
    for table, what, name in _wanted(conn):
        if conn.dialect.name == "postgresql":
            conn.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
            each = "STATEMENT" if what == "TRUNCATE" else "ROW"
            conn.execute(
                text(
                    f"CREATE TRIGGER {name} BEFORE {what} ON {table}"
                    f" FOR EACH {each} EXECUTE FUNCTION review_refuse()"
                )
            )
        else:
            conn.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            conn.execute(
                text(
                    f"CREATE TRIGGER {name} BEFORE {what} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
                )
            )


def missing_triggers(conn: Connection) -> list[str]:
    """The triggers that are not there or were turned off, by name."""
    there = set(
        conn.scalars(
            text(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
                " AND c.relnamespace = current_schema()::regnamespace"
                if conn.dialect.name == "postgresql"
                else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            )
        )
    )
    return sorted(name for _, _, name in _wanted(conn) if name not in there)


def _wanted(conn: Connection) -> list[tuple[str, str, str]]:
    """`(table, what it refuses, name)`; SQLite has no TRUNCATE."""
    kinds = ["UPDATE", "DELETE"] + ["TRUNCATE"] * (conn.dialect.name == "postgresql")
    return [(table, kind, f"{table}_no_{kind.lower()}") for table in APPEND_ONLY for kind in kinds]
