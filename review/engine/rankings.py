"""Rounds that are judged by comparisons or rankings: what counts, and what it comes to.

A ranking that counts is that of a judge without a conflict, over active entrants of one group, at
least two of them. Frames of rankings have `round`, `group`, `judge`, `ranking`, `proposal`,
`place`: 1 is best, equal places are tied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.engine.chain import CELL, Cells, Scored, published_criteria, subtotal_stage
from review.engine.reduce import FIELD, keys_of, score_frame, score_rows
from review.messages import Message
from review.model.problem import Problem, warning
from review.plugin.comparing import Ranking, RankingScorer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.engine.entrants import Panels
    from review.engine.rules import RoundRules
    from review.model.loaded import LoadedCompetition

PAIR = ["round", "proposal"]
ONE = ["round", "group", "judge", "ranking"]
"""What tells rankings apart."""
SCHEMA = {
    **dict.fromkeys(("round", "group", "judge"), pl.String),
    "ranking": pl.Int64,
    "proposal": pl.String,
    "place": pl.Int64,
}
LISTED = 200
"""So many are named one by one; the others are counted."""


def counted_rankings(
    rankings: pl.DataFrame | None, active: pl.DataFrame, conflicts: pl.DataFrame
) -> pl.DataFrame:
    """What counts of the rankings of `LoadedCompetition`; places are 1, 2, 3 … anew.

    `active`: `round`, `group`, `proposal` of the entrants that count.
    """
    if rankings is None:
        return pl.DataFrame(schema=SCHEMA)
    mine = rankings.join(active.select(*PAIR, "group"), on=PAIR).join(
        conflicts.select("judge", "proposal"), on=["judge", "proposal"], how="anti"
    )
    mine = mine.filter(pl.len().over(ONE) > 1)
    place = pl.col("place").rank("dense").over(ONE).cast(pl.Int64)
    return mine.with_columns(place=place).select(list(SCHEMA)).sort(*ONE, "place", "proposal")


def excluded_rankings(
    rankings: pl.DataFrame | None, active: pl.DataFrame, conflicts: pl.DataFrame
) -> pl.DataFrame:
    """`round`, `judge`, `proposal`, `reason` of what does not count because of a conflict."""
    columns = ["round", "judge", "proposal", "reason"]
    if rankings is None:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    found = rankings.join(active, on=PAIR, how="semi").join(conflicts, on=["judge", "proposal"])
    return found.select(columns).unique().sort("round", "proposal", "judge", "reason")


def score_rankings(
    rankings: pl.DataFrame, shape: Sequence[RoundRules], problems: list[Problem]
) -> Scored:
    """Subtotals of every round of one shape, whose rubrics have one criterion each.

    In `Scored.ballots`, which decide direct comparisons in a tie, each ranking is a judge's.
    """
    scorer = shape[0].scorer
    assert isinstance(scorer, RankingScorer)  # noqa: S101 -- load refuses others
    keys, rows, finer = keys_of(), list[tuple[object, ...]](), False
    for field_key, part in rankings.group_by(FIELD, maintain_order=True):
        proposals = part["proposal"].unique().sort().to_list()
        found = scorer.score_rankings(proposals, list(_rankings(part)))
        finer = finer or found.finer is not None
        rows.extend(score_rows(found, keys, field_key, 1, problems))
    subtotals = subtotal_stage(score_frame(rows, keys, finer=finer), shape)
    count = rankings.group_by(CELL).agg(ballots=pl.col("judge").n_unique().cast(pl.Int64))
    criteria = {rules.id: rules.rubric.counting[0].id for rules in shape}
    named = pl.col("round").replace_strict(criteria, return_dtype=pl.String)
    ballot = pl.concat_str("judge", "ranking", separator="\0")
    return Scored(
        count.join(subtotals, on=CELL, how="left"),
        published_criteria(subtotals.with_columns(criterion=named), shape),
        rankings.select(*PAIR, judge=ballot, mask=pl.lit(1, pl.Int64), value=-pl.col("place")),
        dict.fromkeys(criteria, 1),
        _no_gaps(),
        _no_cells(shape),
    )


def _rankings(part: pl.DataFrame) -> Iterator[Ranking]:
    """The rankings of one field, by judge and places."""
    of = ["judge", "ranking"]
    groups = part.group_by(*of, "place").agg(pl.col("proposal").sort())
    whole = groups.sort(*of, "place").group_by(of, maintain_order=True).agg("proposal")
    found = [
        Ranking(judge, tuple(map(tuple, places)))
        for judge, places in whole.select("judge", "proposal").iter_rows()
    ]
    yield from sorted(found, key=lambda ranking: (ranking.judge, ranking.places))


def _no_gaps() -> pl.DataFrame:
    names = dict.fromkeys(("round", "proposal", "judge"), pl.String)
    return pl.DataFrame(schema={**names, "mask": pl.Int64})


def _no_cells(shape: Sequence[RoundRules]) -> Cells:
    names = dict.fromkeys((*CELL, "judge", "criterion"), pl.String)
    units = {rules.id: 10**rules.rubric.places for rules in shape}
    return Cells(pl.DataFrame(schema={**names, "value": pl.Int64}), units)


def tell_rankings(
    rankings: pl.DataFrame, entrants: pl.DataFrame, conflicts: pl.DataFrame
) -> Iterator[Problem]:
    """What was left out of these rankings: of no entrant, or across groups.

    `entrants`: `round`, `group`, `proposal`, `status` of everybody in these rounds.
    """
    lost = rankings.join(entrants, on=PAIR, how="anti").select(PAIR).unique().sort(PAIR)
    for (round_id,), part in lost.group_by("round", maintain_order=True):
        named = part["proposal"].head(LISTED).to_list()
        params = {"round": round_id, "count": part.height, "proposals": named}
        yield warning(Message("compared_no_entrant", params))
    active = entrants.filter(pl.col("status").is_null())
    mine = rankings.join(active, on=PAIR).join(
        conflicts.select("judge", "proposal"), on=["judge", "proposal"], how="anti"
    )
    groups = mine.group_by("round", "judge", "ranking").agg(pl.col("group").n_unique())
    across = groups.filter(pl.col("group") > 1).group_by("round").len().sort("round")
    for round_id, count in across.iter_rows():
        yield warning(Message("compared_across_groups", {"round": round_id, "count": count}))


def tell_unheard(
    rules: RoundRules, rankings: pl.DataFrame, panels: Panels, loaded: LoadedCompetition
) -> Iterator[Problem]:
    """A round without any comparison, or judges of it who compared nothing.

    `rankings`: all of the round, whether or not they count.
    """
    here = pl.col("round") == rules.id
    heard = set(rankings.filter(here)["judge"])
    if not heard:
        yield warning(Message("round_without_comparisons", {"round": rules.id}))
        return
    asked = set(panels.members.filter(here)["judge"])
    if loaded.assignments is not None:
        asked = set(loaded.assignments.filter(here)["judge"]) or asked
    for judge in sorted(asked - heard):
        params = {"round": rules.id, "judge": judge}
        yield warning(Message("judge_without_comparisons", params))
