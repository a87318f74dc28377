"""How far a round is, and where judges disagree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from review.live import ballots, picture
from review.live.coverage import Disagreement, coverage, disagreement
from review.live.picture import Place
from review.store import changes
from tests.live.conftest import FIRST, begin, give, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from review.live.event import Event


def test_matrix_has_the_state_of_every_ballot_that_is_asked_for(event: Event) -> None:
    begin(event)
    give(event, "j1", "p1", "9", "9")
    give(event, "j1", "p2", "9")
    receipt = give(event, "j 2", "项目/3", "recused", "recused")
    found = coverage(event, FIRST)
    assert found.proposals == ["p2", "p1", "p4", "项目/3"]
    assert found.cells == {
        ("j1", "p2"): "part", ("j1", "p1"): "done", ("j1", "p4"): "withdrawn",
        ("j1", "项目/3"): "conflict",
        ("j 2", "p2"): "todo", ("j 2", "p1"): "todo", ("j 2", "p4"): "withdrawn",
        ("j 2", "项目/3"): "recused",
        ("评委3", "p2"): "todo", ("评委3", "p1"): "todo", ("评委3", "p4"): "withdrawn",
        ("评委3", "项目/3"): "todo",
    }  # fmt: skip
    assert (found.expected, found.marked, found.missing) == (16, 3, 11)
    bo = next(line for line in found.judges if line.judge == "j 2")
    assert (bo.name, bo.expected, bo.marked, bo.missing, bo.todo, bo.part, bo.done, bo.at) == (
        "Bo", 6, 0, 4, 2, 0, 1, receipt.at,
    )  # fmt: skip
    assert [line.judge for line in found.behind] == ["评委3", "j 2", "j1"]


def test_withdrawn_judge_is_expected_to_give_nothing_more(event: Event) -> None:
    begin(event)
    give(event, "j1", "p1", "9", "9")
    give(event, "j1", "p2", "9")
    ref = judge(event, "j1").ref
    for how, expected in (("kept", (14, 2, 12)), ("left_out", (12, 0, 12))):
        event.writer.do(
            lambda conn, how=how: changes.withdraw_judge(conn, ref, how, actor="system", why="x")  # type: ignore[misc]
        )
        found = coverage(event, FIRST)
        assert (found.expected, found.marked, found.missing) == expected


def test_coverage_before_the_round_opens_is_empty(light: Event) -> None:
    found = coverage(light, FIRST)
    assert (found.judges, found.cells, found.expected) == ([], {}, 0)


def test_coverage_and_list_ask_the_database_as_often_for_many_as_for_few(
    light: Event, statements: Callable[[], int]
) -> None:
    begin(light)
    give(light, "j1", "p1", "9", "9")
    who = judge(light, "j1")
    coverage(light, FIRST)
    ballots.judge_list(light, who, FIRST)
    statements()
    coverage(light, FIRST)
    few = statements()
    ballots.judge_list(light, who, FIRST)
    of_list = statements()
    for proposal in ("p1", "p2", "项目/3"):
        give(light, "j 2", proposal, "8", "8")
    coverage(light, FIRST)
    light.published_rounds()
    statements()
    coverage(light, FIRST)
    assert (statements(), few) == (4, 4)
    ballots.judge_list(light, judge(light, "j 2"), FIRST)
    assert (statements() - 1, of_list) == (3, 3)  # but for who it is


def test_marks_of_a_transaction_that_is_undone_are_not_counted(light: Event) -> None:
    begin(light)
    form = light.definition.form(FIRST)

    def store_and_fail(conn: Connection) -> None:
        from review.store import marks  # noqa: PLC0415 -- one test's own

        marks.record(
            conn, op="x", person=judge(light, "j1").ref, round=FIRST, proposal="p1",
            cells={"need": marks.Cell("9")}, base={}, comment=None,
        )  # fmt: skip
        assert light.tallies.peek(conn, form).ballots
        raise LookupError

    with pytest.raises(LookupError):
        light.writer.do(store_and_fail)
    assert coverage(light, FIRST).marked == 0


def test_disagreement_tells_the_widest_spread_first(event: Event) -> None:
    begin(event)
    for who, marks in {"j1": ("9", "9"), "j 2": ("6", "3"), "评委3": ("8", "8")}.items():
        give(event, who, "p1", *marks)
        give(event, who, "p2", "7", "7" if who == "j1" else "7.5")
    give(event, "j 2", "项目/3", "1", "1")
    give(event, "评委3", "项目/3", "10")  # not complete
    assert disagreement(event, FIRST) == [
        Disagreement(
            "p1", 3, Decimal("7.33"), Decimal("4.00"),
            ("j 2", Decimal("5.00")), ("j1", Decimal("9.00")),
            (Decimal("5.00"), Decimal("8.00"), Decimal("9.00")),
        ),
        Disagreement(
            "p2", 3, Decimal("7.11"), Decimal("0.17"),
            ("j1", Decimal("7.00")), ("评委3", Decimal("7.17")),
            (Decimal("7.00"), Decimal("7.17"), Decimal("7.17")),
        ),
    ]  # fmt: skip


def test_disagreement_leaves_out_whose_marks_do_not_count(light: Event) -> None:
    begin(light)
    for who in ("j1", "j 2"):
        give(light, who, "p1", "9", "9")
    ref = judge(light, "j1").ref
    light.writer.do(
        lambda conn: changes.withdraw_judge(conn, ref, "left_out", actor="system", why="x")
    )
    assert disagreement(light, FIRST) == []


def test_picture_has_the_judges_own_marks_and_no_others(event: Event) -> None:
    begin(event)
    give(event, "j1", "p1", "9", "9")
    give(event, "j1", "p2", "6", "3", "1")
    give(event, "j 2", "p1", "1", "1")
    mine = picture.picture(event, judge(event, "j1"), FIRST)
    assert (mine.ballots, mine.mean, mine.deviation) == (2, Decimal("7.00"), Decimal("2.00"))
    assert mine.order == [Place(1, "p1", Decimal("9.00")), Place(2, "p2", Decimal("5.00"))]
    assert mine.histogram == {
        "need": [(Decimal(6), 1), (Decimal(9), 1)],
        "team spirit": [(Decimal(3), 1), (Decimal(9), 1)],
        "remark": [(Decimal(1), 1)],
    }


def test_picture_of_who_has_marked_nothing_is_blank(light: Event) -> None:
    begin(light)
    give(light, "j1", "p1", "9")
    mine = picture.picture(light, judge(light, "j1"), FIRST)
    assert (mine.ballots, mine.mean, mine.deviation, mine.order) == (0, None, None, [])
