from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from review.errors import StoreError
from review.store import chain
from review.store.database import BUSY, Database, address_of
from review.store.migrating import configuration
from review.store.places import drive_of, refuse_network
from review.store.schema import APPEND_ONLY
from review.store.triggers import create_triggers, missing_triggers
from review.store.versions import LATEST
from tests.store.staging import stage, unguarded

if TYPE_CHECKING:
    from review.store.writer import Writer


HOLD = """
import sys, time
from review.store.database import Database
with Database.open(sys.argv[1]).alone():
    print('held', flush=True)
    time.sleep(60)
"""
LIST = """
import sys
from review.store import backup, marks, publications, waking, writer
from review.store.database import Database
Database.open(sys.argv[1]).close()
roots = {name.partition('.')[0] for name in sys.modules}
print(*roots & {'alembic', 'psycopg', 'argon2', 'polars'})
"""


def code_of(url: str | Path) -> str:
    """Why a database is not opened."""
    with pytest.raises(StoreError) as refused:
        Database.open(url)
    assert refused.value.message.render("en")
    return refused.value.message.code


def test_database_is_made_and_opened_again(database_url: str) -> None:
    first = Database.open(database_url)
    with first.writing() as conn:
        link = chain.append(conn, "noted", chain.SYSTEM, {})
    first.close()
    second = Database.open(database_url)
    with second.reading() as conn:
        assert chain.head(conn) == link
    second.close()


def test_tables_are_those_of_the_schema(database: Database) -> None:
    with database.engine.connect() as conn:
        command.check(configuration(conn))


def test_latest_version_is_the_last_migration(database: Database) -> None:
    with database.engine.connect() as conn:
        scripts = ScriptDirectory.from_config(configuration(conn))
    assert scripts.get_current_head() == LATEST


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "what", ["UPDATE {} SET at = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_record_is_append_only(database: Database, writer: Writer, table: str, what: str) -> None:
    writer.do(stage)
    wanted = "syntax" if database.dialect == "sqlite" and "TRUNC" in what else "append-only"
    with pytest.raises(DBAPIError, match=wanted), database.writing() as conn:
        conn.exec_driver_sql(what.format(table))


def test_missing_trigger_is_found_at_opening(database: Database) -> None:
    with database.writing() as conn:
        on = "" if database.dialect == "sqlite" else " ON event"
        conn.exec_driver_sql(f"DROP TRIGGER event_no_update{on}")
    assert code_of(database.url) == "triggers_missing"
    with database.writing() as conn:
        create_triggers(conn)
        assert missing_triggers(conn) == []
    Database.open(database.url).close()


def test_trigger_that_was_turned_off_is_found(postgresql_url: str) -> None:
    database = Database.open(postgresql_url)
    with database.writing() as conn:
        conn.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER event_no_delete")
    assert code_of(postgresql_url) == "triggers_missing"
    database.close()


def test_database_of_something_else_is_left_alone(database_url: str) -> None:
    other = Database.connected(address_of(database_url))
    with other.engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE recipe (title TEXT)")
    assert code_of(database_url) == "database_not_ours"
    other.close()


def test_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.writing() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert code_of(database.url) == "database_newer"


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "live.sqlite3"
    file.write_bytes(b"not a database, but long enough to have a header" * 100)
    assert code_of(file) == "database_unreadable"


def test_server_that_is_away_is_told_without_the_password() -> None:
    url = "postgresql://ona:secret@127.0.0.1:1/nothing"
    with pytest.raises(StoreError) as refused:
        Database.open(url)
    assert refused.value.message.code == "database_unreadable"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "sqlite://", "postgresql://h:port/x", "://"]
)
def test_other_kind_of_database_is_refused(url: str) -> None:
    assert code_of(url) == "database_unknown"


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert code_of(tmp_path / "no" / "live.sqlite3") == "database_no_folder"


def test_path_and_address_name_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "with blank 和" / "live.sqlite3"
    path.parent.mkdir()
    for given in (path, str(path), f"sqlite:///{path}"):
        database = Database.open(given)
        assert (database.path, database.shown) == (path, str(path))
        assert Database.connected(address_of(database.url)).path == path
        database.close()


