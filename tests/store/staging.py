"""An event with something in every table, and how its rows are reached past the application."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from review.store import changes, marks, people, publications, rounds, sessions
from review.store.instants import later, now
from review.store.schema import APPEND_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from review.store.database import Database
    from review.store.writer import Writer

ROUND = "初评/第 1 轮"


class Staged(NamedTuple):
    judges: tuple[str, ...]
    organiser: str
    link: str
    session: str
    decision: int
    publication: int


def new_op() -> str:
    return str(uuid.uuid4())


def send(  # noqa: PLR0913 -- what a ballot is
    conn: Connection,
    person: str,
    cells: Mapping[str, marks.Cell],
    *,
    op: str | None = None,
    proposal: str = "p1",
    base: Mapping[str, int] | None = None,
    comment: str | None = None,
    client_time: str | None = None,
) -> marks.Receipt:
    return marks.record(
        conn,
        op=op or new_op(),
        person=person,
        round=ROUND,
        proposal=proposal,
        cells=cells,
        base=base or {},
        comment=comment,
        client_time=client_time,
    )


def open_round(conn: Connection) -> rounds.RoundState:
    return rounds.change(conn, ROUND, "open", version=0, actor="system", entrants=["p1", "p2"])


def stage(conn: Connection) -> Staged:
    """One of everything."""
    changes.add_definition(conn, {"competition.toml": b"id = 'x'", "judges.csv": b"id\nj1"}, "r1")
    organiser = people.add_organiser(conn, "Ona Gan").ref
    judges = tuple(
        people.add_judge(conn, judge, name, actor=organiser).ref
        for judge, name in (("j1", "陈思远"), ("j2", "Bea Blum"), ("j3", "Cy Cole"))
    )
    people.rename(conn, judges[2], "Cyrus Cole", actor=organiser)
    people.set_password(conn, organiser, "ona", "$argon2id$v=19$made-up")
    link = people.new_link(conn, judges[0], actor=organiser)
    people.new_link(conn, judges[1], expires=later(now(), timedelta(days=1)), actor=organiser)
    assert people.use_link(conn, link, now()) is not None
    session = sessions.open_session(conn, judges[0], now())
    sessions.end(conn, sessions.open_session(conn, judges[1], now()))
    sessions.open_session(conn, organiser, now())
    people.take_code(conn, people.new_code(conn, judges[0], actor=organiser), now())
    wrong = people.new_code(conn, judges[1], actor=organiser)[:2] + "22222222"
    people.take_code(conn, wrong, now())
    open_round(conn)
    given = {"need": marks.Cell("8.5"), "impact": marks.Cell(None, "abstain")}
    for judge in judges:
        for proposal in ("p1", "p2"):
            send(conn, judge, given, proposal=proposal, comment=f"Said of {proposal}")
    send(conn, judges[0], {"need": marks.Cell("9")}, base={"need": 1}, client_time=now())
    marks.take_in(
        conn, marks.Ballot(new_op(), judges[1], "older", "p9", {"need": marks.Cell("3")}, "Earlier")
    )
    marks.save_draft(conn, ROUND, judges[2], "p1", {"need": "7"})
    rounds.change(
        conn, ROUND, "closed", version=1, actor=organiser, coverage={"missing": 2}, why="late"
    )
    changes.set_proposal_status(conn, "p2", "withdrawn", actor=organiser, why="moved away")
    changes.withdraw_judge(conn, judges[2], "kept", actor=organiser, why="ill")
    decision = changes.decide(
        conn, round=ROUND, proposal="p1", what="shortlist", by="Ona", second=None, why="fair",
        actor=organiser,
    )  # fmt: skip
    changes.undo_decision(conn, decision, actor=organiser)
    changes.decide(
        conn, round=ROUND, proposal="p2", what="reserve", by="Ona", second="Bea", why="fair",
        actor=organiser,
    )  # fmt: skip
    changes.add_definition(conn, {"competition.toml": b"id = 'y'"}, "r2", actor=organiser)
    first = publications.publish(conn, {"rounds": [ROUND]}, "{}", "<p>", actor=organiser)
    publications.withdraw(conn, first.id, actor=organiser)
    second = publications.publish(
        conn, {"rounds": [ROUND], "awards": True}, '{"by": "Bea Blum"}', "<p>", now(),
        actor=organiser,
    )  # fmt: skip
    return Staged(judges, organiser, link, session, decision, second.id)


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """A transaction that may do anything, and is undone."""
    with database.engine.connect() as conn:
        if database.dialect == "sqlite":
            conn.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        with conn.begin() as everything:
            if database.dialect == "postgresql":
                conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
            else:
                for table in APPEND_ONLY:
                    for kind in ("update", "delete"):
                        conn.exec_driver_sql(f"DROP TRIGGER {table}_no_{kind}")
            yield conn
            everything.rollback()


def staged(writer: Writer) -> Staged:
    return writer.do(stage)
