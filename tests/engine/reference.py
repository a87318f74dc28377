"""docs/scoring.md in plain Python: dicts, loops and fractions, the obvious and slow way.

It follows the page alone and shares no code with the engine.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from review.model.types import decimals_of
from tests.engine.reference_scorers import (
    RefusedError,
    Table,
    borda,
    majority_values,
    mean,
    medians,
    middle,
    rounded,
    trimmed_mean,
    z_score,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from review.model.competition import Part, Round
    from review.model.loaded import LoadedCompetition
    from review.model.rubric import Criterion

LAST = ("lot", "share", "refuse")


@dataclass(frozen=True)
class Line:
    """One line of the standings; numbers as they are published."""

    group: str | None = None
    rank: int | None = None
    score: Decimal | None = None
    subtotal: Decimal | None = None
    criteria: Mapping[str, Decimal | None] | None = None
    parts: Mapping[str, Decimal | None] | None = None
    ballots: int = 0
    missing: int = 0
    tie: tuple[tuple[str, ...], str] | None = None


def published(value: Fraction | None, places: int) -> Decimal | None:
    """The decimal number that is shown."""
    if value is None:
        return None
    number = rounded(value, places) * 10**places
    return Decimal(int(number)).scaleb(-places)


# ------------------------------------------------------------------------------------------ round


class OneRound:
    """The score of every entrant of one round, after the rounds before it."""

    def __init__(
        self,
        loaded: LoadedCompetition,
        declared: Round,
        entrants: Sequence[str],
        earlier: Mapping[str, Mapping[str, Line]],
    ) -> None:
        self.loaded, self.round, self.earlier = loaded, declared, earlier
        self.rubric = loaded.rubrics[declared.id]
        self.stages = self.rubric.rounding
        rows = {row["proposal"]: row for row in loaded.proposals.iter_rows(named=True)}
        self.entrants = sorted(entrants)
        self.active = [p for p in self.entrants if rows[p]["status"] is None]
        by = declared.group_by
        self.group: dict[str, str | None] = {p: rows[p][by] if by else None for p in self.entrants}
        self.conflicts = set(loaded.conflicts.select("judge", "proposal").iter_rows())
        self.unit = Fraction(1, 10**self.rubric.places)
        self._read_marks()

    def _read_marks(self) -> None:
        """`marks[criterion][proposal][judge]`: what counts, rounded where marks are."""
        self.marks: dict[str, Table] = {c.id: defaultdict(dict) for c in self.rubric.criteria}
        self.explained: set[tuple[str, str, str]] = set()
        for row in self.loaded.marks.iter_rows(named=True):
            proposal, judge, criterion = row["proposal"], row["judge"], row["criterion"]
            if row["round"] != self.round.id or proposal not in self.active:
                continue
            if (judge, proposal) in self.conflicts:
                continue
            if row["state"] != "missing":
                self.explained.add((proposal, judge, criterion))
            if row["value"] is not None:
                value = rounded(row["value"] * self.unit, self.stages.mark)
                self.marks[criterion][proposal][judge] = value

    # ------------------------------------------------------------------------------------- scores

    def fields(self, table: Table) -> Iterable[Table]:
        """What is compared with each other: the groups of the round."""
        groups: dict[str | None, Table] = defaultdict(dict)
        for proposal, row in table.items():
            if row:
                groups[self.group[proposal]][proposal] = row
        return groups.values()

    def scored(self, table: Table) -> dict[str, Fraction]:
        """The scorer over judges."""
        scores: dict[str, Fraction] = {}
        for field in self.fields(table):
            scores |= self._scored(field)
        return scores

    def for_show(self, table: Table) -> dict[str, Fraction]:
        """The same, where it decides nothing: what cannot be scored is not shown."""
        scores: dict[str, Fraction] = {}
        for field in self.fields(table):
            with suppress(RefusedError):
                scores |= self._scored(field)
        return scores

    def _scored(self, table: Table) -> dict[str, Fraction]:
        options = self.rubric.scorer.options
        whole: dict[str, Callable[[Table], dict[str, Fraction]]]
        whole = {"borda": borda, "z_score": z_score}
        one: dict[str, Callable[[list[Fraction]], Fraction | None]] = {
            "weighted_mean": mean,
            "median": middle,
            "trimmed_mean": lambda values: trimmed_mean(values, options),
            "majority_judgment": lambda values: medians(values)[0],
        }
        name = self.rubric.scorer.name
        if name in whole:
            return whole[name](table)
        found = {p: one[name](list(row.values())) for p, row in table.items()}
        return {p: score for p, score in found.items() if score is not None}

    def weight(self, criterion: Criterion) -> Fraction:
        return Fraction(criterion.weight)

    def low(self, criterion: Criterion) -> Fraction:
        return Fraction(self.rubric.scale_of(criterion).min)

    def span(self, criterion: Criterion) -> Fraction:
        return Fraction(self.rubric.scale_of(criterion).max) - self.low(criterion)

    def weigh(self, values: Mapping[str, Fraction], places: int | None = None) -> Fraction:
        """Values by criterion, weighed as `report` says, each rounded to `places`."""
        counting = self.rubric.counting
        there = [c for c in counting if c.id in values]
        weights = sum(self.weight(c) for c in there)
        if self.rubric.report == "percent":
            shares = [
                rounded(100 * self.weight(c) * (values[c.id] - self.low(c)) / self.span(c), places)
                for c in there
            ]
            return sum(shares, Fraction(0)) / weights
        products = [rounded(self.weight(c) * values[c.id], places) for c in there]
        if self.rubric.report == "own":
            return sum(products, Fraction(0)) / weights
        if len(there) == len(counting):
            return sum(products, Fraction(0))
        lowest = sum(self.weight(c) * self.low(c) for c in counting)
        range_ = sum(self.weight(c) * self.span(c) for c in counting)
        above = sum(products, Fraction(0)) - sum(self.weight(c) * self.low(c) for c in there)
        return lowest + range_ * above / sum(self.weight(c) * self.span(c) for c in there)

    def given(self) -> dict[str, dict[str, dict[str, Fraction]]]:
        """proposal → judge → criterion → mark, of the criteria that count."""
        found: dict[str, dict[str, dict[str, Fraction]]] = {p: {} for p in self.active}
        for criterion in self.rubric.counting:
            for proposal, row in self.marks[criterion.id].items():
                for judge, value in row.items():
                    found[proposal].setdefault(judge, {})[criterion.id] = value
        return found

    def is_whole(self, values: Mapping[str, Fraction]) -> bool:
        whole = len(values) == len(self.rubric.counting)
        if not whole and self.rubric.incomplete == "refuse":
            raise RefusedError("incomplete")
        return whole

    def judge_first(self) -> dict[str, Fraction]:
        self.ballots: Table = {p: {} for p in self.active}
        for proposal, judges in self.given().items():
            for judge, values in judges.items():
                if self.is_whole(values) or self.rubric.incomplete == "renormalise":
                    self.ballots[proposal][judge] = rounded(self.weigh(values), self.stages.ballot)
                else:
                    self.take_out(proposal, judge)
        self.counted = {p: len(ballots) for p, ballots in self.ballots.items()}
        return self.scored(self.ballots)

    def take_out(self, proposal: str, judge: str) -> None:
        """A dropped ballot counts for nothing."""
        for table in self.marks.values():
            table[proposal].pop(judge, None)

    def criterion_first(self) -> dict[str, Fraction]:
        given = self.given()
        self.counted = {p: len(judges) for p, judges in given.items()}
        self.ballots = {
            p: {
                j: rounded(self.weigh(values), self.stages.ballot)
                for j, values in judges.items()
                if len(values) == len(self.rubric.counting)
                or self.rubric.incomplete == "renormalise"
            }
            for p, judges in given.items()
        }
        found: dict[str, dict[str, Fraction]] = {p: {} for p in self.active}
        for criterion in self.rubric.counting:
            for proposal, score in self.scored(self.marks[criterion.id]).items():
                found[proposal][criterion.id] = rounded(score, self.stages.criterion)
        return {
            p: self.weigh(values, self.stages.weighted)
            for p, values in found.items()
            if values and (self.is_whole(values) or self.rubric.incomplete == "renormalise")
        }

    # ----------------------------------------------------------------------------- parts and total

    def fact(self, column: str, proposal: str) -> Fraction | None:
        found: dict[str | None, Fraction] = {}
        for row in self.loaded.facts.iter_rows(named=True):
            if row["proposal"] == proposal and row["column"] == column:
                unit = Fraction(1, 10 ** self.loaded.fact_places[column])
                found[row["round"]] = row["value"] * unit
        return found.get(self.round.id, found.get(None))

    def contributions(self, proposal: str, subtotal: Fraction | None) -> dict[str, Fraction | None]:
        """times × part, by part; None where there is nothing."""
        found: dict[str, Fraction | None] = {}
        for part in self.round.made_of:
            kind, _, name = part.from_.partition(":")
            value = subtotal
            if kind == "fact":
                value = self.fact(name, proposal)
            if kind == "round":
                value = self.score_of(name, proposal)
            found[part.from_] = (
                None if value is None else rounded(Fraction(part.times) * value, self.stages.parts)
            )
        return found

    def score_of(self, round_id: str, proposal: str) -> Fraction | None:
        line = self.earlier[round_id].get(proposal)
        return None if line is None or line.score is None else Fraction(line.score)

    def total(self, parts: Mapping[str, Fraction | None]) -> Fraction | None:
        if any(v is None for name, v in parts.items() if not name.startswith("fact:")):
            return None
        there = [v for v in parts.values() if v is not None]
        return rounded(sum(there, Fraction(0)), self.stages.total)

    # ------------------------------------------------------------------------------------ the lines

    def lines(self) -> dict[str, Line]:
        """proposal → line of the standings."""
        first = self.rubric.order == "judge-first"
        scores = self.judge_first() if first else self.criterion_first()
        self.subtotals = {p: rounded(s, self.stages.subtotal) for p, s in scores.items()}
        decimals = self.rubric.decimals
        self.parts = {p: self.contributions(p, self.subtotals.get(p)) for p in self.active}
        totals = {p: self.total(self.parts[p]) for p in self.active}
        self.scores = {p: published(totals[p], decimals) for p in self.active}
        at = self.stages.criterion
        self.criterion_places = decimals if at is None else at
        self.shown = {
            c.id: {
                p: published(score, self.criterion_places)
                for p, score in self.for_show(self.marks[c.id]).items()
            }
            for c in self.rubric.criteria
        }
        self.rank()
        return {p: self.line(p) for p in self.entrants}

    def published_subtotal(self, proposal: str) -> Decimal | None:
        at = self.stages.subtotal
        return published(self.subtotals.get(proposal), self.rubric.decimals if at is None else at)

    def line(self, proposal: str) -> Line:
        shown = {c: values.get(proposal) for c, values in self.shown.items()}
        if proposal not in self.active:
            nothing = dict.fromkeys(part.from_ for part in self.round.made_of)
            return Line(self.group[proposal], criteria=shown, parts=nothing)
        return Line(
            group=self.group[proposal],
            rank=self.ranks.get(proposal),
            score=self.scores[proposal],
            subtotal=self.published_subtotal(proposal),
            criteria=shown,
            parts={
                part.from_: published(self.parts[proposal][part.from_], self.places_of(part))
                for part in self.round.made_of
            },
            ballots=self.counted[proposal],
            missing=self.missing(proposal) if self.round.uses_own else 0,
            tie=self.ties.get(proposal),
        )

    def places_of(self, part: Part) -> int:
        """Those of its stage, else those of the part and of `times`."""
        kind, _, name = part.from_.partition(":")
        if self.stages.parts is not None:
            return self.stages.parts
        held = {
            "own": lambda: self.rubric.decimals,
            "round": lambda: self.loaded.rubrics[name].decimals,
            "fact": lambda: self.loaded.fact_places[name],
        }
        return held[kind]() + decimals_of(part.times)

    def missing(self, proposal: str) -> int:
        expected = {
            row["judge"]
            for row in self.loaded.judges.iter_rows(named=True)
            if self.round.panel is None or self.round.panel in (row["panel"] or "").split(";")
        }
        asked = self.loaded.assignments
        if asked is not None and self.round.id in asked["round"]:
            expected = {
                row["judge"]
                for row in asked.iter_rows(named=True)
                if (row["round"], row["proposal"]) == (self.round.id, proposal)
            }
        return sum(
            (proposal, judge, criterion.id) not in self.explained
            for judge in expected
            for criterion in self.rubric.counting
            if (judge, proposal) not in self.conflicts
        )

    # ------------------------------------------------------------------------------- ranks and ties

    def rank(self) -> None:
        self.ranks: dict[str, int] = {}
        self.ties: dict[str, tuple[tuple[str, ...], str]] = {}
        groups: dict[str | None, dict[Decimal, list[str]]] = defaultdict(lambda: defaultdict(list))
        for proposal, score in self.scores.items():
            if score is not None:
                groups[self.group[proposal]][score].append(proposal)
        for equals in groups.values():
            place = 1
            for score in sorted(equals, reverse=True):
                everybody = sorted(equals[score])
                for block, by, tied in self.settled(everybody, self.chain(), "share", everybody):
                    for proposal in block:
                        self.ranks[proposal] = place
                        others = tuple(sorted(set(tied) - {proposal}))
                        if others:
                            self.ties[proposal] = (others, by)
                    place += len(block)

    def chain(self) -> list[str]:
        """The tokens; the scorer's own order before them, rulings before the last resorts."""
        tokens = list(self.rubric.ties)
        ends = [tokens.index(token) for token in LAST if token in tokens]
        end = min(ends, default=len(tokens))
        return ["scorer", *tokens[:end], "decision", *tokens[end:]]

    def settled(
        self, tied: list[str], chain: Sequence[str], by: str, before: list[str]
    ) -> list[tuple[list[str], str, list[str]]]:
        """The tied, best first, in blocks that stay together.

        With the token that decided, and who was still tied when it did.
        """
        if len(tied) == 1:
            return [(tied, by, before)]
        if not chain or chain[0] == "share":
            return [(tied, "share", tied)]
        if chain[0] == "refuse":
            raise RefusedError("tie")
        keys = self.compared(chain[0], tied)
        there = sorted({key for key in keys.values() if key is not None}, reverse=True)
        blocks = [[p for p in tied if keys.get(p) == key] for key in there]
        blocks.append([p for p in tied if keys.get(p) is None])
        return [
            settled
            for block in blocks
            if block
            for settled in self.settled(
                block,
                chain[1:],
                chain[0] if len(block) < len(tied) else by,
                tied if len(block) < len(tied) else before,
            )
        ]

    def compared(self, token: str, tied: Sequence[str]) -> Mapping[str, Any]:
        """What a token compares, larger first."""
        kind, _, name = token.partition(":")
        column, _, way = name.partition(":")
        sign = -1 if way == "asc" else 1
        facts = {p: self.fact(column, p) for p in tied}
        lots = {p: lot(self.loaded.competition.seed, self.round.id, p) for p in tied}
        kinds: dict[str, Callable[[], Mapping[str, Any]]] = {
            "scorer": self.finer,
            "criterion": lambda: self.shown[name],
            "subtotal": lambda: {p: self.published_subtotal(p) for p in tied},
            "score": lambda: {p: self.score_of(name, p) for p in tied},
            "fact": lambda: {p: None if v is None else sign * v for p, v in facts.items()},
            "median": lambda: {p: middle(b.values()) for p, b in self.ballots.items() if b},
            "top_marks": lambda: {p: self.top_marks(p) for p in tied},
            "head_to_head": lambda: {p: self.duels(p, tied) for p in tied},
            "decision": self.rulings,
            "lot": lambda: lots,
        }
        return kinds[kind]()

    def finer(self) -> dict[str, tuple[Fraction, ...]]:
        name, order = self.rubric.scorer.name, self.rubric.order
        if (name, order) != ("majority_judgment", "judge-first"):
            return {}
        found: dict[str, tuple[Fraction, ...]] = {}
        for field in self.fields(self.ballots):
            found |= majority_values(field)
        return found

    def top_marks(self, proposal: str) -> int:
        return sum(
            value == Fraction(self.rubric.scale_of(criterion).max)
            for criterion in self.rubric.counting
            for value in self.marks[criterion.id].get(proposal, {}).values()
        )

    def duels(self, proposal: str, tied: Sequence[str]) -> int:
        won = 0
        mine = self.ballots[proposal]
        for other in tied:
            theirs = self.ballots[other]
            both = mine.keys() & theirs.keys()
            balance = sum((mine[j] > theirs[j]) - (mine[j] < theirs[j]) for j in both)
            won += (balance > 0) - (balance < 0)
        return won

    def rulings(self) -> dict[str, int]:
        return {
            row["proposal"]: -int(row["what"].removeprefix("tie:"))
            for row in self.loaded.decisions.iter_rows(named=True)
            if row["round"] == self.round.id and row["what"].startswith("tie:")
        }


def lot(seed: object, round_id: str, proposal: str) -> int:
    text = f"{seed}\0{round_id}\0{proposal}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 2


def reference(
    loaded: LoadedCompetition, entrants: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Line]]:
    """round → proposal → line, from who takes part in each round.

    Raises RefusedError where the rules say that there is no answer.
    """
    done: dict[str, dict[str, Line]] = {}
    for declared in loaded.competition.rounds:
        done[declared.id] = OneRound(loaded, declared, entrants[declared.id], done).lines()
    return done
