"""A live event behind the commands that look after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import app
from review.store import transfer
from review.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path


def take_in(folder: Path, address: str | Path) -> None:
    """What the first `review serve` does."""
    database = Database.open(address)
    try:
        with database.writing() as conn:
            transfer.import_folder(conn, app.load(folder, judged_live=True))
    finally:
        database.close()


def flat(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def on(url: str) -> tuple[str, str]:
    """The option that names a database."""
    return ("--database", url)
