"""The result of a run: immutable, a pure function of the competition's content and rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import polars as pl

    from review.analysis.whole import Analysis
    from review.messages import Message
    from review.model.loaded import LoadedCompetition
    from review.model.problem import Problem
    from review.model.rubric import Rubric

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Tie:
    """Who had the same score, and which token of the chain separated them (`share` if none did)."""

    with_: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the standings; numbers at their declared decimals, None where there is none.

    `group`: the value of the round's `group_by`. `criteria` by criterion id. `parts`: what each
    part of the score adds (times × value), by `own`, `round:ID`, `fact:COLUMN`. `ballots` entered
    the score; `missing` marks were expected and are not there. `status` is that of the proposals
    table (withdrawn | disqualified | absent), `reason` why there is no score or rank.
    """

    proposal: str
    title: Mapping[str, str]
    group: str | None
    rank: int | None
    score: Decimal | None
    subtotal: Decimal | None
    criteria: Mapping[str, Decimal | None]
    parts: Mapping[str, Decimal | None]
    ballots: int
    missing: int
    status: str | None
    reason: Message | None
    tie: Tie | None

    def to_json(self) -> dict[str, object]:
        """As it stands in result.json."""
        return {
            "proposal": self.proposal,
            "title": dict(self.title),
            "group": self.group,
            "rank": self.rank,
            "score": self.score,
            "subtotal": self.subtotal,
            "criteria": dict(self.criteria),
            "parts": dict(self.parts),
            "ballots": self.ballots,
            "missing": self.missing,
            "status": self.status,
            "reason": self.reason.to_json() if self.reason else None,
            "tie": {"with": list(self.tie.with_), "by": self.tie.by} if self.tie else None,
        }


@dataclass(frozen=True, slots=True)
class Standings:
    """The ordered table of a round, held as a frame and read line by line.

    `frame`: `proposal`, `group`, `rank`, `score`, `subtotal`, `criterion:ID`…, `part:FROM`…,
    `ballots`, `missing`, `status`, `tie_with` (list of text), `tie_by`; numbers are integers ×
    10^`places[column]`. In rank order, those without a rank last. Iterating yields a `Standing` for
    each line, `len` is the number of lines.
    """

    frame: pl.DataFrame
    places: Mapping[str, int]
    titles: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, Message]

    def __len__(self) -> int:
        return self.frame.height

    def __iter__(self) -> Iterator[Standing]:
        criteria = [c for c in self.frame.columns if c.startswith("criterion:")]
        parts = [c for c in self.frame.columns if c.startswith("part:")]
        for row in self.frame.iter_rows(named=True):
            yield Standing(
                proposal=row["proposal"],
                title=self.titles[row["proposal"]],
                group=row["group"],
                rank=row["rank"],
                score=self._number(row, "score"),
                subtotal=self._number(row, "subtotal"),
                criteria={c.partition(":")[2]: self._number(row, c) for c in criteria},
                parts={c.partition(":")[2]: self._number(row, c) for c in parts},
                ballots=row["ballots"],
                missing=row["missing"],
                status=row["status"],
                reason=self.reasons.get(row["proposal"]),
                tie=Tie(tuple(row["tie_with"]), row["tie_by"]) if row["tie_by"] else None,
            )

    def _number(self, row: Mapping[str, Any], column: str) -> Decimal | None:
        value = row[column]
        return None if value is None else decimal(value, self.places[column])


def decimal(value: int, places: int) -> Decimal:
    """The decimal number `value` / 10^`places`, at exactly that many places."""
    return Decimal(value).scaleb(-places) if places else Decimal(value)


def awaits_draw(code: str) -> bool:
    """Whether what is undecided for a reason of this code waits for a draw and not for people."""
    return code.endswith("_pending")


