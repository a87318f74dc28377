from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, func, select

from review.errors import Refused
from review.store import chain, marks, people, rounds, schema
from review.store.marks import Cell, StoredCell
from tests.store.staging import ROUND, new_op, open_round, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from review.store.database import Database
    from review.store.writer import Writer

FULL = {"need": Cell("8.5"), "impact": Cell("7"), "team": Cell(None, "abstain")}


@pytest.fixture
def judge(writer: Writer) -> str:
    """A judge, and a round that is open."""
    writer.do(open_round)
    return writer.do(lambda conn: people.add_judge(conn, "j1", "陈思远")).ref


def counted(database: Database) -> tuple[int, int, int]:
    """How many operations, revisions and texts there are."""
    with database.reading() as conn:
        operations, revisions, words = (
            conn.scalar(select(func.count()).select_from(table)) or 0
            for table in (schema.operation, schema.mark_revision, schema.words)
        )
    return operations, revisions, words


def test_ballot_is_stored(database: Database, writer: Writer, judge: str) -> None:
    receipt = writer.do(lambda conn: send(conn, judge, FULL, comment="很好"))
    assert receipt.revisions == {"need": 1, "impact": 1, "team": 1}
    assert not receipt.replay
    with database.reading() as conn:
        assert marks.ballot(conn, ROUND, judge, "p1") == marks.StoredBallot(
            {
                "need": StoredCell("8.5", None, 1),
                "impact": StoredCell("7", None, 1),
                "team": StoredCell(None, "abstain", 1),
            },
            "很好",
            receipt.at,
        )
        assert chain.head(conn).seq == receipt.seq


def test_ballot_nobody_sent_is_empty(database: Database, judge: str) -> None:
    with database.reading() as conn:
        assert marks.ballot(conn, ROUND, judge, "p1") == marks.StoredBallot({}, None, None)


@pytest.mark.parametrize("comment", [None, "", "很好"])
def test_operation_sent_again_counts_once(
    database: Database, writer: Writer, judge: str, comment: str | None
) -> None:
    op = new_op()
    first = writer.do(lambda conn: send(conn, judge, FULL, op=op, comment=comment))
    before = counted(database)
    again = [
        writer.submit(lambda conn: send(conn, judge, FULL, op=op, comment=comment))
        for _ in range(20)
    ]
    assert {(got.at, got.seq, got.replay) for got in (future.result() for future in again)} == {
        (first.at, first.seq, True)
    }
    assert counted(database) == before


def test_operation_sent_again_after_the_round_was_locked_gives_its_receipt(
    writer: Writer, judge: str
) -> None:
    op = new_op()
    first = writer.do(lambda conn: send(conn, judge, FULL, op=op))
    writer.do(lambda conn: rounds.change(conn, ROUND, "locked", version=1, actor="system"))
    again = writer.do(lambda conn: send(conn, judge, FULL, op=op))
    assert (again.seq, again.at, again.replay) == (first.seq, first.at, True)


@pytest.mark.parametrize(
    "other",
    [
        lambda conn, judge, op: send(conn, judge, {"need": Cell("1")}, op=op, comment="很好"),
        lambda conn, judge, op: send(conn, judge, FULL, op=op, comment="不好"),
        lambda conn, judge, op: send(conn, judge, FULL, op=op),
        lambda conn, judge, op: send(conn, judge, FULL, op=op, proposal="p2", comment="很好"),
        lambda conn, judge, op: send(conn, f"not {judge}", FULL, op=op, comment="很好"),
    ],
    ids=["marks", "comment", "no comment", "proposal", "judge"],
)
def test_operation_used_for_something_else_is_refused(
    database: Database,
    writer: Writer,
    judge: str,
    other: Callable[[Connection, str, str], marks.Receipt],
) -> None:
    op = new_op()
    writer.do(lambda conn: send(conn, judge, FULL, op=op, comment="很好"))
    before = counted(database)
    with pytest.raises(Refused) as refused:
        writer.do(lambda conn: other(conn, judge, op))
    assert refused.value.code == "op_reused"
    assert counted(database) == before


