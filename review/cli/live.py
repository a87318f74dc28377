"""What the commands of a live event share: which database, and printing an address."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.cli.screen import plain, screen_width
from review.cli.width import indented
from review.errors import StoreError, UsageError
from review.messages import Message
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """The database of an event that was served before.

    UsageError where there is none; StoreError where the database fails meanwhile.
    """
    from sqlalchemy.exc import DBAPIError

    from review.store.changes import definitions
    from review.store.database import Database, address_of

    address = address_of(database_of(folder, url))
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        raise UsageError(Message("live_not_started", {"folder": str(folder)}))
    database = Database.open(database_of(folder, url))
    try:
        with database.reading() as conn:
            if not definitions(conn):
                raise UsageError(Message("live_not_started", {"folder": str(folder)}))
        yield database
    except DBAPIError as found:
        told = {"database": database.shown, "error": str(found.orig).strip()}
        raise StoreError(Message("database_unreadable", told)) from found
    finally:
        database.close()


def say(text: str, *, first: str = "", rest: str = "  ", err: bool = False) -> None:
    """Print a paragraph in the width of the screen."""
    click.echo(indented(plain(text), screen_width(), first, rest), err=err)


def tell_link(address: str, token: str) -> None:
    """Print an organiser's link on a line of its own, where it can be copied."""
    click.echo(_("Organiser, sign in within a day:"))
    click.echo(f"  {address}/join/{token}")
