"""What the commands of a live event share: which database, and printing an address."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from review.errors import UsageError
from review.messages import Message
from review.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from review.store.database import Database

database_option = click.option(
    "--database",
    metavar="URL",
    envvar="REVIEW_DATABASE",
    help=N_(
        "postgresql://… instead of the SQLite file live.sqlite3 in DIR (or set REVIEW_DATABASE)."
    ),
)


def database_of(folder: Path, url: str | None) -> str | Path:
    """Where the live event of a folder is kept."""
    return url or folder / "live.sqlite3"


@contextmanager
def existing(folder: Path, url: str | None) -> Iterator[Database]:
    """The database of an event that was served before; UsageError where there is none."""
    from review.store.database import Database

    if url is None and not (folder / "live.sqlite3").exists():
        raise UsageError(Message("live_not_started", {"folder": str(folder)}))
    database = Database.open(database_of(folder, url))
    try:
        yield database
    finally:
        database.close()