@pytest.mark.parametrize("state", ["planned", "locked", "closed"])
def test_ballot_for_a_round_that_is_not_open_is_refused_and_its_operation_is_free(
    database: Database, writer: Writer, judge: str, state: str
) -> None:
    op = new_op()
    if state == "planned":
        with pytest.raises(Refused) as refused:
            writer.do(lambda conn: rounds.holding_open(conn, "not touched"))
    else:
        writer.do(lambda conn: rounds.change(conn, ROUND, state, version=1, actor="system"))
        with pytest.raises(Refused) as refused:
            writer.do(lambda conn: send(conn, judge, FULL, op=op))
        assert counted(database) == (0, 0, 0)
        writer.do(lambda conn: rounds.change(conn, ROUND, "open", version=2, actor="system"))
        assert not writer.do(lambda conn: send(conn, judge, FULL, op=op)).replay
    assert (refused.value.code, refused.value.status) == ("round_not_open", 409)
    assert refused.value.details == {"state": state}


def test_correction_is_a_new_revision(database: Database, writer: Writer, judge: str) -> None:
    writer.do(lambda conn: send(conn, judge, FULL))
    receipt = writer.do(
        lambda conn: send(
            conn, judge, {**FULL, "need": Cell("9")}, base={"need": 1, "impact": 1, "team": 1}
        )
    )
    assert receipt.revisions == {"need": 2, "impact": 1, "team": 1}
    assert counted(database) == (2, 4, 0)
    with database.reading() as conn:
        assert [(m.criterion, m.mark, m.revision) for m in marks.current(conn)] == [
            ("impact", "7", 1),
            ("need", "9", 2),
            ("team", None, 1),
        ]


def test_ballot_that_changes_nothing_is_acknowledged(
    database: Database, writer: Writer, judge: str
) -> None:
    writer.do(lambda conn: send(conn, judge, FULL, comment="很好"))
    receipt = writer.do(lambda conn: send(conn, judge, FULL, comment="很好"))
    assert (receipt.revisions["need"], receipt.replay) == (1, False)
    assert counted(database) == (2, 3, 1)


def test_ballot_from_another_device_is_refused_with_what_is_stored(
    writer: Writer, judge: str
) -> None:
    writer.do(lambda conn: send(conn, judge, {"need": Cell("8")}, comment="很好"))
    second = writer.do(lambda conn: send(conn, judge, {"need": Cell("9")}, base={"need": 1}))
    with pytest.raises(Refused) as refused:
        writer.do(lambda conn: send(conn, judge, {"need": Cell("6")}, base={"need": 1}))
    assert (refused.value.code, refused.value.status) == ("stale", 409)
    assert refused.value.details == {
        "current": [{"criterion": "need", "mark": "9", "state": None, "revision": 2}],
        "comment": "很好",
        "at": second.at,
    }


def test_ballot_that_says_the_same_from_another_device_is_taken(writer: Writer, judge: str) -> None:
    writer.do(lambda conn: send(conn, judge, {"need": Cell("8")}))
    assert writer.do(lambda conn: send(conn, judge, {"need": Cell("8")})).revisions == {"need": 1}


def test_other_criterion_from_another_device_is_taken(writer: Writer, judge: str) -> None:
    writer.do(lambda conn: send(conn, judge, {"need": Cell("8")}))
    assert writer.do(lambda conn: send(conn, judge, {"team": Cell("8")})).revisions == {"team": 1}


def test_blank_is_no_revision_until_it_takes_a_mark_back(
    database: Database, writer: Writer, judge: str
) -> None:
    blank = {"need": Cell(None)}
    assert writer.do(lambda conn: send(conn, judge, blank)).revisions == {"need": 0}
    writer.do(lambda conn: send(conn, judge, {"need": Cell("8")}))
    receipt = writer.do(lambda conn: send(conn, judge, blank, base={"need": 1}))
    assert receipt.revisions == {"need": 2}
    with database.reading() as conn:
        assert marks.ballot(conn, ROUND, judge, "p1").cells == {
            "need": StoredCell(None, "missing", 2)
        }


def test_comment_is_left_changed_and_taken_back(
    database: Database, writer: Writer, judge: str
) -> None:
    told = []
    for comment in ("first", None, "second", "", ""):
        writer.do(lambda conn, said=comment: send(conn, judge, FULL, comment=said))  # type: ignore[misc]
        with database.reading() as conn:
            told.append(marks.ballot(conn, ROUND, judge, "p1").comment)
    assert told == ["first", "first", "second", None, None]
    with database.reading() as conn:
        assert marks.comments(conn) == {}
        assert chain.verify(conn) == []


def test_comments_are_those_of_ballots(database: Database, writer: Writer, judge: str) -> None:
    writer.do(lambda conn: send(conn, judge, FULL, comment="old"))
    writer.do(lambda conn: send(conn, judge, FULL, comment="new"))
    writer.do(
        lambda conn: rounds.change(conn, ROUND, "closed", version=1, actor=judge, why="too late")
    )
    with database.reading() as conn:
        assert marks.comments(conn) == {(ROUND, judge, "p1"): "new"}
        assert marks.comments(conn, "another") == {}


