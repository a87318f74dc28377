"""What must not change the answer of a scorer, a rule or an award."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw
import polars as pl

from review.engine.column import Column
from review.messages import Message
from review.plugin.parts import Award, Choice, FieldScorer, Scorer, ShortlistRule
from review.testing.build import COLUMNS, CRITERION, competition
from review.testing.use import (
    KEYS,
    context_of,
    entrants,
    run,
    score_rounds,
    sorted_by_proposal,
    values_frame,
)
from review.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from review.plugin.comparing import RankingScorer

# Full sheets with ties; then a round of other judges and proposals, with a mark missing.
MARKS: Mapping[str, Mapping[str, Mapping[str, int]]] = {
    "first": {
        "p1": {"j1": 9, "j2": 8, "j3": 9, "j4": 7, "j5": 10},
        "p2": {"j1": 7, "j2": 9, "j3": 6, "j4": 8, "j5": 7},
        "p3": {"j1": 7, "j2": 6, "j3": 9, "j4": 8, "j5": 7},
        "p4": {"j1": 5, "j2": 7, "j3": 8, "j4": 3, "j5": 6},
        "p5": {"j1": 2, "j2": 4, "j3": 3, "j4": 6, "j5": 1},
    },
    "second": {
        "p1": {"j2": 4, "j6": 6, "j7": 9, "j8": 7},
        "p3": {"j2": 8, "j6": 7, "j7": 5, "j8": 6},
        "p6": {"j2": 6, "j6": 8, "j7": 6, "j8": 9},
        "p7": {"j2": 3, "j6": 2, "j7": 7},
    },
}

# What a scorer may lose that has no exact answer and is held to some decimals.
INEXACT = Fraction(1, 1000)

Marks = dict[str, dict[str, dict[str, int]]]
Answer = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """Rounds of marks by proposal and judge, and the facts of the proposals."""

    marks: Marks
    facts: dict[str, dict[str, int]]

    @classmethod
    def usual(cls, facts: Sequence[str] = ()) -> Case:
        """The marks above; each fact another number for each proposal, some of them equal."""
        marks = {r: {p: dict(row) for p, row in rows.items()} for r, rows in MARKS.items()}
        proposals = sorted({p for rows in marks.values() for p in rows})
        return cls(marks, {
            name: {p: 1 + (7 * i + 3 * n) % 5 for i, p in enumerate(proposals)}
            for n, name in enumerate(facts)
        })  # fmt: skip

    def backwards(self) -> Case:
        """The same with every row in the opposite order."""
        return Case(
            {r: {p: _reversed(row) for p, row in _reversed(rows).items()}
             for r, rows in _reversed(self.marks).items()},
            {name: _reversed(column) for name, column in _reversed(self.facts).items()},
        )  # fmt: skip

    def other_judges(self) -> Case:
        """The same ballots handed in by other people, who sort the other way round."""
        return replace(self, marks={
            r: {p: {f"k{9 - int(j[1:])}": v for j, v in row.items()} for p, row in rows.items()}
            for r, rows in self.marks.items()
        })  # fmt: skip

    def other_proposals(self) -> Case:
        """The same marks on proposals of other names, which sort the other way round."""
        return Case(
            {r: {other(p): row for p, row in rows.items()} for r, rows in self.marks.items()},
            {n: {other(p): v for p, v in column.items()} for n, column in self.facts.items()},
        )

    def only(self, round_id: str) -> Case:
        """One of the rounds by itself."""
        return replace(self, marks={round_id: self.marks[round_id]})

    def times_ten(self) -> Case:
        """The same marks in a unit of a tenth."""
        return replace(self, marks={
            r: {p: {j: 10 * v for j, v in row.items()} for p, row in rows.items()}
            for r, rows in self.marks.items()
        })  # fmt: skip


def other(proposal: str) -> str:
    """Another name of a proposal; p1 … p7 become q8 … q2."""
    return f"q{9 - int(proposal[1:])}"


def _reversed(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(reversed(list(mapping.items())))


def _steady(ask: Callable[[Case], Answer], case: Case) -> Iterator[Message]:
    """What changes the answer and must not."""
    answer = ask(case)
    if ask(case) != answer:
        yield Message("check_unrepeatable")
        return
    if ask(case.backwards()) != answer:
        yield Message("check_rows")
    if ask(case.other_judges()) != answer:
        yield Message("check_judges")
    renamed = {r: {other(p): value for p, value in rows.items()} for r, rows in answer.items()}
    if ask(case.other_proposals()) != renamed:
        yield Message("check_proposals")
    if any(ask(case.only(r))[r] != answer[r] for r in case.marks):
        yield Message("check_rounds")


# ---------------------------------------------------------------------------------------- scorers


def scorer_findings(
    part: type[Scorer | FieldScorer | RankingScorer], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Findings about a scorer."""
    scorer = part(options)
    case = Case.usual()

    def ask(case: Case) -> Answer:
        return cast("Answer", score_rounds(scorer, case.marks))

    yield from _steady(ask, case)
    factor = 10 if scorer.unit == "mark" else 1
    tenths = ask(case.times_ten())
    if any(
        abs(tenths[r][p] - factor * value) > INEXACT
        for r, rows in ask(case).items()
        for p, value in rows.items()
    ):
        yield Message("check_unit", {"unit": scorer.unit})
    if isinstance(scorer, Scorer):
        yield from _frame_findings(scorer, case)


