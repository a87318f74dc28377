"""What of a result is published: the rounds that were named, and the awards if they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from review.engine.entrants import sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from review.model.competition import Competition
    from review.model.problem import Problem
    from review.model.result import Result


@dataclass(frozen=True, slots=True)
class What:
    """What is published: rounds by id, and whether the awards are."""

    rounds: tuple[str, ...]
    awards: bool = False

    def to_json(self) -> dict[str, object]:
        """As a publication keeps it."""
        return {"rounds": list(self.rounds), "awards": self.awards}


def only(result: Result, what: What) -> Result:
    """A result without what is not published: rounds, awards, rulings and problems told of others.

    The digests of content and rules stay: they are those of the whole.
    """
    source = result.source
    wanted = set(what.rounds)
    marks, decisions = (
        frame.filter(pl.col("round").is_in(sorted(wanted)))
        for frame in (source.marks, source.decisions)
    )
    if not what.awards:
        decisions = decisions.filter(~pl.col("what").str.starts_with("award:"))
    return replace(
        result,
        rounds=tuple(r for r in result.rounds if r.id in wanted),
        awards=result.awards if what.awards else (),
        problems=tuple(p for p in result.problems if _told_of(p, wanted)),
        source=replace(source, marks=marks, decisions=decisions, problems=()),
    )


def shown_with(competition: Competition, rounds: tuple[str, ...]) -> tuple[str, ...]:
    """The other rounds whose scores the published ones show as parts of their own."""
    found: list[str] = []
    for round_id in rounds:
        parts = {p.from_.partition(":")[2] for p in competition.round(round_id).parts}
        found.extend(sorted((parts & sources(competition.round(round_id))) - set(rounds)))
    return tuple(dict.fromkeys(found))


def _told_of(problem: Problem, rounds: set[str]) -> bool:
    """Whether a problem is told of published rounds alone."""
    named = set(_rounds_in(problem.message.params))
    return bool(named) and named <= rounds


def _rounds_in(params: Mapping[str, object]) -> Iterator[str]:
    for name, value in params.items():
        if name in {"round", "source"} and isinstance(value, str):
            yield value
        elif name == "rounds" and isinstance(value, list | tuple):
            yield from map(str, value)