@dataclass(frozen=True, slots=True)
class ShortlistEntry:
    """Whether one entrant goes on, and why, in plain words.

    `place` from 1 for those in, and again for those in reserve; None for all others.
    """

    proposal: str
    place: int | None
    status: str  # in | reserve | out | undecided | ineligible
    reason: Message

    def to_json(self) -> dict[str, object]:
        """As it stands in result.json."""
        return {
            "proposal": self.proposal,
            "place": self.place,
            "status": self.status,
            "reason": self.reason.to_json(),
        }


@dataclass(frozen=True, slots=True)
class ExcludedEffect:
    """What excluding marks in conflict did to one proposal's rank: now, and with those marks."""

    proposal: str
    rank: int | None
    rank_with: int | None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """Standings and shortlist of one round (`shortlist` is None where it has no rule).

    `expected`, `marked` and `missing` count marks. `excluded`: whose ballots on what did not count
    because of a conflict, and why; `excluded_effect`: what that changed.
    """

    id: str
    title: Mapping[str, str]
    rubric: Rubric
    standings: Standings
    shortlist: tuple[ShortlistEntry, ...] | None
    expected: int
    marked: int
    missing: int
    excluded: tuple[tuple[str, str, str], ...] = ()  # judge, proposal, why
    excluded_effect: tuple[ExcludedEffect, ...] = ()

    def to_json(self) -> dict[str, object]:
        """As it stands in result.json."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "rubric": self.rubric.id,
            "scorer": self.rubric.scorer.name,
            "coverage": {
                "expected": self.expected,
                "marked": self.marked,
                "missing": self.missing,
            },
            "excluded": [
                dict(zip(("judge", "proposal", "reason"), e, strict=True)) for e in self.excluded
            ],
            "excluded_effect": [
                {"proposal": e.proposal, "rank": e.rank, "rank_with": e.rank_with}
                for e in self.excluded_effect
            ],
            "standings": [s.to_json() for s in self.standings],
            "shortlist": None if self.shortlist is None else [e.to_json() for e in self.shortlist],
        }


@dataclass(frozen=True, slots=True)
class Winner:
    """A prize given: `place` as 1-2-2-4, `tier` from 0, `group` for awards by category.

    `value` is what the award ranked by, as it is published; `tier_title` is empty where the prize
    has no name of its own.
    """

    place: int
    tier: int
    proposal: str
    title: Mapping[str, str]
    value: Decimal | None
    reason: Message
    group: str | None = None
    tier_title: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """As it stands in result.json."""
        return {
            "place": self.place,
            "tier": self.tier,
            "tier_title": dict(self.tier_title),
            "group": self.group,
            "proposal": self.proposal,
            "title": dict(self.title),
            "value": self.value,
            "reason": self.reason.to_json(),
        }


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A proposal that stood high enough and was not given the prize, and why."""

    proposal: str
    title: Mapping[str, str]
    value: Decimal | None
    reason: Message

    def to_json(self) -> dict[str, object]:
        """As it stands in result.json."""
        return {
            "proposal": self.proposal,
            "title": dict(self.title),
            "value": self.value,
            "reason": self.reason.to_json(),
        }


@dataclass(frozen=True, slots=True)
class AwardResult:
    """One award: who won in which tier, what stayed vacant, who was passed over.

    `id` is the competition's, `award` the part's; `vacant` counts prizes not given.
    """

    id: str
    award: str
    title: Mapping[str, str]
    round: str
    winners: tuple[Winner, ...]
    vacant: int
    passed_over: tuple[PassedOver, ...]

    def to_json(self) -> dict[str, object]:
        """As it stands in result.json."""
        return {
            "id": self.id,
            "award": self.award,
            "title": dict(self.title),
            "round": self.round,
            "winners": [w.to_json() for w in self.winners],
            "vacant": self.vacant,
            "passed_over": [p.to_json() for p in self.passed_over],
        }