def _frame_findings(scorer: Scorer, case: Case) -> Iterator[Message]:
    """Whether scores are exact, within the bound of the scorer, and one for a cell."""
    rows = values_frame(
        [
            (round_id, "", proposal, judge, value)
            for round_id, proposals in case.marks.items()
            for proposal, row in proposals.items()
            for judge, value in row.items()
        ]
    )
    lazy = nw.from_native(rows.lazy())
    found = scorer.score(lazy, KEYS).collect("polars").to_native()
    kinds = [found.schema.get(name) for name in ("num", "den")]
    if kinds != [pl.Int64, pl.Int64]:
        yield Message("check_integers", {"kinds": [str(kind) for kind in kinds]})
        return
    if found.select(KEYS.cell).is_duplicated().any():
        yield Message("check_cells")
    most = rows.group_by(KEYS.cell).len()["len"].max()
    factor, den = scorer.bound(cast("int", most))
    highest = max(map(abs, found["num"]), default=0)
    if highest > factor * cast("int", rows["value"].max()) or found["den"].max() > den:
        yield Message("check_bound", {"num": highest, "den": found["den"].max()})
    used = scorer.used(lazy, KEYS).collect("polars").to_native()
    names = [*KEYS.cell, "judge", "value"]
    if used.select(names).join(rows, on=names, how="anti").height or used.height > rows.height:
        yield Message("check_used")


# ------------------------------------------------------------------------------------------ rules

SCORES = {"p1": 9, "p2": 8, "p3": 8, "p4": 7, "p5": 6, "p6": 5, "p7": 4}


def rule_findings(part: type[ShortlistRule], options: Mapping[str, Any]) -> Iterator[Message]:
    """Findings about a shortlist rule."""
    names = list(part(options).attributes())
    attributes = {p: dict.fromkeys(names, "ab"[i % 2]) for i, p in enumerate(SCORES)}

    def ask(scores: Mapping[str, int], **rulings: Any) -> dict[str, Choice]:
        rule = part(options)
        ballots = {p: {"j1": s, "j2": s + 1, "j3": s - 1} for p, s in scores.items()}
        field = entrants(scores, attributes, rulings)
        return dict(rule.select_in(field, context_of(rule, ballots, "7")).choices)

    attributes |= {other(p): given for p, given in attributes.items()}
    choices = ask(SCORES)
    forgotten = sorted(SCORES.keys() - choices.keys())
    if forgotten:
        yield Message("check_forgotten", {"proposals": forgotten})
        return
    if ask(SCORES) != choices:
        yield Message("check_unrepeatable")
    distinct = {p: 10 * s - (p == "p3") for p, s in SCORES.items()}
    renamed = ask({other(p): s for p, s in distinct.items()})
    statuses = {other(p): _place(c) for p, c in ask(distinct).items()}
    if not part.draws_lots and {p: _place(c) for p, c in renamed.items()} != statuses:
        yield Message("check_proposals")
    last, first = ask(SCORES, p7="in")["p7"], ask(SCORES, p1="out")["p1"]
    if (last.status, first.status) != ("in", "out"):
        yield Message("check_rulings", {"statuses": [last.status, first.status]})
    yield from _choice_findings(choices)


