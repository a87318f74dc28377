"""Learning of what other processes have written: PostgreSQL tells, an SQLite file is asked."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from review.store import chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.store.database import Database

log = logging.getLogger(__name__)

#: Seconds between two questions to an SQLite file; one takes some microseconds.
INTERVAL = 0.25
#: Seconds to wait for PostgreSQL before looking whether to stop, and after losing it.
PATIENCE = 1.0


class Waking:
    """A thread that calls `callback` with the number of the last event when there is a new one."""

    def __init__(self, database: Database, callback: Callable[[int], None]) -> None:
        self._database = database
        self._callback = callback
        self._stop = threading.Event()
        with database.reading() as conn:
            self._seen = chain.head(conn).seq
        watch = self._listen if database.dialect == "postgresql" else self._ask
        self._thread = threading.Thread(
            target=self._keep, args=(watch,), name="review-waking", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def _keep(self, watch: Callable[[], None]) -> None:
        """Watch until closed; a database that is away is sought again."""
        while not self._stop.is_set():
            try:
                watch()
            except Exception:
                log.warning("the database is away; looking for it again", exc_info=True)
                self._stop.wait(PATIENCE)

    def _ask(self) -> None:
        with self._database.engine.connect() as conn:
            raw = conn.connection.driver_connection
            before = None
            while not self._stop.wait(INTERVAL):
                version = raw.execute("PRAGMA data_version").fetchone()  # type: ignore[union-attr]
                if version != before:
                    before = version
                    self._look()

    def _listen(self) -> None:
        import psycopg  # noqa: PLC0415 -- there with PostgreSQL only

        address = self._database.engine.url.set(drivername="postgresql")
        dsn = address.render_as_string(hide_password=False)
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute("LISTEN review_event")
            self._look()  # whatever was missed
            while not self._stop.is_set():
                for _ in conn.notifies(timeout=PATIENCE, stop_after=1):
                    self._look()

    def _look(self) -> None:
        with self._database.reading() as conn:
            seq = chain.head(conn).seq
        if seq != self._seen:
            self._seen = seq
            try:
                self._callback(seq)
            except Exception:
                log.exception("whoever was told of event %d failed", seq)
