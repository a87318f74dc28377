from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import LargeBinary, Table, insert, select
from sqlalchemy.exc import IntegrityError

from review.store import chain, seals
from review.store.schema import metadata
from tests.store.staging import ROUND, stage, unguarded

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.store.database import Database
    from review.store.writer import Writer

#: What changes with no event of its own, and a number that nobody reads.
UNHELD = {
    ("session", "seen"),
    ("mark_revision", "id"),
    *(("draft", c.name) for c in metadata.tables["draft"].c),
}
TABLES = [table for table in metadata.sorted_tables if table.name != "draft"]


def each_but(*names: str) -> pytest.MarkDecorator:
    tables = [table for table in TABLES if table.name not in names]
    return pytest.mark.parametrize("table", tables, ids=lambda table: table.name)


def test_untouched_event_verifies(database: Database, writer: Writer) -> None:
    writer.do(stage)
    with database.reading() as conn:
        assert chain.verify(conn) == []


def test_empty_event_verifies(database: Database) -> None:
    with database.reading() as conn:
        assert chain.verify(conn) == []


def test_stage_fills_every_table(database: Database, writer: Writer) -> None:
    writer.do(stage)
    with database.reading() as conn:
        empty = [t.name for t in metadata.sorted_tables if not conn.execute(select(t)).all()]
    assert empty == []


@each_but()
def test_changed_value_is_found(database: Database, writer: Writer, table: Table) -> None:
    """Whatever is changed in whatever row."""
    writer.do(stage)
    unseen = []
    with unguarded(database) as conn:
        for row in _rows(conn, table):
            for column in table.c:
                if (table.name, column.name) in UNHELD:
                    continue
                value = _other(column, getattr(row, column.name))
                with conn.begin_nested() as point:
                    try:
                        conn.execute(table.update().where(_is(table, row)).values({column: value}))
                        found = chain.verify(conn)
                    except IntegrityError:  # a constraint holds it already
                        found = [chain.Finding("refused", "", "")]
                    point.rollback()
                if not found:
                    unseen.append((column.name, tuple(row)))
    assert unseen == []


@each_but("code")  # one that ran out goes without an event
def test_deleted_row_is_found(database: Database, writer: Writer, table: Table) -> None:
    writer.do(stage)
    unseen = []
    with unguarded(database) as conn:
        for row in _rows(conn, table):
            with conn.begin_nested() as point:
                conn.execute(table.delete().where(_is(table, row)))
                found = table.name == "head" or chain.verify(conn)
                point.rollback()
            if not found:
                unseen.append(tuple(row))
    assert unseen == []


@each_but("head")  # a constraint lets one row be
def test_added_row_is_found(database: Database, writer: Writer, table: Table) -> None:
    writer.do(stage)
    unseen = []
    with unguarded(database) as conn:
        for row in _rows(conn, table):
            values = row._asdict()
            unique = [c for c in table.c if c.primary_key or c.unique or c.name == "criterion"]
            for column in unique:
                values[column.name] = _other(column, values[column.name])
            with conn.begin_nested() as point:
                conn.execute(insert(table), values)
                found = chain.verify(conn)
                point.rollback()
            if not found:
                unseen.append(values)
    assert unseen == []


def _rows(conn: Connection, table: Table) -> list[Any]:
    return list(conn.execute(select(table)).all())


def _is(table: Table, row: Any) -> Any:
    """The one row, by its key."""
    keys = [column == getattr(row, column.name) for column in table.primary_key]
    condition = keys[0]
    for key in keys[1:]:
        condition &= key
    return condition


def _other(column: Any, value: Any) -> Any:
    """Another value of the column's type."""
    if isinstance(column.type, LargeBinary):
        return (value or b"") + b"!"
    if column.type.python_type is int:
        return (value or 0) + 1000
    return {"kept": "left_out", "open": "closed"}.get(value, f"{value or ''}!")


def test_text_made_null_is_found(database: Database, writer: Writer) -> None:
    """Erasing needs an event that says so."""
    writer.do(stage)
    for statement in (
        "UPDATE words SET text = NULL, salt = NULL",
        "UPDATE decision SET by = NULL, second = NULL, why = NULL, salt = NULL",
        "UPDATE definition_file SET content = NULL, salt = NULL",
        "UPDATE person SET name = '', salt = NULL",
        "UPDATE publication SET result = '', page = ''",
    ):
        with unguarded(database) as conn:
            conn.exec_driver_sql(statement.replace(" by ", ' "by" '))
            assert chain.verify(conn) != []


def test_erased_words_verify(database: Database, writer: Writer) -> None:
    staged = writer.do(stage)
    with database.reading() as conn:
        table = metadata.tables["words"]
        digest = conn.scalars(select(table.c.digest).where(table.c.round == ROUND)).first()
    assert digest is not None
    writer.do(lambda conn: chain.erase_words(conn, digest, actor=staged.organiser))
    with database.reading() as conn:
        assert chain.words_of(conn, digest) is None
        assert chain.verify(conn) == []


def test_rewritten_chain_is_betrayed_by_the_published_head(
    database: Database, writer: Writer
) -> None:
    """Whoever rewrites every hash after an event cannot rewrite what was published."""
    writer.do(stage)
    with unguarded(database) as conn:
        table = metadata.tables["event"]
        rows = conn.execute(select(table).order_by(table.c.seq)).all()
        before = rows[0].prev
        for row in rows:
            hashed = seals.event(
                before, row.seq, "2000" + row.at[4:], row.kind, row.actor, row.data
            )
            conn.execute(
                table.update()
                .where(table.c.seq == row.seq)
                .values(prev=before, hash=hashed, at="2000" + row.at[4:])
            )
            before = hashed
        conn.execute(metadata.tables["head"].update().values(hash=before))
        codes = {(found.code, found.table) for found in chain.verify(conn)}
    assert ("row_changed", "publication") in codes


def test_event_that_makes_no_sense_is_found(database: Database, writer: Writer) -> None:
    """Sealed, but with data that its kind does not have."""
    writer.do(lambda conn: chain.append(conn, "ballot", "somebody", {"op": 1}))
    with database.reading() as conn:
        assert chain.verify(conn) == [chain.Finding("row_changed", "event", "1")]


def test_event_that_is_not_as_we_write_it_is_found(database: Database) -> None:
    """Sealed, and the same JSON but for a blank."""
    data = '{"a": 1}'
    hashed = seals.event(seals.GENESIS, 1, "now", "noted", "system", data)
    with database.writing() as conn:
        conn.execute(
            insert(metadata.tables["event"]),
            {
                "seq": 1, "at": "now", "kind": "noted", "actor": "system", "data": data,
                "prev": seals.GENESIS, "hash": hashed,
            },
        )  # fmt: skip
        conn.execute(metadata.tables["head"].update().values(seq=1, hash=hashed))
        assert chain.verify(conn) == [chain.Finding("row_changed", "event", "1")]


def test_finding_tells_where(database: Database, writer: Writer) -> None:
    writer.do(stage)
    with unguarded(database) as conn:
        conn.exec_driver_sql("DELETE FROM event WHERE seq = 3")
        found = chain.verify(conn)
    assert found[0].message.render("en") == "event 3: taken out past the application"