def test_file_is_kept_the_way_that_loses_nothing(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    with database.reading() as conn:
        found = {
            name: conn.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (
                "journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete"
            )
        }  # fmt: skip
    database.close()
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY * 1000,
        "secure_delete": 1,
    }  # fmt: skip


def test_second_server_on_a_file_is_refused(sqlite_url: str) -> None:
    first, second = Database.open(sqlite_url), Database.open(sqlite_url)
    with first.alone():
        with pytest.raises(StoreError) as refused, second.alone():
            raise AssertionError
        assert refused.value.message.code == "database_in_use"
    with second.alone():
        pass
    first.close()
    second.close()


def test_server_that_was_killed_leaves_the_file_free(sqlite_url: str) -> None:
    holding = subprocess.Popen(
        [
            sys.executable, "-c",
            HOLD,
            sqlite_url,
        ],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    with holding:
        assert holding.stdout is not None
        assert holding.stdout.readline() == b"held\n"
        database = Database.open(sqlite_url)
        with pytest.raises(StoreError), database.alone():
            raise AssertionError
        holding.kill()
    with database.alone():
        pass
    database.close()


def test_several_servers_share_postgresql(postgresql_url: str) -> None:
    first, second = Database.open(postgresql_url), Database.open(postgresql_url)
    with first.alone(), second.alone():
        pass
    first.close()
    second.close()


def test_reader_sees_one_moment(database: Database) -> None:
    with database.reading() as conn:
        before = chain.head(conn)
        with database.writing() as other:
            chain.append(other, "noted", chain.SYSTEM, {})
        assert chain.head(conn) == before
    with database.reading() as conn:
        assert chain.head(conn).seq == before.seq + 1


def test_exception_undoes_what_was_written(database: Database) -> None:
    def fail() -> None:
        with database.writing() as conn:
            chain.append(conn, "noted", chain.SYSTEM, {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.reading() as conn:
        assert chain.head(conn).seq == 0


def test_two_writers_make_one_chain(database: Database) -> None:
    other = Database.open(database.url)
    for number in range(10):
        with (database, other)[number % 2].writing() as conn:
            chain.append(conn, "noted", chain.SYSTEM, {"number": number})
    with other.reading() as conn:
        assert [event.data["number"] for event in chain.events(conn)] == list(range(10))
        assert [event.seq for event in chain.events(conn, after=3, limit=2)] == [4, 5]
        assert chain.verify(conn) == []
    other.close()


def test_unguarded_is_undone(database: Database, writer: Writer) -> None:
    """What tests do past the application stays in the test."""
    writer.do(stage)
    with unguarded(database) as conn:
        conn.exec_driver_sql("DELETE FROM event")
    with database.reading() as conn:
        assert chain.verify(conn) == []
        assert missing_triggers(conn) == []


MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
//server/x /mnt/with\040blank cifs rw 0 0
/dev/sdb1 /home/local btrfs rw 0 0
""".lstrip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/live.sqlite3", "ext4"),
        ("/home/ona/live.sqlite3", "nfs4"),
        ("/home/local/live.sqlite3", "btrfs"),
        ("/mnt/with blank/live.sqlite3", "cifs"),
    ],
)
def test_network_drive_is_refused(tmp_path: Path, path: str, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert drive_of(Path(path), mounts) == kind
    if kind in {"nfs4", "cifs"}:
        with pytest.raises(StoreError) as refused:
            refuse_network(Path(path), mounts)
        assert refused.value.message.code == "database_on_network"
    else:
        refuse_network(Path(path), mounts)


def test_system_that_tells_no_drives_refuses_none(tmp_path: Path) -> None:
    refuse_network(tmp_path / "live.sqlite3", tmp_path / "nothing")
    (tmp_path / "mounts").write_text("")
    refuse_network(tmp_path / "live.sqlite3", tmp_path / "mounts")


def test_opening_a_database_that_is_there_imports_no_alembic(sqlite_url: str) -> None:
    Database.open(sqlite_url).close()
    done = subprocess.run(
        [
            sys.executable, "-c",
            LIST,
            sqlite_url,
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "\n"


def test_postgresql_without_its_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert code_of("postgresql://localhost/x") == "postgres_not_installed"
