from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from review.errors import StoreError
from review.store import chain, schema
from review.store.backup import back_up, restore
from review.store.database import Database
from review.store.people import add_judge
from tests.store.staging import ROUND, open_round, stage
from tests.store.test_writer import LOAD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from review.store.writer import Writer
    from tests.services import PostgreSQL


def rows(database: Database) -> dict[str, list[object]]:
    """Everything in every table."""
    with database.reading() as conn:
        return {
            table.name: [*sorted(map(repr, conn.execute(select(table)).all()))]
            for table in schema.metadata.sorted_tables
        }


@pytest.fixture
def target(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where a copy can be put: a file that is not there, or an empty database."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    cluster: PostgreSQL = request.getfixturevalue("postgresql")
    return cluster.create()


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as refused:
        action()
    assert refused.value.message.render("en")
    return refused.value.message.code


def test_copy_has_everything(
    database: Database, writer: Writer, target: str, tmp_path: Path
) -> None:
    writer.do(stage)
    file = tmp_path / "copy"
    head = back_up(database, file)
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy"]
    restored = restore(file, target)
    assert restored.kept is None
    again = Database.open(target)
    with again.reading() as conn:
        assert chain.head(conn) == restored.head == head
        assert chain.verify(conn) == []
    assert rows(again) == rows(database)
    again.close()


def test_copy_of_an_empty_event(database: Database, tmp_path: Path) -> None:
    assert back_up(database, tmp_path / "copy") == (0, "", "0" * 64)


def test_copy_is_of_one_moment_while_marks_arrive(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    with database.writing() as conn:
        judge = add_judge(conn, "j1", "").ref
        open_round(conn)
    running = subprocess.Popen(
        [sys.executable, "-c", LOAD, sqlite_url, judge, ROUND, "1000000"], stdout=subprocess.PIPE
    )
    assert running.stdout is not None
    heads = []
    for n in range(3):
        for _ in range(50):
            running.stdout.readline()
        heads.append(back_up(database, tmp_path / f"copy{n}"))
    running.kill()
    running.communicate()
    for n, head in enumerate(heads):
        copy = Database.open(tmp_path / f"copy{n}")
        with copy.reading() as conn:
            assert chain.head(conn) == head
            assert chain.verify(conn) == []
        copy.close()
    assert heads[0].seq < heads[2].seq
    database.close()


def test_file_that_is_there_is_kept(database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    assert code_of(lambda: back_up(database, tmp_path / "copy")) == "backup_exists"
    assert (tmp_path / "copy").read_text() == "precious"


def test_folder_that_is_not_there_is_told(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    assert code_of(lambda: back_up(database, tmp_path / "no" / "copy")) == "backup_unwritable"
    database.close()


def test_database_that_was_there_is_kept_beside(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    back_up(database, tmp_path / "copy")
    with database.writing() as conn:
        later = chain.append(conn, "noted", chain.SYSTEM, {})
    database.close()
    restored = restore(tmp_path / "copy", sqlite_url)
    assert restored.kept is not None
    kept, again = Database.open(restored.kept), Database.open(sqlite_url)
    with kept.reading() as conn:
        assert chain.head(conn) == later
    with again.reading() as conn:
        assert chain.head(conn).seq == 0
    kept.close()
    again.close()


def test_database_that_was_killed_is_kept_with_its_journal(sqlite_url: str, tmp_path: Path) -> None:
    """What had not reached the file itself yet is kept as well."""
    database = Database.open(sqlite_url)
    back_up(database, tmp_path / "copy")
    done = subprocess.run(
        [sys.executable, "-c", DIE, sqlite_url], check=False, stdout=subprocess.PIPE
    )
    assert done.returncode == 9
    database.close()
    restored = restore(tmp_path / "copy", sqlite_url)
    assert restored.kept is not None
    kept = Database.open(restored.kept)
    with kept.reading() as conn:
        assert chain.head(conn).seq == 1
    kept.close()
    assert [path.name for path in tmp_path.glob("live.sqlite3-*")] == []


DIE = """
import os, sys
from review.store import chain
from review.store.database import Database
with Database.open(sys.argv[1]).writing() as conn:
    chain.append(conn, "noted", chain.SYSTEM, {})
os._exit(9)
"""


def test_database_that_is_served_is_not_replaced(sqlite_url: str, tmp_path: Path) -> None:
    database = Database.open(sqlite_url)
    back_up(database, tmp_path / "copy")
    with database.alone():
        assert code_of(lambda: restore(tmp_path / "copy", sqlite_url)) == "database_in_use"
    database.close()


def test_database_with_tables_is_not_written_into(postgresql_url: str, tmp_path: Path) -> None:
    database = Database.open(postgresql_url)
    back_up(database, tmp_path / "copy")
    assert code_of(lambda: restore(tmp_path / "copy", postgresql_url)) == "restore_not_empty"
    database.close()


def test_copy_of_another_kind_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(b"something else")
    assert code_of(lambda: restore(tmp_path / "copy", database.url)) == "backup_other_kind"


@pytest.mark.parametrize("damage", ["cut", "overwritten", "lost pages", "other tables"])
def test_damaged_copy_is_refused_and_nothing_replaced(
    sqlite_url: str, tmp_path: Path, damage: str
) -> None:
    database = Database.open(sqlite_url)
    with Database.open(sqlite_url).writing() as conn:
        stage(conn)
    copy = tmp_path / "copy"
    back_up(database, copy)
    before = rows(database)
    content = copy.read_bytes()
    if damage == "cut":
        copy.write_bytes(content[: len(content) // 2])
    elif damage == "overwritten":
        copy.write_bytes(content[:8192] + b"\x55" * 20000 + content[28192:])
    elif damage == "lost pages":
        with closing(sqlite3.connect(copy)) as other_hand:
            other_hand.execute("PRAGMA writable_schema = ON")
            other_hand.execute("DELETE FROM sqlite_schema WHERE name = 'ix_event_kind'")
            other_hand.commit()
    else:
        copy.unlink()
        other = Database.connected(Database.open(copy).engine.url)
        with other.engine.begin() as conn:
            conn.exec_driver_sql("DELETE FROM head")
        other.close()
    assert code_of(lambda: restore(copy, sqlite_url)) == "backup_damaged"
    assert rows(database) == before
    database.close()


def test_program_that_is_missing_or_fails_is_named(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.open(postgresql_url)
    back_up(database, tmp_path / "good")
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert code_of(lambda: back_up(database, tmp_path / "copy")) == "program_missing"
    program = programs / "pg_dump"
    program.write_text('#!/bin/sh\necho "no $PGPASSWORD" >&2\nexit 3\n')
    program.chmod(0o755)
    assert code_of(lambda: back_up(database, tmp_path / "copy")) == "program_failed"
    assert not (tmp_path / "copy").exists()
    database.close()


def test_password_goes_by_the_environment(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arguments of a program are for everybody on the machine to read."""
    database = Database.open(postgresql_url.replace("review@", "review:s3cret@"))
    program = tmp_path / "pg_dump"
    program.write_text(
        '#!/bin/sh\nfor a; do case $a in --file=*) echo "$@" "$PGPASSWORD" >"${a#--file=}";; esac;'
        " done\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    back_up(database, tmp_path / "copy")
    *arguments, given = (tmp_path / "copy").read_text().split()
    assert given == "s3cret"
    assert "s3cret" not in " ".join(arguments)
    database.close()
