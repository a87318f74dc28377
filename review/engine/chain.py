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

from review.engine.combine import combine
from review.engine.exact import guard, half_up_div, largest, with_columns
from review.engine.plan import Plan
from review.engine.reduce import FIELD, keys_of, reduce_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.rules import RoundRules
    from review.model.problem import Problem

CELL = [*FIELD, "proposal"]


@dataclass(frozen=True)
class Cells:
    """Marks that count: `round`, `group`, `proposal`, `judge`, `criterion`, `value` (Int64, 1/`units[round]`)."""

    frame: pl.DataFrame
    units: Mapping[str, int]

    def plans(
        self, shape: Sequence[RoundRules], units: Mapping[str, int] | None = None
    ) -> dict[str, Plan]:
        """The arithmetic of each round, for cells of `units` (default: the marks')."""
        units = units or self.units
        return {
            rules.id: Plan(rules.rubric, units[rules.id], _weighted_stage(rules)) for rules in shape
        }


def _weighted_stage(rules: RoundRules) -> int | None:
    return rules.rubric.rounding.weighted if rules.rubric.order == "criterion-first" else None


@dataclass(frozen=True)
class Scored:
    """What the marks of some rounds came to.

    `subtotals`: `round`, `group`, `proposal`, `num`, `den` (Int64), `ballots`, and `finer` where a
    scorer gives it.
    `criteria`: `round`, `proposal`, `criterion`, `value` (Int64 at the round's `criterion_places`).
    `ballots`: `round`, `proposal`, `judge`, `value` (Int64, 1/`ballot_units[round]`), `mask`.
    `gaps`: incomplete ballots or, criterion-first, proposals: `round`, `proposal`, `judge` (null),
    `mask`.
    """

    subtotals: pl.DataFrame
    criteria: pl.DataFrame
    ballots: pl.DataFrame
    ballot_units: Mapping[str, int]
    gaps: pl.DataFrame


