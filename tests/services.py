"""Real services for tests: a PostgreSQL cluster of their own, and databases in it.

`tests/conftest.py` registers this module as a plugin, so that every test may ask for `database_url`
(each test twice: on SQLite and on PostgreSQL), `postgresql_url` or `postgresql`.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit

import pytest

from tools import needed

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "postgres"
USER = "review"
MAINTENANCE = "postgres"
# Sorts text by language, as databases of organisers do: an order that SQL leaves to the database
# then shows. No sync: these databases need not outlive the machine.
INITDB = (
    "--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C",
    "--locale-provider=icu", "--icu-locale=en",
)  # fmt: skip
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
}


class PostgreSQL:
    """A cluster in a folder of its own under /tmp, reached through a socket there.

    One for each worker of pytest, made when a test first asks for it.
    """

    def __init__(self) -> None:
        self._programs = needed.postgresql()
        self._folder = Path(tempfile.mkdtemp(prefix="review-postgresql-"))
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self._names = (f"test_{number}" for number in itertools.count(1))
        self._as_owner: tuple[str, ...] = ()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._as_owner = (needed.program("runuser", package="util-linux"), "-u", OWNER, "--")
            shutil.chown(self._folder, OWNER, OWNER)
        self._keeper = self._keep()
        try:
            self._run("initdb", *INITDB, f"--pgdata={self._data}")
            self.start()
        except BaseException:
            self.close()
            raise

    def _keep(self) -> subprocess.Popen[bytes]:
        """A process that cleans up when this one ends, however it ends.

        It waits for the end of a pipe whose other end nobody else holds.
        """
        stop = (*self._as_owner, f"{self._programs}/pg_ctl", "stop", "-m", "immediate")
        return subprocess.Popen(
            ("/bin/sh", "-c", 'cat; "$@"; rm -rf "$0"', self._folder, *stop, "-D", self._data),
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for pytest
        )

    def start(self) -> None:
        """Start it, after `stop`."""
        settings = {**SETTINGS, "unix_socket_directories": self._folder}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._control("start", "-l", str(self._log), "-o", options)

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it: `fast` ends every connection, `immediate` is a crash of the server."""
        self._control("stop", "-m", mode)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop and start it; what was committed is there afterwards."""
        self.stop(mode)
        self.start()

    def create(self, template: str = "template1") -> str:
        """The URL of a new database: empty, or a copy of the one with the URL `template`.

        Nobody may be connected to the template meanwhile.
        """
        name = next(self._names)
        self._execute('CREATE DATABASE "{}" TEMPLATE "{}"', name, _name(template))
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute('DROP DATABASE IF EXISTS "{}" WITH (FORCE)', _name(url))

    def close(self) -> None:
        """Stop it and remove its folder."""
        self._keeper.communicate()

    def _url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={quote(str(self._folder), safe='')}"

    def _execute(self, statement: str, *names: str) -> None:
        import psycopg  # noqa: PLC0415  # most runs need no PostgreSQL

        with psycopg.connect(self._url(MAINTENANCE), autocommit=True) as connection:
            connection.execute(statement.format(*names).encode())

    def _control(self, action: str, *arguments: str) -> None:
        self._run("pg_ctl", action, "-s", "-w", "-D", str(self._data), *arguments)

    def _run(self, name: str, *arguments: str) -> None:
        """Run one of its programs as the owner, in a folder that the owner may enter."""
        command = (*self._as_owner, f"{self._programs}/{name}", *arguments)
        with tempfile.TemporaryFile("w+") as output:  # no pipe: the server would keep it open
            done = subprocess.run(
                command,
                cwd="/",
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            if done.returncode:
                output.seek(0)
                log = self._log.read_text("utf-8", "replace") if self._log.exists() else ""
                pytest.fail(f"{name} {arguments[0]}: {output.read()}{log}", pytrace=False)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The cluster of this worker; fails with what to install where PostgreSQL is missing."""
    try:
        cluster = PostgreSQL()
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)
    yield cluster
    cluster.close()


@pytest.fixture
def postgresql_url(postgresql: PostgreSQL) -> Iterator[str]:
    """An empty PostgreSQL database of this test."""
    url = postgresql.create()
    yield url
    postgresql.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite file of this test, not made yet."""
    return f"sqlite:///{tmp_path / 'live.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Any:
    """An empty database of this test; the test runs once on each engine."""
    return request.getfixturevalue(f"{request.param}_url")
