from __future__ import annotations

import asyncio

from review.rehearsal.ledger import (
    ACKNOWLEDGED,
    Balance,
    Ballot,
    Cell,
    Ledger,
    Mark,
    Row,
    Sent,
    compare_export,
    expected,
    settle,
)

BALLOT = Ballot("final", "j1", "p1")
EIGHT, NINE, ABSTAIN = Mark("8", None), Mark("9", None), Mark(None, "abstain")


def sent(op: str, outcome: str | None = ACKNOWLEDGED, revision: int = 1, **marks: Mark) -> Sent:
    revisions = dict.fromkeys(marks, revision) if outcome == ACKNOWLEDGED else {}
    return Sent(op, BALLOT, marks, {}, None, 0.0, outcome, revisions)


def row(op: str, criterion: str, mark: Mark, revision: int = 1) -> Row:
    return Row(op, Cell(BALLOT, criterion), revision, mark)


def ledger(*operations: Sent) -> Ledger:
    return Ledger({each.op: each for each in operations})


def test_settle_finds_every_acknowledged_mark_once() -> None:
    known = ledger(sent("a", need=EIGHT, plan=ABSTAIN), sent("b", None, need=NINE))
    rows = [row("a", "need", EIGHT), row("a", "plan", ABSTAIN)]
    balance = settle(known, rows)
    assert balance == Balance(2, 2, 0, [], [], [], [])
    assert balance.is_even


def test_settle_tells_lost_from_altered() -> None:
    known = ledger(sent("a", need=EIGHT, plan=NINE))
    balance = settle(known, [row("a", "need", NINE)])
    assert (balance.lost, balance.altered) == (
        ["final / j1 / p1 / plan #1"],
        ["final / j1 / p1 / need #1: 8 → 9"],
    )
    assert not balance.is_even


def test_settle_counts_what_was_stored_without_an_answer() -> None:
    known = ledger(sent("a", None, need=EIGHT, plan=ABSTAIN))
    balance = settle(known, [row("a", "need", EIGHT)])
    assert (balance.unanswered, balance.is_even) == (1, True)
    balance = settle(known, [row("a", "plan", NINE)])
    assert balance.altered == ["final / j1 / p1 / plan #1: 9"]


def test_settle_names_what_nobody_sent_or_was_refused() -> None:
    known = ledger(sent("a", "stale", need=EIGHT))
    rows = [row("a", "need", EIGHT), row("b", "need", ABSTAIN, 2)]
    assert settle(known, rows).stray == ["final / j1 / p1 / need #1", "final / j1 / p1 / need #2"]


def test_settle_names_what_an_operation_wrote_twice() -> None:
    known = ledger(sent("a", need=EIGHT))
    rows = [row("a", "need", EIGHT), row("a", "need", EIGHT, 2)]
    assert settle(known, rows).doubled == ["final / j1 / p1 / need #2"]


def test_settle_takes_an_unchanged_mark_under_its_old_revision() -> None:
    known = ledger(sent("a", need=EIGHT), sent("b", need=EIGHT))
    assert settle(known, [row("a", "need", EIGHT)]) == Balance(1, 1, 0, [], [], [], [])


def test_settle_knows_that_nothing_given_is_nothing_stored() -> None:
    known = ledger(sent("a", revision=0, need=Mark(None, "missing"), plan=ABSTAIN))
    balance = settle(known, [])
    assert (balance.acknowledged, balance.lost) == (1, ["final / j1 / p1 / plan #0"])


def test_expected_is_the_last_revision_whoever_vouches_for_it() -> None:
    known = ledger(sent("a", need=EIGHT), sent("b", revision=2, need=NINE), sent("c", None))
    rows = [row("a", "need", EIGHT), row("c", "plan", ABSTAIN)]
    assert expected(known, rows) == {
        Cell(BALLOT, "need"): NINE,
        Cell(BALLOT, "plan"): ABSTAIN,
    }


def test_compare_export_names_every_difference() -> None:
    need, plan, team = (Cell(BALLOT, c) for c in ("need", "plan", "team"))
    assert compare_export({need: EIGHT, plan: NINE}, {need: EIGHT, team: ABSTAIN}) == [
        "final / j1 / p1 / plan: 9 → missing",
        "final / j1 / p1 / team: missing → abstain",
    ]


def test_ledger_counts_refusals_and_wakes_who_waits() -> None:
    known = ledger(sent("a"), sent("b", "stale"), sent("c", None), sent("d", "stale"))
    assert known.refused == {"stale": 2}
    assert [each.op for each in known.acknowledged] == ["a"]

    async def wait() -> int:
        waiting = [asyncio.create_task(known.reached(number)) for number in (1, 3)]
        await asyncio.sleep(0)
        known.answered(0.1)
        known.answered(0.1)
        await waiting[0]
        pending = not waiting[1].done()
        known.answered(0.1)
        await asyncio.gather(*waiting, known.reached(2))
        return pending

    assert asyncio.run(wait())


def test_sent_is_the_body_of_the_api() -> None:
    each = Sent("op", BALLOT, {"need": EIGHT, "plan": ABSTAIN}, {"need": 2}, "good", 0.0)
    assert each.body("sha256:1", "2026-11-24T09:00:00Z") == {
        "op": "op",
        "round": "final",
        "proposal": "p1",
        "rubric": "sha256:1",
        "comment": "good",
        "client_time": "2026-11-24T09:00:00Z",
        "marks": [
            {"criterion": "need", "mark": "8", "state": None, "base": 2},
            {"criterion": "plan", "mark": None, "state": "abstain", "base": 0},
        ],
    }
