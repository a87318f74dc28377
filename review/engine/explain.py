"""From a rank back to the marks: everything that led to one proposal's results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.engine.rulings import ruled
from review.errors import ReviewError
from review.messages import Message
from review.model.result import decimal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from review.model.result import (
        PassedOver,
        Result,
        RoundResult,
        RoundTrace,
        ShortlistEntry,
        Standing,
        Tie,
        Winner,
    )
    from review.model.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class MarkCell:
    """A mark of one judge on one criterion: a number or a state; `dropped` by the scorer."""

    value: Decimal | None
    state: str | None
    dropped: bool
    comment: str | None


@dataclass(frozen=True, slots=True)
class BallotLine:
    """One judge's marks on the proposal; `total` and `fate` as in `RoundTrace.ballots`."""

    judge: str
    name: str
    marks: Mapping[str, MarkCell]
    total: Decimal | None
    fate: str


@dataclass(frozen=True, slots=True)
class DuelLine:
    """How often the proposal was placed above, below, level with another, and who said so.

    `judges`: (name, above, below, level) of each judge who compared the two.
    """

    other: str
    title: Mapping[str, str]
    above: int
    below: int
    level: int
    judges: Sequence[tuple[str, int, int, int]]


@dataclass(frozen=True, slots=True)
class RoundExplanation:
    """How one round went for the proposal: ballots, steps in words, standing, shortlist.

    `duels`: of a round that is judged by comparisons or rankings, by the ranks of the others.
    """

    id: str
    title: Mapping[str, str]
    criteria: Sequence[Criterion]
    ballots: Sequence[BallotLine]
    steps: Sequence[Message]
    standing: Standing
    shortlist: ShortlistEntry | None
    duels: Sequence[DuelLine] = ()


