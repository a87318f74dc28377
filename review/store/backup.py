"""A copy of the database while it is in use, and such a copy put in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from review.errors import StoreError
from review.messages import Message
from review.store import chain
from review.store.database import Database, address_of

if TYPE_CHECKING:
    from sqlalchemy import URL

_SQLITE, _POSTGRESQL = b"SQLite format 3\0", b"PGDMP"


@dataclass(frozen=True, slots=True)
class Restored:
    """The head of the chain of what was put there, and where that which was there is kept."""

    head: chain.Link
    kept: Path | None


def back_up(database: Database, file: Path) -> chain.Link:
    """Copy a database into a new file as of one moment; the head of the chain in the copy.

    It may be written to meanwhile. StoreError where the file is there already, or PostgreSQL's
    `pg_dump` is not.
    """
    if file.exists():
        raise StoreError(Message("backup_exists", {"file": str(file)}))
    part = file.with_name(file.name + ".part")
    try:
        if database.path is None:
            head = _dump(database, part)
        else:
            _copy(database.path, part)
            head = _check(part)
        _sync(part)
        part.rename(file)
    except (OSError, sqlite3.OperationalError) as found:
        raise StoreError(
            Message("backup_unwritable", {"file": str(file), "error": str(found)})
        ) from found
    finally:
        part.unlink(missing_ok=True)
    return head


def restore(file: Path, url: str | Path) -> Restored:
    """Put a copy in the place of a database that nobody serves.

    An SQLite file that is there is kept beside it; a PostgreSQL database must be empty. StoreError
    where the copy is none, is damaged or is of the other kind.
    """
    address = address_of(url)
    with file.open("rb") as copy:
        begins = copy.read(len(_SQLITE))
    wanted = _SQLITE if address.drivername == "sqlite" else _POSTGRESQL
    if not begins.startswith(wanted):
        raise StoreError(Message("backup_other_kind", {"file": str(file)}))
    if wanted is _POSTGRESQL:
        return Restored(_load(file, address), None)
    return _put(file, Path(address.database or ""))


def _put(file: Path, target: Path) -> Restored:
    _check(file)
    part = target.with_name(target.name + ".part")
    with Database.lock(target):
        try:
            _copy(file, part)
            head = _check(part)
            _sync(part)
            kept = _set_aside(target)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    Database.open(target).close()
    return Restored(head, kept)


def _set_aside(target: Path) -> Path | None:
    """Rename what is there, with all that its journal has; None where nothing is there."""
    if not target.exists():
        return None
    with closing(sqlite3.connect(target, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept = target.with_name(f"{target.stem}-before-{stamp}{target.suffix}")
    target.rename(kept)
    return kept


def _copy(source: Path, target: Path) -> None:
    """One moment of an SQLite database as a single file."""
    target.unlink(missing_ok=True)
    origin = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    with closing(origin), closing(sqlite3.connect(target, isolation_level=None)) as copy:
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _check(file: Path) -> chain.Link:
    """The head of the chain in a copy; StoreError where it is damaged or something else."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as conn:
            (found,) = conn.execute("PRAGMA integrity_check(1)").fetchone()
            seq, hashed = conn.execute("SELECT seq, hash FROM head").fetchone()
            at = conn.execute("SELECT at FROM event WHERE seq = ?", (seq,)).fetchone()
    except (sqlite3.DatabaseError, TypeError) as error:
        raise StoreError(Message("backup_damaged", {"file": str(file)})) from error
    if found != "ok":
        raise StoreError(Message("backup_damaged", {"file": str(file)}))
    return chain.Link(seq, at[0] if at else "", hashed)


def _sync(file: Path) -> None:
    """Wait until a file is on the disk."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _dump(database: Database, file: Path) -> chain.Link:
    with database.reading() as conn:
        head = chain.head(conn)
        moment = conn.scalar(text("SELECT pg_export_snapshot()"))
        _run(
            database.engine.url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
            f"--snapshot={moment}", f"--file={file}",
        )  # fmt: skip
    return head


def _load(file: Path, address: URL) -> chain.Link:
    database = Database.connected(address)
    try:
        with database.engine.connect() as conn:
            if inspect(conn).get_table_names():
                raise StoreError(Message("restore_not_empty", {"database": database.shown}))
    finally:
        database.close()
    _run(
        address, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction",
        "--exit-on-error", str(file),
    )  # fmt: skip
    database = Database.open(address.render_as_string(hide_password=False))
    try:
        with database.reading() as conn:
            return chain.head(conn)
    finally:
        database.close()


def _run(address: URL, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL's on a database; the password is not among its arguments."""
    found = shutil.which(program)
    if found is None:
        raise StoreError(Message("program_missing", {"program": program}))
    plain = address.set(drivername="postgresql", password=None)
    environment = {**os.environ}
    if address.password is not None:
        environment["PGPASSWORD"] = str(address.password)
    done = subprocess.run(  # noqa: S603 -- the program is PostgreSQL's, the address the user's own
        [found, *arguments, f"--dbname={plain.render_as_string()}"],
        env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise StoreError(
            Message("program_failed", {"program": program, "error": done.stderr.strip()})
        )