def test_event_of_a_ballot_has_no_text(database: Database, writer: Writer, judge: str) -> None:
    writer.do(
        lambda conn: send(
            conn, judge, FULL, comment="秘密", client_time="2026-11-24T09:00:00+08:00"
        )
    )
    with database.reading() as conn:
        *_, last = chain.events(conn)
    assert (last.kind, last.actor, last.data["client_time"]) == (
        "ballot", judge, "2026-11-24T01:00:00.000000Z"
    )  # fmt: skip
    assert "秘密" not in str(last.to_json())
    assert last.data["cells"] == {
        "need": [1, "8.5", None], "impact": [1, "7", None], "team": [1, None, "abstain"]
    }  # fmt: skip


@pytest.mark.parametrize("clock", ["yesterday", "", None, "0001-01-01T00:00:00+23:59"])
def test_clock_that_is_no_time_is_not_noted(
    database: Database, writer: Writer, judge: str, clock: str | None
) -> None:
    writer.do(lambda conn: send(conn, judge, FULL, client_time=clock))
    with database.reading() as conn:
        *_, last = chain.events(conn)
    assert last.data["client_time"] is None


def test_table_is_taken_in_whatever_the_round(
    database: Database, writer: Writer, judge: str
) -> None:
    given = marks.Ballot(new_op(), judge, "older", "p9", {"need": Cell("3")}, "Said then")
    receipt = writer.do(lambda conn: marks.take_in(conn, given))
    assert receipt.revisions == {"need": 1}
    assert writer.do(lambda conn: marks.take_in(conn, given)).replay
    with database.reading() as conn:
        assert marks.comments(conn, "older") == {("older", judge, "p9"): "Said then"}


def test_current_is_narrowed_down(database: Database, writer: Writer, judge: str) -> None:
    for proposal in ("p1", "p2"):
        writer.do(lambda conn, p=proposal: send(conn, judge, {"need": Cell("8")}, proposal=p))  # type: ignore[misc]
    with database.reading() as conn:
        assert [m.proposal for m in marks.current(conn, ROUND)] == ["p1", "p2"]
        assert [m.proposal for m in marks.current(conn, proposal="p2")] == ["p2"]
        assert marks.current(conn, person="nobody") == []


def test_counts_say_how_far_each_ballot_is(database: Database, writer: Writer, judge: str) -> None:
    given = {**FULL, "extra": Cell(None, "recused"), "more": Cell(None, "missing")}
    receipt = writer.do(lambda conn: send(conn, judge, given))
    with database.reading() as conn:
        assert marks.counts(conn, ROUND) == {
            (judge, "p1"): marks.Progress(2, ("abstain", "recused"), receipt.at)
        }
        assert marks.counts(conn, "another") == {}


def test_draft_is_kept_replaced_and_dropped(database: Database, writer: Writer, judge: str) -> None:
    writer.do(lambda conn: marks.save_draft(conn, ROUND, judge, "p1", {"need": "8"}))
    writer.do(lambda conn: marks.save_draft(conn, ROUND, judge, "p1", {"need": "9"}))
    with database.reading() as conn:
        assert marks.draft(conn, ROUND, judge, "p1") == {"need": "9"}
        assert marks.draft(conn, ROUND, judge, "p2") is None
    writer.do(lambda conn: marks.drop_draft(conn, ROUND, judge, "p1"))
    with database.reading() as conn:
        assert marks.draft(conn, ROUND, judge, "p1") is None


def test_statements_of_a_ballot_do_not_grow(database: Database, writer: Writer, judge: str) -> None:
    """With what is stored already, and with the criteria of the rubric."""

    def statements(number: int, criteria: int) -> int:
        sent: list[str] = []
        listener = lambda *told: sent.append(told[2])  # noqa: E731 -- three of six arguments
        event.listen(database.engine, "before_cursor_execute", listener)
        cells = {f"c{n}": Cell("5") for n in range(criteria)}
        writer.do(lambda conn: send(conn, judge, cells, proposal=f"p{number}", comment="as ever"))
        event.remove(database.engine, "before_cursor_execute", listener)
        return len(sent)

    first = statements(0, 1)
    for number in range(1, 60):
        writer.do(lambda conn, n=number: send(conn, judge, FULL, proposal=f"p{n}"))  # type: ignore[misc]
    assert statements(60, 12) == first
    assert first <= 18
