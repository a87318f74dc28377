"""The chain from marks to subtotals, for all rounds of one shape at once.

judge-first: mark → ballot → subtotal. criterion-first: mark → criterion → weighted → subtotal. The
two differ only in the order of the same two steps: `combine` over criteria, `reduce_values` over
judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from review.engine.combine import Combination, Combined
from review.engine.exact import guard, largest, rounded
from review.engine.plan import Plan
from review.engine.reduce import FIELD, keys_of, reduce_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.rules import RoundRules
    from review.model.problem import Problem

CELL = [*FIELD, "proposal"]
BALLOT_TIES = {"median", "head_to_head"}
"""Tie-breaks that compare ballots."""


@dataclass(frozen=True)
class Cells:
    """Marks that count.

    `frame`: `round`, `group`, `proposal`, `judge`, `criterion`, `value` (Int64, 1/`units[round]`).
    """

    frame: pl.DataFrame
    units: Mapping[str, int]


@dataclass(frozen=True)
class Scored:
    """What the marks of some rounds came to.

    `subtotals`: `round`, `group`, `proposal`, `num`, `den` (Int64), `ballots`, and `finer` where a
    scorer gives it.
    `criteria`: `round`, `proposal`, `criterion`, `value` (Int64 at the round's `criterion_places`).
    `ballots`: `round`, `proposal`, `judge`, `value` (Int64, 1/`ballot_units[round]`), `mask`.
    `gaps`: incomplete ballots or, criterion-first, proposals: `round`, `proposal`, `judge` (null),
    `mask`. `cells`: the marks that were used, without those of dropped ballots.
    """

    subtotals: pl.DataFrame
    criteria: pl.DataFrame
    ballots: pl.DataFrame
    ballot_units: Mapping[str, int]
    gaps: pl.DataFrame
    cells: Cells


def mark_cells(marks: pl.DataFrame, shape: Sequence[RoundRules]) -> Cells:
    """The marks of a shape with the declared `mark` stage applied."""
    places = {rules.id: rules.rubric.places for rules in shape}
    stage = shape[0].rubric.rounding.mark
    units = {r: 10 ** (p if stage is None else min(p, stage)) for r, p in places.items()}
    if stage is not None:
        by = {r: 10**p // units[r] for r, p in places.items()}
        divisor = pl.col("round").replace_strict(by, return_dtype=pl.Int64)
        marks = marks.with_columns(value=rounded(pl.col("value"), divisor))
    return Cells(marks.select(*CELL, "judge", "criterion", "value"), units)


def score_shape(cells: Cells, shape: Sequence[RoundRules], problems: list[Problem]) -> Scored:
    """Subtotals and criterion scores of every round of one shape."""
    ballots = _ballots(cells, shape)
    if shape[0].rubric.order == "judge-first":
        cells = _without_dropped(cells, ballots)
        by_criterion = _criterion_scores(cells, shape, [])
        subtotals = reduce_values(ballots.frame, keys_of(), shape[0], ballots.units, problems)
        counted, gaps = ballots.frame, ballots.gaps
    else:
        by_criterion = _criterion_scores(cells, shape, problems)
        combined = _combined_criteria(by_criterion, shape)
        unit = pl.col("round").replace_strict(dict(combined.units), return_dtype=pl.Int64)
        subtotals = combined.frame.select(*CELL, num=pl.col("value"), den=unit)
        counted = cells.frame.join(_counting(shape), on=["round", "criterion"], how="semi")
        gaps = combined.gaps.with_columns(judge=pl.lit(None, pl.String))
    count = counted.group_by(CELL).agg(ballots=pl.col("judge").n_unique().cast(pl.Int64))
    return Scored(
        count.join(subtotal_stage(subtotals, shape), on=CELL, how="left"),
        published_criteria(by_criterion, shape),
        ballots.frame.drop("group"),
        ballots.units,
        gaps.select("round", "proposal", "judge", "mask"),
        cells,
    )


def _counting(shape: Sequence[RoundRules]) -> pl.DataFrame:
    rows = [(rules.id, c.id) for rules in shape for c in rules.rubric.counting]
    return pl.DataFrame(rows, {"round": pl.String, "criterion": pl.String}, orient="row")


def _ballots(cells: Cells, shape: Sequence[RoundRules]) -> Combined:
    """mark → ballot, with the declared `ballot` stage."""
    plans = {rules.id: Plan(rules.rubric, cells.units[rules.id]) for rules in shape}
    places = {rules.id: _ballot_stage(rules) for rules in shape}
    how = Combination([*CELL, "judge"], plans, places, "ballot")
    return how.combine(nw.from_native(cells.frame.lazy()), largest(cells.frame, "value"))


def _ballot_stage(rules: RoundRules) -> int | None:
    """Decimals of a ballot: the declared ones, those of show where it decides nothing, or None."""
    rubric = rules.rubric
    decides = rubric.order == "judge-first" or BALLOT_TIES & set(rubric.ties)
    return rubric.rounding.ballot if decides else rules.ballot_places


def _without_dropped(cells: Cells, ballots: Combined) -> Cells:
    """The marks of those ballots that count; a ballot without criteria that count is none."""
    key = ["round", "proposal", "judge"]
    dropped = ballots.gaps.join(ballots.frame, on=key, how="anti")
    return Cells(cells.frame.join(dropped, on=key, how="anti"), cells.units)


def _criterion_scores(
    cells: Cells, shape: Sequence[RoundRules], problems: list[Problem]
) -> pl.DataFrame:
    """mark → criterion: the scorer over judges for each criterion, `num` / `den`.

    What a scorer says of a criterion that does not count is not told.
    """
    told: list[Problem] = []
    on, keys = ["round", "criterion"], keys_of("criterion")
    counting = cells.frame.join(_counting(shape), on=on, how="semi")
    others = cells.frame.join(_counting(shape), on=on, how="anti")
    scored = [
        reduce_values(counting, keys, shape[0], cells.units, told),
        reduce_values(others, keys, shape[0], cells.units, []),
    ]
    problems.extend({p.sort_key: p for p in told}.values())
    return pl.concat(scored, how="diagonal")


def _combined_criteria(by_criterion: pl.DataFrame, shape: Sequence[RoundRules]) -> Combined:
    """criterion → weighted → subtotal."""
    values, units = _criterion_stage(by_criterion, shape)
    plans = {r.id: Plan(r.rubric, units[r.id], r.rubric.rounding.weighted) for r in shape}
    how = Combination(CELL, plans, dict.fromkeys(plans), "subtotal")
    return how.combine(nw.from_native(values.lazy()), largest(values, "value"))


def _criterion_stage(
    by_criterion: pl.DataFrame, shape: Sequence[RoundRules]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Criterion scores as integers of one unit a round: the declared, or the least common one."""
    columns = [*CELL, "criterion"]
    stage = shape[0].rubric.rounding.criterion
    if stage is not None:
        frame = _fraction_at(by_criterion, {rules.id: stage for rules in shape}, "criterion")
        return frame.select(*columns, "value"), {rules.id: 10**stage for rules in shape}
    units = {rules.id: 1 for rules in shape}
    for round_id, den in by_criterion.select("round", "den").unique().iter_rows():
        units[round_id] = lcm(units[round_id], den)
    tops = largest(by_criterion, "num")
    guard("criterion", {r: unit * max(1, tops.get(r, 0)) for r, unit in units.items()})
    unit = pl.col("round").replace_strict(units, return_dtype=pl.Int64)
    return by_criterion.select(*columns, value=pl.col("num") * (unit // pl.col("den"))), units


def _fraction_at(frame: pl.DataFrame, places: Mapping[str, int], stage: str) -> pl.DataFrame:
    """Add `value`: `num` / `den` at each round's decimals, half away from zero."""
    tops, dens = largest(frame, "num"), largest(frame, "den")
    guard(stage, {r: max(v * 10 ** places[r], dens[r]) for r, v in tops.items()})
    power = pl.col("round").replace_strict(
        {r: 10**p for r, p in places.items()}, return_dtype=pl.Int64
    )
    return frame.with_columns(value=rounded(pl.col("num") * power, pl.col("den")))


def subtotal_stage(subtotals: pl.DataFrame, shape: Sequence[RoundRules]) -> pl.DataFrame:
    """Subtotals `num` / `den` with the declared `subtotal` stage."""
    stage = shape[0].rubric.rounding.subtotal
    if stage is None:
        return subtotals
    staged = _fraction_at(subtotals, {rules.id: stage for rules in shape}, "subtotal")
    return staged.with_columns(num=pl.col("value"), den=pl.lit(10**stage, pl.Int64)).drop("value")


def published_criteria(by_criterion: pl.DataFrame, shape: Sequence[RoundRules]) -> pl.DataFrame:
    """`round`, `proposal`, `criterion`, `value` at each round's decimals of criteria."""
    places = {rules.id: rules.criterion_places for rules in shape}
    return _fraction_at(by_criterion, places, "criterion").select(
        "round", "proposal", "criterion", "value"
    )
