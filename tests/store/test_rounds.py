from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.errors import Refused
from review.store import chain, rounds
from review.store.rounds import RoundState, Stale

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.store.database import Database
    from review.store.writer import Writer

ROUND = "初评/第 1 轮"


def step(writer: Writer, to: str, version: int, why: str | None = None) -> RoundState:
    coverage = {"expected": 10, "marked": 8, "missing": 2}
    return writer.do(
        lambda conn: rounds.change(
            conn, ROUND, to, version=version, actor="o1", coverage=coverage, why=why
        )
    )


def test_round_that_nobody_touched_is_planned(database: Database) -> None:
    with database.reading() as conn:
        assert rounds.state(conn, ROUND) == RoundState(ROUND, "planned", 0, None, None, None)
        assert rounds.states(conn) == {}


def test_round_goes_its_way(database: Database, writer: Writer) -> None:
    def opening(conn: Connection) -> RoundState:
        return rounds.change(conn, ROUND, "open", version=0, actor="o1", entrants=["p2", "p1"])

    assert writer.do(opening).entrants == ("p2", "p1")
    told = [
        step(writer, to, version)
        for version, to in enumerate(("locked", "open", "locked", "closed"), 1)
    ]
    assert [(state.state, state.version) for state in told] == [
        ("locked", 2), ("open", 3), ("locked", 4), ("closed", 5)
    ]  # fmt: skip
    assert [state.coverage for state in told] == [
        None, None, None, {"expected": 10, "marked": 8, "missing": 2}
    ]  # fmt: skip
    reopened = step(writer, "open", 5, "a judge was late")
    assert (reopened.coverage, reopened.entrants) == (None, ("p2", "p1"))
    with database.reading() as conn:
        assert rounds.states(conn) == {ROUND: reopened}
        kinds = [found.kind for found in chain.events(conn)]
        *_, last = chain.events(conn)
        assert chain.words_of(conn, last.data["why"]) == "a judge was late"
        assert chain.verify(conn) == []
    assert kinds == [
        "round_opened", "round_locked", "round_opened", "round_locked", "round_closed",
        "round_reopened",
    ]  # fmt: skip


def test_round_changed_meanwhile_is_refused(database: Database, writer: Writer) -> None:
    step(writer, "open", 0)
    step(writer, "locked", 1)
    with pytest.raises(Stale) as refused:
        step(writer, "closed", 1)
    assert (refused.value.code, refused.value.status) == ("round_version", 409)
    assert refused.value.details == {"state": "locked", "version": 2}
    with database.reading() as conn:
        assert rounds.state(conn, ROUND).version == 2


@pytest.mark.parametrize("to", ["planned", "locked"])
def test_step_that_is_none_is_refused(writer: Writer, to: str) -> None:
    with pytest.raises(Refused) as refused:
        step(writer, to, 0)
    assert (refused.value.code, refused.value.details) == (
        "round_step", {"state": "planned", "version": 0}
    )  # fmt: skip


def test_two_organisers_who_close_at_once_close_once(writer: Writer) -> None:
    step(writer, "open", 0)

    def close(conn: Connection) -> RoundState:
        return rounds.change(conn, ROUND, "closed", version=1, actor="o1")

    futures = [writer.submit(close) for _ in range(5)]
    assert [type(future.exception()) for future in futures] == [type(None)] + [Stale] * 4