def mark_cells(marks: pl.DataFrame, shape: Sequence[RoundRules]) -> Cells:
    """The marks of a shape with the declared `mark` stage applied."""
    places = {rules.id: rules.rubric.places for rules in shape}
    stage = shape[0].rubric.rounding.mark
    units = {r: 10 ** (p if stage is None else min(p, stage)) for r, p in places.items()}
    if stage is not None:
        by = {r: 10**p // units[r] for r, p in places.items()}
        divisor = pl.col("round").replace_strict(by, return_dtype=pl.Int64)
        marks = with_columns(
            marks.with_columns(by=divisor), value=half_up_div(nw.col("value"), nw.col("by"))
        )
    return Cells(marks.select(*CELL, "judge", "criterion", "value"), units)


def score_shape(cells: Cells, shape: Sequence[RoundRules], problems: list[Problem]) -> Scored:
    """Subtotals and criterion scores of every round of one shape."""
    ballots, ballot_units, ballot_gaps = _ballots(cells, shape)
    by_criterion = _criterion_scores(cells, shape, problems)
    if shape[0].rubric.order == "judge-first":
        subtotals = reduce_values(ballots, keys_of(), shape[0], ballot_units, problems)
        counted, gaps = ballots, ballot_gaps
    else:
        subtotals, gaps = _combined_criteria(by_criterion, cells, shape)
        counted = cells.frame.join(_counting(shape), on=["round", "criterion"], how="semi")
    count = counted.group_by(CELL).agg(ballots=pl.col("judge").n_unique().cast(pl.Int64))
    return Scored(
        _subtotal_stage(subtotals, shape).join(count, on=CELL, how="left"),
        _published_criteria(by_criterion, shape),
        ballots.drop("group"),
        ballot_units,
        gaps.drop("group"),
    )


def _counting(shape: Sequence[RoundRules]) -> pl.DataFrame:
    rows = [(rules.id, c.id) for rules in shape for c in rules.rubric.counting]
    return pl.DataFrame(rows, {"round": pl.String, "criterion": pl.String}, orient="row")


def _ballots(
    cells: Cells, shape: Sequence[RoundRules]
) -> tuple[pl.DataFrame, Mapping[str, int], pl.DataFrame]:
    """mark → ballot, with the declared `ballot` stage."""
    plans = {r: Plan(plan.rubric, plan.unit) for r, plan in cells.plans(shape).items()}
    lazy = nw.from_native(cells.frame.lazy())
    combined = combine(lazy, [*CELL, "judge"], plans, largest(cells.frame, "value"))
    stage = shape[0].rubric.rounding.ballot
    if stage is None:
        return combined.frame, combined.units, combined.gaps
    frame = _rounded(combined.frame, combined.units, stage, "ballot")
    return frame, dict.fromkeys(combined.units, 10**stage), combined.gaps


def _rounded(
    frame: pl.DataFrame, units: Mapping[str, int], places: int, stage: str
) -> pl.DataFrame:
    guard(
        f"rounding of the {stage}", {r: v * 10**places for r, v in largest(frame, "value").items()}
    )
    unit = pl.col("round").replace_strict(dict(units), return_dtype=pl.Int64)
    expr = half_up_div(nw.col("value") * 10**places, nw.col("unit"))
    return with_columns(frame.with_columns(unit=unit), value=expr).drop("unit")


def _criterion_scores(
    cells: Cells, shape: Sequence[RoundRules], problems: list[Problem]
) -> pl.DataFrame:
    """mark → criterion: the scorer over judges for each criterion, `num` / `den`."""
    told: list[Problem] = []
    scored = reduce_values(cells.frame, keys_of("criterion"), shape[0], cells.units, told)
    if shape[0].rubric.order == "criterion-first":
        problems.extend({p.sort_key: p for p in told}.values())
    return scored


def _combined_criteria(
    by_criterion: pl.DataFrame, cells: Cells, shape: Sequence[RoundRules]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """criterion → weighted → subtotal, `num` / `den`."""
    values, units = _criterion_stage(by_criterion, shape)
    plans = cells.plans(shape, units)
    lazy = nw.from_native(values.lazy())
    combined = combine(lazy, CELL, plans, largest(values, "value"))
    unit = pl.col("round").replace_strict(dict(combined.units), return_dtype=pl.Int64)
    frame = combined.frame.select(*CELL, num=pl.col("value"), den=unit)
    return frame, combined.gaps.with_columns(judge=pl.lit(None, pl.String))


def _criterion_stage(
    by_criterion: pl.DataFrame, shape: Sequence[RoundRules]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Criterion scores as integers of one unit a round: rounded where declared, else over a common denominator."""
    columns = [*CELL, "criterion"]
    stage = shape[0].rubric.rounding.criterion
    if stage is not None:
        frame = _fraction_at(by_criterion, {rules.id: stage for rules in shape}, "criterion")
        return frame.select(*columns, "value"), {rules.id: 10**stage for rules in shape}
    units = {rules.id: 1 for rules in shape}
    for round_id, den in by_criterion.select("round", "den").unique().iter_rows():
        units[round_id] = lcm(units[round_id], den)
    tops = largest(by_criterion, "num")
    guard("criterion scores over their common denominator",
          {r: unit * max(1, tops.get(r, 0)) for r, unit in units.items()})  # fmt: skip
    unit = pl.col("round").replace_strict(units, return_dtype=pl.Int64)
    return by_criterion.select(*columns, value=pl.col("num") * (unit // pl.col("den"))), units


def _fraction_at(frame: pl.DataFrame, places: Mapping[str, int], stage: str) -> pl.DataFrame:
    """Add `value`: `num` / `den` at each round's decimals, half away from zero."""
    tops, dens = largest(frame, "num"), largest(frame, "den")
    guard(
        f"rounding of the {stage}", {r: max(v * 10 ** places[r], dens[r]) for r, v in tops.items()}
    )
    power = pl.col("round").replace_strict(
        {r: 10**p for r, p in places.items()}, return_dtype=pl.Int64
    )
    rounded = half_up_div(nw.col("num") * nw.col("power"), nw.col("den"))
    return with_columns(frame.with_columns(power=power), value=rounded).drop("power")


def _subtotal_stage(subtotals: pl.DataFrame, shape: Sequence[RoundRules]) -> pl.DataFrame:
    stage = shape[0].rubric.rounding.subtotal
    if stage is None:
        return subtotals
    rounded = _fraction_at(subtotals, {rules.id: stage for rules in shape}, "subtotal")
    return rounded.with_columns(num=pl.col("value"), den=pl.lit(10**stage, pl.Int64)).drop("value")


def _published_criteria(by_criterion: pl.DataFrame, shape: Sequence[RoundRules]) -> pl.DataFrame:
    places = {rules.id: rules.criterion_places for rules in shape}
    return _fraction_at(by_criterion, places, "criterion").select(
        "round", "proposal", "criterion", "value"
    )
