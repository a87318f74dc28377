"""A live event: its database, its definition, and who is told when it changes."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from review import app
from review.errors import UsageError
from review.live.changing import Changed
from review.live.definition import Definition
from review.live.deriving import Deriver, Question, result_head
from review.live.pseudonyms import has_people, refuse_people
from review.live.tallies import Tallies
from review.messages import Message
from review.store import changes, publications, transfer
from review.store.database import Database, address_of, now
from review.store.waking import Waking
from review.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from review.app import Opened
    from review.store.publications import Publication

DATABASE = "live.sqlite3"
COMPETITION = "competition.toml"


class _Shown(NamedTuple):
    """What was found to be published, and the end of an embargo that changes it."""

    publication: Publication | None
    until: str | None


class Event:
    """An event that this process serves, alone on SQLite or beside others on PostgreSQL.

    All of it may be used from any thread. `definition` is the one that holds now; subscribe to
    `changed` to be told when the record grows; `differences` is what the folder said when the event
    was opened and the event does not know.
    """

    def __init__(self, database: Database, question: Question, definition: Definition) -> None:
        """Made by `open`."""
        self.database = database
        self.definition = definition
        self.differences: tuple[Message, ...] = ()
        self.changed = Changed()
        self.tallies = Tallies()
        self.writer = Writer(database)
        self.deriver = Deriver(question, self._result_head)
        self._question = question
        self._shown: _Shown | None = None
        self._renewing = threading.Lock()
        self._telling = threading.Lock()
        self._told = 0
        self._closing = ExitStack()

    @classmethod
    def open(
        cls,
        folder: Path | None,
        database: str | None = None,
        *,
        local_plugins: bool = True,
        blocked: Collection[str] = (),
    ) -> Event:
        """Serve the event of a folder; a database without one takes the folder in.

        `database`: a path or an address, by default `live.sqlite3` in the folder. Raises StoreError
        where the database cannot be opened or is served already, DataError where the folder has
        errors, UsageError where there is neither a folder nor an event.
        """
        if database is None and folder is None:
            raise UsageError(Message("live_no_folder"))
        address = database if database is not None else (folder or Path()) / DATABASE
        opened = _opened(folder, local_plugins=local_plugins, blocked=blocked)
        if _is_to_be_made(address):  # and is not made for a folder that cannot be taken in
            if opened is not None:
                transfer.refuse_errors(opened)
            elif folder is not None:
                raise UsageError(Message("live_no_competition", {"folder": str(folder)}))
            else:
                raise UsageError(Message("live_no_event", {"database": str(address)}))
        with ExitStack() as closing:
            kept = Database.open(address)
            closing.callback(kept.close)
            closing.enter_context(kept.alone())
            question = Question(kept.url, local_plugins, tuple(blocked))
            _take_in(kept, opened)
            with kept.reading() as conn:
                definition = _kept_definition(conn, question)
            event = cls(kept, question, definition)
            closing.callback(event.writer.close)
            closing.callback(event.deriver.close)
            if opened is not None:
                event.differences = _differences(kept, opened)
            event.writer.subscribe(event._written)
            waking = Waking(kept, event._written)
            closing.callback(waking.close)
            event._closing = closing.pop_all()
        return event

    def close(self) -> None:
        """Finish what was submitted, and let go of everything."""
        self._closing.close()

    def publication(self) -> Publication | None:
        """What everybody may see now, if anything."""
        found, at = self._shown, now()
        if found is None or (found.until is not None and found.until <= at):
            with self.database.reading() as conn:
                waiting = publications.pending(conn, at)
                until = None if waiting is None else waiting.until
                found = _Shown(publications.published(conn, at), until)
            self._shown = found
        return found.publication

    def look_again(self) -> None:
        """Forget what was published: something has just been changed there."""
        self._shown = None

    def published_rounds(self) -> frozenset[str]:
        """The rounds whose results everybody may see now."""
        shown = self.publication()
        return frozenset(shown.what["rounds"] if shown else ())

    def renew(self, folder: Path, *, actor: str) -> Definition:
        """Take what a folder says now for the definition; marks stay.

        Raises DataError where it has errors, UsageError where it holds no competition, Refused
        where it would bring back people who were erased.
        """
        how = self._question
        opened = _opened(folder, local_plugins=how.local_plugins, blocked=how.blocked)
        if opened is None:
            raise UsageError(Message("live_no_competition", {"folder": str(folder)}))

        def take(conn: Connection) -> None:
            refuse_people(conn, opened.loaded)
            transfer.renew(conn, opened, actor=actor)

        self.writer.do(take)
        self._read_definition()
        self.differences = ()
        return self.definition

    def _written(self, seq: int) -> None:
        """Something was recorded, here or by another process; told once."""
        with self._telling:
            if seq <= self._told:
                return
            self._told = seq
        self._shown = None
        self._read_definition()
        self.changed.tell(seq)

    def _read_definition(self) -> None:
        with self.database.reading() as conn:
            self.definition_for(conn)

    def definition_for(self, conn: Connection) -> Definition:
        """The definition that holds in a transaction; another process may have brought a new one.

        `definition` is as new as the last event that this process was told of.
        """
        version = _version(conn)
        if version != self.definition.version:
            with self._renewing:
                if version > self.definition.version:
                    self.definition = _kept_definition(conn, self._question)
        return self.definition

    def _result_head(self) -> int:
        with self.database.reading() as conn:
            return result_head(conn)


def _is_to_be_made(address: str | Path) -> bool:
    """Whether a database is an SQLite file that is not there yet."""
    found = address_of(address)
    return found.get_backend_name() == "sqlite" and not Path(found.database or "").exists()


def _opened(folder: Path | None, *, local_plugins: bool, blocked: Collection[str]) -> Opened | None:
    """The competition of a folder, if it holds one."""
    if folder is None or not (folder / COMPETITION).is_file():
        return None
    return app.load(
        folder,
        local_plugins=local_plugins,
        blocked=blocked,
        judged_live=True,
    )


def _take_in(database: Database, opened: Opened | None) -> None:
    """Keep a folder's competition in a database that has none."""
    with database.reading() as conn:
        if _version(conn):
            return
    if opened is None:
        raise UsageError(Message("live_no_event", {"database": database.shown}))
    with database.writing() as conn:
        transfer.import_folder(conn, opened)


def _version(conn: Connection) -> int:
    """The number of the last version of the definition; 0 where there is none."""
    versions = changes.definitions(conn)
    return versions[-1].version if versions else 0


def _kept_definition(conn: Connection, question: Question) -> Definition:
    version, files = changes.definition(conn)
    return Definition.read(
        version, files, local_plugins=question.local_plugins, blocked=question.blocked
    )


def _differences(database: Database, opened: Opened) -> tuple[Message, ...]:
    with database.reading() as conn:
        if has_people(conn, opened.loaded):
            return (Message("folder_has_people"),)
        found: Sequence[Message] = transfer.compare_definition(conn, opened)
    return tuple(found)
