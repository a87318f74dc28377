from __future__ import annotations

import asyncio
import random
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from review.rehearsal import judge as module
from review.rehearsal.judge import Judge
from review.rehearsal.ledger import ACKNOWLEDGED, Ballot, Ledger, Mark, Sent, settle
from review.rehearsal.pace import Pace
from review.rehearsal.sheets import Sheet
from tests.rehearsal.hall import Hall

if TYPE_CHECKING:
    from review.rehearsal.ledger import Balance

ROUND = "Endrunde / 决赛"
MARKS = {"need": ("7", "8", "8.5"), "plan": ("1", "2")}
AT_ONCE = Pace(arrival=0.0, think=0.0, forms=True)


def judges(hall: Hall, count: int, ledger: Ledger, pace: Pace = AT_ONCE) -> list[Judge]:
    return [
        Judge(
            f"j{n}", f"j{n}", hall.port, {ROUND: Sheet(MARKS, {})}, ledger,
            random.Random(n), pace, f"zqw{n}", digests={ROUND: "sha256:1"},  # noqa: S311
        )
        for n in range(count)
    ]  # fmt: skip


def play(hall: Hall, count: int = 60, pace: Pace = AT_ONCE) -> tuple[Ledger, Balance]:
    """Let so many judges mark in the hall; what they know, and how it compares."""
    ledger = Ledger()

    async def everybody() -> None:
        async with hall.open():
            people = judges(hall, count, ledger, pace)
            await asyncio.gather(*(each.judge(ROUND) for each in people))

    asyncio.run(everybody())
    return ledger, settle(ledger, hall.rows)


def test_judges_play_every_fault_and_an_honest_server_is_found_honest() -> None:
    hall = Hall(tuple(f"p{n}" for n in range(20)))
    ledger, balance = play(hall)
    assert balance.is_even
    assert balance.acknowledged == balance.stored > 60 * 15 * 2
    assert ledger.played.keys() == {
        "lost_reply", "twice", "two_tabs", "correction",
        "abstain", "missing", "recused", "offline", "dropped_out",
    }  # fmt: skip
    assert ledger.replays > 0
    assert set(ledger.refused) == {"stale"}
    assert len(ledger.pages) > 60 * 15
    assert all(each.outcome for each in ledger.sent.values())


@pytest.mark.parametrize(
    ("fault", "found"), [("loses", "lost"), ("doubles", "doubled"), ("alters", "altered")]
)
def test_bookkeeping_finds_out_a_server_that(fault: str, found: str) -> None:
    _ledger, balance = play(Hall(fault=fault), 100)
    assert not balance.is_even
    assert getattr(balance, found)


@pytest.mark.parametrize(("fault", "met"), [("busy", "503"), ("forgets", "401")])
def test_judge_tries_again_when_the_server_is(fault: str, met: str) -> None:
    ledger, balance = play(Hall(fault=fault), 4)
    assert ledger.faults[met] > 0
    assert balance.is_even
    assert {each.outcome for each in ledger.sent.values()} == {ACKNOWLEDGED}


def test_judge_notes_an_answer_that_was_another_one_before() -> None:
    ledger, _balance = play(Hall(fault="differs"), 100)
    assert ledger.faults["replay_differs"] > 0


def test_windows_of_a_judge_sign_in_once_when_their_session_ends() -> None:
    hall, ledger = Hall(), Ledger()

    async def twice() -> None:
        async with hall.open():
            (judge,) = judges(hall, 1, ledger)
            await judge.sign_in()
            hall.sessions.clear()
            ballot = Ballot(ROUND, "j0", "p1")
            sent = [
                ledger.add(Sent(op, ballot, {c: Mark("7", None)}, {}, None, 0.0))
                for op, c in (("a", "need"), ("b", "plan"))
            ]
            other = judge.browser.window()
            await asyncio.gather(
                judge.deliver(sent[0], judge.browser), judge.deliver(sent[1], other)
            )
            judge.browser.close()
            other.close()

    asyncio.run(twice())
    assert (ledger.faults["401"], hall.joined, len(ledger.acknowledged)) == (2, 2, 2)


@pytest.mark.parametrize("fault", ["lost_reply", "two_tabs"])
def test_refusal_is_noted_and_not_tried_again(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAULTS", {fault: 100})
    ledger, balance = play(Hall(fault="shut"), 2)
    assert set(ledger.refused) == {"round_not_open"}
    assert (balance.acknowledged, balance.stored) == (0, 0)


def test_judge_without_anything_to_mark_leaves() -> None:
    ledger, _balance = play(Hall(proposals=("p1",)), 1)
    assert len(ledger.sent) == 1
    ledger, _balance = play(Hall(proposals=()), 1)
    assert not ledger.sent


def test_judge_takes_time_and_an_order_of_their_own() -> None:
    pace = Pace(arrival=0.01, think=0.001, forms=False, freely=1.0)
    hall = Hall(tuple(f"p{n}" for n in range(9)))
    ledger, _balance = play(hall, 1, pace)
    order = list(dict.fromkeys(each.ballot.proposal for each in ledger.sent.values()))
    assert sorted(order) == list(hall.proposals) != order
    assert len(ledger.pages) == 3  # where signing in leads, the list, one form


def test_judge_gives_up_on_a_server_that_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GIVE_UP", 0.2)
    ledger = Ledger()

    async def alone() -> None:
        hall = Hall()
        async with hall.open():
            pass
        (judge,) = judges(hall, 1, ledger)
        await judge.judge(ROUND)

    asyncio.run(alone())
    assert ledger.faults["gave_up"] == 1
    assert ledger.faults["no_answer"] > 0


def test_reply_is_also_lost_where_no_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GIVE_UP", 0.0)
    monkeypatch.setattr(module, "FAULTS", {"lost_reply": 100})
    ledger = Ledger()

    async def alone() -> None:
        hall = Hall()
        async with hall.open():
            (judge,) = judges(hall, 1, ledger)
            await judge.sign_in()
            proposals = await judge._list(ROUND)  # noqa: SLF001 -- so that only the ballot fails
        judge.browser.close()  # or the connection would outlive the server
        with closing(judge.browser), pytest.raises(module.GaveUp):
            await judge._mark(judge._compose(Ballot(ROUND, "j0", proposals[0])))  # noqa: SLF001

    asyncio.run(alone())
    assert ledger.played["lost_reply"] == 1
    assert ledger.faults["no_answer"] == 2
