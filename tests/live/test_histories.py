"""Whatever happens in an event, its result is the one that a folder by hand has."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from review import app
from review.live import ballots, rounds
from review.live.coverage import coverage
from review.live.deriving import derive
from review.live.event import Event
from review.output import result_text
from review.store import chain, changes, transfer
from tests.live.conftest import FIRST, begin, give, judge, organiser
from tests.live.folders import COMPETITION, CONFLICTS, JUDGES, PROPOSALS, hall, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.services import PostgreSQL

WHO = ("j1", "j 2", "评委3")
WHAT = ("p1", "p2", "项目/3")
CRITERIA = ("need", "team spirit", "remark")
CONFLICTS_OF = {row[:2] for row in CONFLICTS}
CELLS = ("", "0", "5", "7.5", "10", "abstain", "回避", "缺席")


def history(seed: int) -> list[tuple[Any, ...]]:
    """Some steps, the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 -- no secret
    makers: list[Callable[[], tuple[Any, ...]]] = [
        lambda: ("status", draw.choice(WHAT), draw.choice(["withdrawn", "disqualified", None])),
        lambda: ("judge", draw.choice(WHO), draw.choice(["kept", "left_out", None])),
        lambda: ("rule", draw.choice(WHAT), draw.choice(["in", "out"])),
        lambda: ("lock",),
        lambda: ("close",),
        *[lambda: ("mark", draw.choice(WHO), draw.choice(WHAT), draw.choices(CELLS, k=3))] * 8,
    ]
    return [draw.choice(makers)() for _ in range(16)]


class Play:
    """Plays steps on an event as far as they can be done, and notes what should come of them."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.who = organiser(event)
        self.marks: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.statuses: dict[str, str | None] = {}
        self.judges: dict[str, str | None] = {}
        self.rulings: dict[str, str] = {}

    def play(self, steps: list[tuple[Any, ...]]) -> None:
        """One after another."""
        for kind, *rest in steps:
            getattr(self, kind)(*rest)

    def mark(self, judge_id: str, proposal: str, cells: Sequence[str]) -> None:
        if self.judges.get(judge_id) or (judge_id, proposal) in CONFLICTS_OF:
            return
        state = rounds.states(self.event)[FIRST]
        if state.state != "open":
            rounds.reopen(self.event, self.who, FIRST, state.version, why="one more")
        give(self.event, judge_id, proposal, *cells)
        self.marks[judge_id, proposal].update(zip(CRITERIA, cells, strict=True))

    def status(self, proposal: str, status: str | None) -> None:
        self.event.writer.do(
            lambda conn: changes.set_proposal_status(
                conn, proposal, status, actor=self.who.ref, why="so"
            )
        )
        self.statuses[proposal] = status

    def judge(self, judge_id: str, how: str | None) -> None:
        if all((self.judges | {judge_id: how}).get(who) for who in WHO):
            return  # somebody must stay
        ref, actor = judge(self.event, judge_id).ref, self.who.ref
        self.event.writer.do(
            lambda conn: (
                changes.restore_judge(conn, ref, actor=actor, why="so")
                if how is None
                else changes.withdraw_judge(conn, ref, how, actor=actor, why="so")
            )
        )
        self.judges[judge_id] = how

    def rule(self, proposal: str, what: str) -> None:
        if proposal in self.rulings:
            return
        self.event.writer.do(
            lambda conn: changes.decide(
                conn, round=FIRST, proposal=proposal, what=what, by="O", second="P", why="so",
                actor=self.who.ref,
            )
        )  # fmt: skip
        self.rulings[proposal] = what

    def lock(self) -> None:
        state = rounds.states(self.event)[FIRST]
        if state.state == "open":
            rounds.lock(self.event, self.who, FIRST, state.version)

    def close(self) -> None:
        state = rounds.states(self.event)[FIRST]
        if state.state != "closed":
            rounds.close(self.event, self.who, FIRST, state.version, why="late")


def by_hand(folder: Path, came: Play) -> Path:
    """The folder that an organiser would have written."""
    gone = {judge_id for judge_id, how in came.judges.items() if how == "left_out"}
    rows: list[tuple[str, ...]] = [("proposal", "judge", *CRITERIA)]
    rows += [
        (p, j, *(cells.get(c, "") for c in CRITERIA))
        for (j, p), cells in came.marks.items() if j not in gone
    ]  # fmt: skip
    proposals = [(*PROPOSALS[0], "status_reason")]
    for row in PROPOSALS[1:]:
        status = came.statuses.get(row[0], row[-1]) or ""
        reason = "so" if came.statuses.get(row[0]) else ""
        proposals.append((*row[:-1], status, reason))
    rulings = [
        (FIRST, p, what, "O", "P", "so") for p, what in came.rulings.items()
    ]  # fmt: skip
    rubric = 'rubric = "simple"\n'
    return hall(
        folder,
        {
            "competition.toml": COMPETITION.replace(
                f"{rubric}[rounds.s", f'{rubric}marks = "m.csv"\n[rounds.s'
            ),
            "m.csv": table(rows),
            "proposals.csv": table(proposals),
            "judges.csv": table(row for row in JUDGES if row[0] not in gone),
            "conflicts.csv": table(row for row in CONFLICTS if row[0] not in gone),
            "decisions.csv": table(
                [("round", "proposal", "what", "by", "second", "why"), *rulings]
            ),
        },
    )


def scores(text: str) -> list[Any]:
    """What a result says of the first round, but for what was expected of judges."""
    found = json.loads(text)["rounds"][:1]
    for round_ in found:
        del round_["coverage"]
        for line in round_["standings"]:
            del line["missing"]
            line["reason"] = line["reason"] and line["reason"]["code"]
    return list(found)


@pytest.mark.parametrize("seed", range(6))
def test_live_result_is_that_of_the_export_and_of_a_folder_by_hand(
    postgresql: PostgreSQL, seed: int
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="review-test-"))
    url = postgresql.create()
    texts = []
    try:
        for name, address in {"lite": f"sqlite:///{folder}/live.sqlite3", "post": url}.items():
            event = Event.open(hall(folder / name), address)
            begin(event)
            came = Play(event)
            came.play(history(seed))
            derived = derive(event.deriver.question)
            with event.database.reading() as conn:
                transfer.write_folder(transfer.export_files(conn), folder / f"{name}-out")
                assert chain.verify(conn) == []
            assert derived.text == result_text(app.run(app.load(folder / f"{name}-out")))
            counted = coverage(event, FIRST)
            result = derived.round(FIRST)
            assert result is not None
            assert result["coverage"] == {
                "expected": counted.expected,
                "marked": counted.marked,
                "missing": counted.missing,
            }
            texts.append(derived.text)
            event.close()
        hand = app.run(app.load(by_hand(folder / "hand", came)))
        assert scores(texts[0]) == scores(texts[1]) == scores(result_text(hand))
    finally:
        postgresql.drop(url)
        shutil.rmtree(folder)


def test_both_databases_keep_the_same_text_of_a_mark(event: Event) -> None:
    begin(event)
    give(event, "j1", "p1", "8", "７.5", "弃权")
    found = ballots.open_ballot(event, judge(event, "j1"), FIRST, "p1").stored.cells
    assert {criterion: tuple(cell) for criterion, cell in found.items()} == {
        "need": ("8", None, 1), "team spirit": ("7.5", None, 1), "remark": (None, "abstain", 1),
    }  # fmt: skip