def _place(choice: Choice) -> tuple[str, int | None]:
    return choice.status, choice.place


def _choice_findings(choices: Mapping[str, Choice]) -> Iterator[Message]:
    placed = sorted(c.place or 0 for c in choices.values() if c.status == "in")
    if any(place < 1 for place in placed) or any(
        c.place is not None for c in choices.values() if c.status in {"out", "undecided"}
    ):
        yield Message("check_places")
    yield from _reason_findings([choice.reason for choice in choices.values()])


def _reason_findings(reasons: Sequence[Message]) -> Iterator[Message]:
    """A reason is a sentence in each language."""
    for code in sorted(
        {r.code for r in reasons if r.text is not None and set(LANGUAGES) - set(r.text)}
    ):
        yield Message("check_reason", {"code": code})
    for reason in reasons:
        reason.texts()


# ----------------------------------------------------------------------------------------- awards


def award_findings(part: type[Award], options: Mapping[str, Any]) -> Iterator[Message]:
    """Findings about an award."""
    award = part(options)
    columns = [*award.columns(), *(f"fact:{name}" for name in part.facts)]
    facts = sorted({c.removeprefix("fact:") for c in columns if c.startswith("fact:")})
    known = {"score", "subtotal"}
    bare = {c.removeprefix("criterion:") for c in columns if not c.startswith("fact:")} - known
    unfit: list[Message] = []

    class Watched(part):  # type: ignore[misc, valid-type]
        """The award, looking at the values it hands over."""

        def value(self, standings: Any) -> Any:
            value = super().value(standings)
            unfit.extend(_column_findings(value, len(standings.proposals)))
            return value

    def ask(case: Case) -> Answer:
        return _award_answer(Watched, options, case, sorted(bare), award.group())

    try:
        found = list(_steady(ask, Case.usual(facts)))
    except Exception:
        if not unfit:
            raise
        found = []  # what is wrong with the values says more than where they failed
    yield from [*unfit[:1], *found]


def _column_findings(value: object, height: int) -> Iterator[Message]:
    exact = isinstance(value, Column) and all(
        v is None or isinstance(v, Fraction | int) for v in value.values
    )
    if not exact:
        yield Message("check_exact", {"type": type(value).__name__})
    elif len(cast("Column", value).values) != height:
        yield Message("check_length", {"length": len(cast("Column", value).values)})


def _award_answer(
    part: type[Award],
    options: Mapping[str, Any],
    case: Case,
    criteria: Sequence[str],
    group: str | None,
) -> Answer:
    """round → proposal → value, tier and place."""
    rounds = {
        r: {p: {j: dict.fromkeys(criteria or [CRITERION], v) for j, v in row.items()}
            for p, row in rows.items()}
        for r, rows in case.marks.items()
    }  # fmt: skip
    everybody = sorted({p for rows in rounds.values() for p in rows})
    attributes = dict.fromkeys({*COLUMNS[1:4], *([group] if group else [])}, "same")
    uses = [
        {"id": r, "award": part.id, "round": r, "count": 3, "options": dict(options)}
        for r in rounds
    ]
    loaded = competition(
        rounds=rounds, facts=case.facts, proposals=dict.fromkeys(everybody, attributes), awards=uses
    )
    answer: Answer = {}
    for given in run(loaded, part).awards:
        list(_reason_findings([each.reason for each in sorted_by_proposal(given)]))
        answer[given.id] = {
            each.proposal: (each.value, getattr(each, "place", None))
            for each in sorted_by_proposal(given)
        }
    return answer
