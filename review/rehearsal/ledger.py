"""What players sent and what they were told, kept apart from the server.

A *cell* is one criterion of one ballot. An operation sends several cells; once acknowledged, each
has a revision, and exactly that mark must stand in the database under that revision.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ACKNOWLEDGED = "acknowledged"


class Ballot(NamedTuple):
    """Whose marks on what, in which round."""

    round: str
    judge: str
    proposal: str


class Mark(NamedTuple):
    """A number as text, or a state in its place."""

    mark: str | None
    state: str | None


class Cell(NamedTuple):
    """One criterion of a ballot."""

    ballot: Ballot
    criterion: str


@dataclass(slots=True)
class Sent:
    """One operation: what was sent, how often, and what came of it.

    `outcome`: None as long as no answer came, `ACKNOWLEDGED`, or the code of a refusal.
    """

    op: str
    ballot: Ballot
    marks: Mapping[str, Mark]
    base: Mapping[str, int]
    comment: str | None
    first: float
    outcome: str | None = None
    revisions: Mapping[str, int] = field(default_factory=dict)
    tries: int = 0
    seconds: float = 0.0

    def body(self, rubric: str, client_time: str) -> dict[str, object]:
        """The JSON of `POST /api/ballots`."""
        return {
            "op": self.op, "round": self.ballot.round, "proposal": self.ballot.proposal,
            "rubric": rubric, "comment": self.comment, "client_time": client_time,
            "marks": [
                {"criterion": c, "mark": m.mark, "state": m.state, "base": self.base.get(c, 0)}
                for c, m in self.marks.items()
            ],
        }  # fmt: skip


@dataclass
class Ledger:
    """Every operation of every player, and what they met on the way."""

    sent: dict[str, Sent] = field(default_factory=dict)
    #: What was played on purpose: `lost_reply`, `twice`, `two_tabs`, `offline`, …
    played: Counter[str] = field(default_factory=Counter)
    #: Answers other than 200, by code, and silence as `no_answer`.
    faults: Counter[str] = field(default_factory=Counter)
    replays: int = 0
    #: Seconds of each answered `POST /api/ballots`, and of each page.
    answers: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    _waiting: list[tuple[int, asyncio.Event]] = field(default_factory=list)

    def answered(self, seconds: float) -> None:
        """Note an answer to a ballot, and wake whoever waits for so many."""
        self.answers.append(seconds)
        for number, waiting in self._waiting:
            if len(self.answers) >= number:
                waiting.set()

    async def reached(self, number: int) -> None:
        """Wait until so many ballots were answered."""
        waiting = asyncio.Event()
        self._waiting.append((number, waiting))
        if len(self.answers) < number:
            await waiting.wait()

    def add(self, sent: Sent) -> Sent:
        """Write down what is about to be sent."""
        self.sent[sent.op] = sent
        return sent

    @property
    def acknowledged(self) -> list[Sent]:
        """The operations whose acknowledgement arrived."""
        return [each for each in self.sent.values() if each.outcome == ACKNOWLEDGED]

    @property
    def refused(self) -> Counter[str]:
        """How many operations were refused, by code."""
        outcomes = (each.outcome for each in self.sent.values())
        return Counter(code for code in outcomes if code and code != ACKNOWLEDGED)


class Row(NamedTuple):
    """A revision as the database has it: under which operation, event and instant (seconds)."""

    op: str
    cell: Cell
    revision: int
    mark: Mark
    event: int = 0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Balance:
    """Marks acknowledged against marks stored. All but the first three should be empty or 0.

    `unanswered`: stored by operations whose acknowledgement never arrived (the player had gone).
    `doubled`: a cell that one operation wrote twice, or a mark that stands under two revisions
    although it was sent once. `altered`: another mark stands under the revision that was
    acknowledged. `stray`: stored although refused or never sent.
    """

    acknowledged: int
    stored: int
    unanswered: int
    lost: Sequence[str]
    doubled: Sequence[str]
    altered: Sequence[str]
    stray: Sequence[str]

    @property
    def is_even(self) -> bool:
        """Whether every mark is where it should be, once."""
        return not (self.lost or self.doubled or self.altered or self.stray)


def settle(ledger: Ledger, rows: Sequence[Row]) -> Balance:
    """Hold every acknowledgement against the rows of the database."""
    stored = {(row.cell, row.revision): row for row in rows}
    known: set[tuple[Cell, int]] = set()
    lost, altered = [], []
    for sent in ledger.acknowledged:
        for criterion, mark in sent.marks.items():
            key = Cell(sent.ballot, criterion), sent.revisions.get(criterion, 0)
            if key[1] == 0 and mark.state == "missing":
                continue  # nothing was there, and nothing was given
            known.add(key)
            found = stored.get(key)
            if found is None:
                lost.append(_place(*key))
            elif found.mark != mark:
                altered.append(f"{_place(*key)}: {_shown(mark)} → {_shown(found.mark)}")
    unanswered, stray = 0, []
    for row in rows:
        sender = ledger.sent.get(row.op)
        if sender is None or sender.outcome not in {None, ACKNOWLEDGED}:
            stray.append(_place(row.cell, row.revision))
        elif sender.outcome is None:
            unanswered += 1
            if sender.marks.get(row.cell.criterion) != row.mark:
                altered.append(f"{_place(row.cell, row.revision)}: {_shown(row.mark)}")
    return Balance(len(known), len(rows), unanswered, lost, _doubled(ledger, rows), altered, stray)


def _doubled(ledger: Ledger, rows: Sequence[Row]) -> list[str]:
    """Cells that an operation wrote more than once, and rows that nobody was told of."""
    found = []
    seen: set[tuple[str, Cell]] = set()
    keys: set[tuple[Cell, int]] = set()
    for row in rows:
        sender = ledger.sent.get(row.op)
        told = sender.revisions.get(row.cell.criterion) if sender else None
        again = (row.op, row.cell) in seen or (row.cell, row.revision) in keys
        if again or (told is not None and told != row.revision):
            found.append(_place(row.cell, row.revision))
        seen.add((row.op, row.cell))
        keys.add((row.cell, row.revision))
    return found


def expected(ledger: Ledger, rows: Sequence[Row]) -> dict[Cell, Mark]:
    """What an export must hold: of each cell the mark of the highest revision.

    Acknowledged ones come from the ledger, so that the database does not vouch for itself; those
    that were stored without an answer from the rows.
    """
    best: dict[Cell, tuple[int, Mark]] = {}
    told = [
        (Cell(sent.ballot, c), sent.revisions[c], mark)
        for sent in ledger.acknowledged
        for c, mark in sent.marks.items()
        if c in sent.revisions
    ]
    for cell, revision, mark in [*told, *((r.cell, r.revision, r.mark) for r in rows)]:
        if cell not in best or revision > best[cell][0]:
            best[cell] = revision, mark
    return {cell: mark for cell, (_revision, mark) in best.items()}


def compare_export(wanted: Mapping[Cell, Mark], found: Mapping[Cell, Mark]) -> list[str]:
    """Cells that an export lacks, has too many, or has otherwise than the ledger.

    A cell that is not there is missing, whether or not that is said.
    """
    nothing = Mark(None, "missing")
    both = (
        (cell, wanted.get(cell, nothing), found.get(cell, nothing))
        for cell in wanted.keys() | found.keys()
    )
    return sorted(
        f"{_place(cell)}: {_shown(ours)} → {_shown(theirs)}"
        for cell, ours, theirs in both
        if ours != theirs
    )


def _place(cell: Cell, revision: int | None = None) -> str:
    where = " / ".join((*cell.ballot, cell.criterion))
    return where if revision is None else f"{where} #{revision}"


def _shown(mark: Mark) -> str:
    return mark.mark or mark.state or "–"
