"""Which version of the tables a database has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

if TYPE_CHECKING:
    from sqlalchemy import Engine

#: The last migration; a test holds it against the folder of migrations.
LATEST = "0001"


def version_of(engine: Engine) -> str | None:
    """The version of a database's tables; None where it has none of ours."""
    with engine.connect() as conn:
        if not inspect(conn).has_table("alembic_version"):
            return None
        found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
        return found