@dataclass(frozen=True, slots=True)
class AwardExplanation:
    """An award that the proposal won, or was passed over for."""

    id: str
    title: Mapping[str, str]
    outcome: Winner | PassedOver


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one proposal, round by round, then the awards."""

    proposal: str
    title: Mapping[str, str]
    rounds: Sequence[RoundExplanation]
    awards: Sequence[AwardExplanation]


def explain(result: Result, proposal: str, round_id: str | None = None) -> Explanation:
    """Explain one proposal, in one round or in all it was in.

    Raises ReviewError where the proposal or the round is not there.
    """
    known = {r.id for r in result.rounds}
    if round_id is not None and round_id not in known:
        raise ReviewError(Message("explain_no_round", {"round": round_id, "rounds": sorted(known)}))
    rounds = [r for r in result.rounds if round_id in (None, r.id)]
    found = [(r, s) for r in rounds for s in r.standings if s.proposal == proposal]
    if not found:
        raise ReviewError(Message("explain_no_proposal", {"proposal": proposal}))
    return Explanation(
        proposal,
        found[0][1].title,
        [_round(result, r, s) for r, s in found],
        list(_awards(result, proposal, {r.id for r in rounds})),
    )


def _round(result: Result, round_: RoundResult, standing: Standing) -> RoundExplanation:
    trace = result.trace(round_.id)
    names = _names(result)
    entry = next((e for e in round_.shortlist or () if e.proposal == standing.proposal), None)
    ballots = _ballots(trace, standing.proposal, names)
    duels = list(_duels(round_, trace, standing.proposal, names))
    return RoundExplanation(
        round_.id, round_.title, round_.rubric.criteria, ballots,
        list(_steps(result, round_, standing, ballots, duels)), standing, entry, duels,
    )  # fmt: skip


def _duels(
    round_: RoundResult, trace: RoundTrace, proposal: str, names: Mapping[str, str]
) -> Iterator[DuelLine]:
    if trace.rankings is None:
        return
    found: dict[str, list[tuple[str, int, int, int]]] = {}
    for row in trace.duels().filter(pl.col("proposal") == proposal).iter_rows(named=True):
        said = (names.get(row["judge"], row["judge"]), row["above"], row["below"], row["level"])
        found.setdefault(row["other"], []).append(said)
    for line in round_.standings:
        if line.proposal in found:
            judges = found[line.proposal]
            above, below, level = map(sum, zip(*(said[1:] for said in judges), strict=True))
            yield DuelLine(line.proposal, line.title, above, below, level, judges)


def _names(result: Result) -> dict[str, str]:
    judges = result.source.judges
    if "name" not in judges.columns:
        return {}
    return {j: name for j, name in judges.select("judge", "name").iter_rows() if name}


def _ballots(trace: RoundTrace, proposal: str, names: Mapping[str, str]) -> list[BallotLine]:
    mine = pl.col("proposal") == proposal
    totals = {
        row["judge"]: (row["value"], row["fate"])
        for row in trace.ballots.filter(mine).iter_rows(named=True)
    }
    cells: dict[str, dict[str, MarkCell]] = {}
    for row in trace.marks.filter(mine).iter_rows(named=True):
        value = None if row["value"] is None else decimal(row["value"], trace.mark_places)
        cell = MarkCell(value, row["state"], row["dropped"], row["comment"])
        cells.setdefault(row["judge"], {})[row["criterion"]] = cell
    lines = []
    for judge in sorted(cells):
        value, fate = totals.get(judge, (None, "none"))
        total = None if value is None else decimal(value, trace.ballot_places)
        lines.append(BallotLine(judge, names.get(judge, judge), cells[judge], total, fate))
    return lines


def _steps(
    result: Result,
    round_: RoundResult,
    standing: Standing,
    ballots: Sequence[BallotLine],
    duels: Sequence[DuelLine],
) -> Iterator[Message]:
    """The chain in words, in the order in which it was computed."""
    rubric = round_.rubric
    if standing.reason is not None:
        yield Message("explain_unranked", {"reason": standing.reason})
    if duels:
        yield from _duel_steps(round_, duels)
    elif standing.subtotal is not None:
        yield Message(
            f"explain_order_{rubric.order}", {"report": Message(f"explain_report_{rubric.report}")}
        )
        yield from _scorer_step(round_, ballots)
    if standing.subtotal is not None:
        yield from _rounding_steps(round_)
        yield Message(
            "explain_subtotal", {"subtotal": standing.subtotal, "ballots": standing.ballots}
        )
    yield from _parts_steps(result, round_, standing)
    if standing.rank is not None:
        yield Message("explain_rank", {"rank": standing.rank, "score": standing.score})
    if standing.tie is not None:
        yield _tie_step(result, round_, standing, standing.tie)


def _tie_step(result: Result, round_: RoundResult, standing: Standing, tie: Tie) -> Message:
    params: dict[str, object] = {"with_": list(tie.with_), "by": tie_break(tie.by, round_.rubric)}
    if tie.by == "share":
        return Message("explain_shared", params)
    tied = (standing.proposal, *tie.with_)
    for ruling in result.decisions if tie.by == "decision" else ():
        if ruling["round"] == round_.id and ruling["proposal"] in tied:
            return ruled("explain_tie_ruling", ruling, **params)
    return Message("explain_tie", params)


def tie_break(token: str, rubric: Rubric) -> Message:
    """What broke a tie, in words: a criterion by its title."""
    for criterion in rubric.criteria:
        if token == f"criterion:{criterion.id}":
            return Message("tie_by_criterion", {"name": criterion.title or criterion.id})
    return Message("tie_by", {"by": token})


def _duel_steps(round_: RoundResult, duels: Sequence[DuelLine]) -> Iterator[Message]:
    yield Message("explain_compared")
    params = {
        "won": sum(duel.above for duel in duels),
        "lost": sum(duel.below for duel in duels),
        "tied": sum(duel.level for duel in duels),
    }
    yield Message("explain_compared_with", params)
    yield Message("explain_scorer_compared", {"scorer": _scorer(round_)})


def _scorer(round_: RoundResult) -> str:
    scorer = round_.rubric.scorer
    options = [f"{k} = {v}" for k, v in sorted(scorer.options.items())]
    return f"{scorer.name} ({', '.join(options)})" if options else scorer.name


def _scorer_step(round_: RoundResult, ballots: Sequence[BallotLine]) -> Iterator[Message]:
    named = _scorer(round_)
    dropped = [f"{b.judge} ({b.total})" for b in ballots if b.fate == "dropped"]
    marks = [
        f"{b.judge} {c} ({cell.value})"
        for b in ballots
        for c, cell in sorted(b.marks.items())
        if cell.dropped
    ]
    if dropped or marks:
        yield Message("explain_scorer_dropped", {"scorer": named, "dropped": dropped or marks})
    else:
        yield Message("explain_scorer", {"scorer": named})
    for fate in ("renormalised", "incomplete", "conflict"):
        judges = [b.judge for b in ballots if b.fate == fate]
        if judges:
            yield Message(f"explain_{fate}", {"judges": judges})


def _rounding_steps(round_: RoundResult) -> Iterator[Message]:
    stages = {k: v for k, v in round_.rubric.rounding.model_dump().items() if v is not None}
    for stage, places in stages.items():
        yield Message("explain_rounding", {"stage": Message(f"stage_{stage}"), "places": places})


def _parts_steps(result: Result, round_: RoundResult, standing: Standing) -> Iterator[Message]:
    parts = result.source.competition.round(round_.id).made_of
    if len(parts) == 1 and parts[0].from_ == "own" and parts[0].times == 1:
        return
    for part in parts:
        value = standing.parts[part.from_]
        params = {"times": part.times, "part": _part(result, part.from_), "value": value}
        yield Message("explain_part" if value is not None else "explain_part_blank", params)
    if standing.score is not None:
        yield Message("explain_total", {"score": standing.score, "places": round_.rubric.decimals})


def _part(result: Result, name: str) -> Message:
    """What a part of the score is, in words: a round by its title."""
    kind, _colon, rest = name.partition(":")
    match kind:
        case "own":
            return Message("part_own")
        case "round":
            round_ = result.source.competition.round(rest)
            return Message("part_round", {"round": round_.title or rest})
        case _:
            return Message("part_fact", {"fact": rest})


def _awards(result: Result, proposal: str, rounds: set[str]) -> Iterator[AwardExplanation]:
    for award in result.awards:
        if award.round in rounds:
            outcomes: tuple[Winner | PassedOver, ...] = (*award.winners, *award.passed_over)
            for outcome in outcomes:
                if outcome.proposal == proposal:
                    yield AwardExplanation(award.id, award.title, outcome)