@dataclass(frozen=True, slots=True)
class RoundTrace:
    """The way from marks to score of one round, for explanations and score matrices.

    `marks`: `proposal`, `judge`, `criterion`, `value` (Int64 × 10^`mark_places`), `state`,
    `comment`, `dropped` (Boolean: left out by the scorer; only criterion-first).

    `ballots`: `proposal`, `judge`, `value` (Int64 × 10^`ballot_places`, rounded for show: the
    judge's weighted total, null where there is none), `fate`: counted | renormalised | dropped (by
    the scorer) | incomplete | conflict.

    `rankings`: of a round that is judged by comparisons or rankings those that count: `group`,
    `judge`, `ranking`, `proposal`, `place`; None of other rounds.
    """

    marks: pl.DataFrame
    ballots: pl.DataFrame
    mark_places: int
    ballot_places: int
    rankings: pl.DataFrame | None = None

    def duels(self) -> pl.DataFrame:
        """`proposal`, `other`, `judge`, `above`, `below`, `level` of `rankings`, sorted.

        How often a judge placed a proposal above, below, level with another; each pair both ways.
        """
        import polars as pl  # noqa: PLC0415 -- the model is imported without frames

        assert self.rankings is not None  # noqa: S101 -- asked of rounds that have some
        of = ["group", "judge", "ranking"]
        pairs = self.rankings.join(self.rankings, on=of, suffix="_b").filter(
            pl.col("proposal") != pl.col("proposal_b")
        )
        gap = pl.col("place") - pl.col("place_b")
        counts = {"above": gap < 0, "below": gap > 0, "level": gap == 0}
        key = ["proposal", "other", "judge"]
        return (
            pairs.rename({"proposal_b": "other"})
            .group_by(key)
            .agg(**{name: found.sum().cast(pl.Int64) for name, found in counts.items()})
            .sort(key)
        )


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a run derived, and `source`, which it was derived from.

    `competition` is the id; `state` provisional | final; `content` and `rules` are digests
    (`sha256:…`) of the data and of the rules; `manifest` is what manifest.json will
    hold, `tracer` what `trace` calls, `analyst` what `analysis` calls.
    `problems` are those that follow from the content; what was told of the files stays with
    `source` (it names files and rows, which are no content).
    """

    competition: str
    title: Mapping[str, str]
    state: str
    content: str
    rules: str
    rounds: tuple[RoundResult, ...]
    awards: tuple[AwardResult, ...]
    problems: Sequence[Problem]
    source: LoadedCompetition
    manifest: Mapping[str, object] = field(default_factory=dict)
    tracer: Callable[[str], RoundTrace] | None = None
    analyst: Callable[[], Analysis] | None = None

    def round(self, round_id: str) -> RoundResult:
        """The result of one round (KeyError where it was not run)."""
        return {r.id: r for r in self.rounds}[round_id]

    def trace(self, round_id: str) -> RoundTrace:
        """How the scores of a round came about; computed when asked for."""
        assert self.tracer is not None  # noqa: S101 -- the pipeline always gives one
        return self.tracer(round_id)

    def analysis(self) -> Analysis | None:
        """How sure, how fair, what would change it; None where nobody can tell.

        Its parts are computed when they are asked for, which takes seconds.
        """
        return None if self.analyst is None else self.analyst()

    @property
    def all_problems(self) -> Sequence[Problem]:
        """What was told of the files and on the way, by place."""
        return sorted([*self.source.problems, *self.problems], key=lambda p: p.sort_key)

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """The rulings of people that were applied: round, proposal, what, by, second, why."""
        columns = ["round", "proposal", "what", "by", "second", "why"]
        return self.source.decisions.select(columns).sort(columns, nulls_last=True).to_dicts()

    def to_json(self) -> dict[str, object]:
        """result.json, schema version 1."""
        return {
            "schema": SCHEMA,
            "competition": self.competition,
            "title": dict(self.title),
            "state": self.state,
            "content": self.content,
            "rules": self.rules,
            "rounds": [r.to_json() for r in self.rounds],
            "awards": [a.to_json() for a in self.awards],
            "decisions": self.decisions,
            "problems": [p.to_json() for p in self.problems],
        }
