"""How far a round is: who has marked what, who is behind, where judges disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from review.live.ballots import asked_of, entrants_of, statuses_of
from review.live.values import Weighing
from review.store import people, rounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from sqlalchemy import Connection

    from review.live.definition import Definition, Form
    from review.live.event import Event
    from review.live.tallies import Given, Tally
    from review.store.people import Person

CellState = Literal["todo", "part", "done", "abstain", "recused", "conflict", "withdrawn"]


@dataclass(frozen=True, slots=True)
class JudgeCoverage:
    """How far one judge is, in marks on criteria that count.

    `todo`, `part` and `done` count ballots (abstained and recused ones are done). `at`: when they
    last stored anything in the round. `withdrawn`: kept | left_out | None.
    """

    judge: str
    person: str
    name: str
    expected: int
    marked: int
    missing: int
    todo: int
    part: int
    done: int
    at: str | None
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix of a round.

    `cells[judge, proposal]` is the state of a ballot; a pair that nobody asked for is not there.
    `proposals` are the entrants in the order of appearance; `expected`, `marked` and `missing`
    count marks as results do. `behind`: the judges with missing marks, the most first.
    """

    round: str
    judges: Sequence[JudgeCoverage]
    proposals: Sequence[str]
    cells: Mapping[tuple[str, str], CellState]
    expected: int
    marked: int
    missing: int

    @property
    def behind(self) -> list[JudgeCoverage]:
        """The judges with missing marks, those with the most first."""
        return sorted((j for j in self.judges if j.missing), key=lambda j: (-j.missing, j.judge))

    def stated(self) -> dict[str, object]:
        """What the record keeps when the round closes; people by their refs."""
        return {
            "expected": self.expected,
            "marked": self.marked,
            "missing": self.missing,
            "behind": [{"person": j.person, "missing": j.missing} for j in self.behind],
        }


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far apart the complete ballots on a proposal are, on the scale of the round's score.

    `spread` is the highest less the lowest, which are by the judges named; `mean` of all `values`,
    which are in rising order.
    """

    proposal: str
    ballots: int
    mean: Decimal
    spread: Decimal
    lowest: tuple[str, Decimal]
    highest: tuple[str, Decimal]
    values: tuple[Decimal, ...]


def coverage(event: Event, round_id: str) -> Coverage:
    """How far a round is now."""
    definition, form = event.definition, event.definition.form(round_id)
    with event.database.reading() as conn:
        return read(conn, definition, form, event.tallies.of(conn, form))


def read(conn: Connection, definition: Definition, form: Form, tally: Tally) -> Coverage:
    """How far a round is as a connection sees it."""
    statuses = statuses_of(conn, definition)
    gone = frozenset(p for p, status in statuses.items() if status is not None)
    entrants = entrants_of(definition, rounds.state(conn, form.round))
    matrix = _Matrix(definition, form, tally, entrants, gone)
    counted = [matrix.add(who) for who in people.people(conn, "judge")]
    lines = [line for line in counted if line is not None]
    return Coverage(
        round=form.round,
        judges=lines,
        proposals=entrants,
        cells=matrix.cells,
        expected=sum(line.expected for line in lines),
        marked=sum(line.marked for line in lines),
        missing=sum(line.missing for line in lines),
    )


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The matrix of a round while it is filled in; `gone`: proposals that have a status."""

    definition: Definition
    form: Form
    tally: Tally
    entrants: Sequence[str]
    gone: frozenset[str]
    cells: dict[tuple[str, str], CellState] = field(default_factory=dict)

    def add(self, who: Person) -> JudgeCoverage | None:
        """Fill in a judge's row; None for who was asked nothing."""
        judge, ballots = str(who.judge), self.tally.ballots
        asked = asked_of(self.form, judge, self.entrants)
        if not asked:
            return None
        barred = self.definition.barred(judge)
        fresh: list[Given] = []  # of those that count
        wanted = 0
        states: dict[str, CellState] = {}
        latest: str | None = None
        for proposal in asked:
            given = ballots.get((who.ref, proposal))
            if given is not None and (latest is None or given.at > latest):
                latest = given.at
            if proposal in barred:
                states[proposal] = "conflict"
            elif proposal in self.gone:
                states[proposal] = "withdrawn"
            else:
                wanted += 1
                states[proposal] = "todo" if given is None else given.state
                if given is not None:
                    fresh.append(given)
        self.cells.update({(judge, proposal): state for proposal, state in states.items()})
        counted = Counter(states.values())
        if who.withdrawn is not None:
            # Nothing more is expected of them than what they have completed, if that counts.
            fresh = [g for g in fresh if g.told == len(self.form.counting)]
            fresh = fresh if who.withdrawn == "kept" else []
            wanted = len(fresh)
        told = sum(given.told for given in fresh)
        marked = sum(given.marked for given in fresh)
        expected = len(self.form.counting) * wanted
        return JudgeCoverage(
            judge=judge,
            person=who.ref,
            name=who.name,
            expected=expected,
            marked=marked,
            missing=expected - told,
            todo=counted["todo"],
            part=counted["part"],
            done=counted["done"] + counted["abstain"] + counted["recused"],
            at=latest,
            withdrawn=who.withdrawn,
        )


def disagreement(event: Event, round_id: str) -> list[Disagreement]:
    """Where complete ballots on a proposal are apart, the widest spread first.

    Proposals with fewer than two of them are left out, and so are judges whose marks do not count.
    """
    definition, form = event.definition, event.definition.form(round_id)
    with event.database.reading() as conn:
        tally = event.tallies.of(conn, form)
        entrants = entrants_of(definition, rounds.state(conn, round_id))
        judges = {p.ref: str(p.judge) for p in people.people(conn, "judge")
                  if p.withdrawn != "left_out"}  # fmt: skip
    weighing = Weighing.of(form.rubric)
    found: dict[str, list[tuple[int, str]]] = {proposal: [] for proposal in entrants}
    for (ref, proposal), given in tally.ballots.items():
        if ref in judges and proposal in found:
            value, judge = weighing.numerator(given.cells), judges[ref]
            if value is not None and (judge, proposal) not in definition.conflicts:
                found[proposal].append((value, judge))
    lines = [_apart(weighing, p, sorted(values)) for p, values in found.items() if values[1:]]
    return sorted(lines, key=lambda line: -line.spread)


def _apart(weighing: Weighing, proposal: str, values: list[tuple[int, str]]) -> Disagreement:
    (low, lowest), (high, highest) = values[0], values[-1]
    return Disagreement(
        proposal=proposal,
        ballots=len(values),
        mean=weighing.shown(Fraction(sum(value for value, _ in values), len(values))),
        spread=weighing.shown(high - low),
        lowest=(lowest, weighing.shown(low)),
        highest=(highest, weighing.shown(high)),
        values=tuple(weighing.shown(value) for value, _ in values),
    )
