"""Weighing criteria into one value: marks into a ballot, or criterion scores into a subtotal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from review.engine.exact import guard, half_up_div
from review.engine.plan import Plan, common_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Combined:
    """`frame`: the keys, `value` (Int64, 1/`units[round]`) and `mask`; `gaps`: the keys and masks of incomplete ones.

    With `incomplete = "renormalise"` those in `gaps` are in `frame` too; otherwise they are not.
    """

    frame: pl.DataFrame
    units: Mapping[str, int]
    gaps: pl.DataFrame


def combine(
    cells: nw.LazyFrame[Any],
    by: Sequence[str],
    plans: Mapping[str, Plan],
    bounds: Mapping[str, int],
) -> Combined:
    """Combine cells over criteria.

    `cells`: the columns of `by` (which has `round`), `criterion`, `value` (Int64, 1/unit of the
    round's plan), one row per criterion. `bounds`: round → the largest absolute value of a cell.
    Raises HeadroomError.
    """
    guard("Σ weight × mark", {
        r: plan.base_bound(dict.fromkeys(plan.terms, bounds.get(r, 0))) for r, plan in plans.items()
    })  # fmt: skip
    summed = _sums(cells, by, plans)
    masks = _masks(summed, plans)
    units = {r: common_unit(plan, masks.get(r, ())) for r, plan in plans.items()}
    guard("ballots over their common denominator", {
        r: max(units[r], plan.bound(dict.fromkeys(plan.terms, bounds.get(r, 0)), masks.get(r, ()), units[r]))
        for r, plan in plans.items()
    })  # fmt: skip
    table = _affine_table(plans, masks, units)
    joined = summed.join(table, on=["round", "mask"], how="left", maintain_order="left")
    full = {r: plan.full for r, plan in plans.items()}
    complete = pl.col("mask") == pl.col("round").replace_strict(full, return_dtype=pl.Int64)
    frame = joined.filter(pl.col("alpha").is_not_null()).select(
        *by, value=pl.col("base") * pl.col("alpha") + pl.col("beta"), mask=pl.col("mask")
    )
    return Combined(frame, units, joined.filter(~complete).select(*by, "mask"))


def _sums(cells: nw.LazyFrame[Any], by: Sequence[str], plans: Mapping[str, Plan]) -> pl.DataFrame:
    rows = [
        (round_id, criterion, term.bit, term.times, term.plus, term.over)
        for round_id, plan in plans.items()
        for criterion, term in plan.terms.items()
    ]
    schema = {
        "round": pl.String,
        "criterion": pl.String,
        **dict.fromkeys(("bit", "times", "plus", "over"), pl.Int64),
    }
    terms = nw.from_native(pl.DataFrame(rows, schema, orient="row").lazy())
    weighted = nw.col("value") * nw.col("times")
    if any(plan.weighted is not None for plan in plans.values()):
        weighted = half_up_div(weighted + nw.col("plus"), nw.col("over"))
    summed = (
        cells.join(terms, on=["round", "criterion"], how="inner")
        .with_columns(term=weighted)
        .group_by(*by)
        .agg(base=nw.col("term").sum().cast(nw.Int64), mask=nw.col("bit").sum().cast(nw.Int64))
    )
    return collect(summed)


def collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The engine's answer as a Polars frame (streaming on Polars: half the memory)."""
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return native.collect(engine="streaming")
    return frame.collect("polars").to_native()  # pragma: no cover -- other engines come later


def _masks(summed: pl.DataFrame, plans: Mapping[str, Plan]) -> dict[str, list[int]]:
    """round → the masks that count, in order."""
    masks: dict[str, list[int]] = {}
    for round_id, mask in summed.select("round", "mask").unique().sort("round", "mask").iter_rows():
        plan = plans[round_id]
        if mask == plan.full or plan.rubric.incomplete == "renormalise":
            masks.setdefault(round_id, []).append(mask)
    return masks


def _affine_table(
    plans: Mapping[str, Plan], masks: Mapping[str, Sequence[int]], units: Mapping[str, int]
) -> pl.DataFrame:
    rows = []
    for round_id, plan in plans.items():
        for mask in masks.get(round_id, ()):
            slope, offset = plan.value(mask)
            unit = units[round_id]
            rows.append((round_id, mask, int(slope * unit), int(offset * unit)))
    schema = {"round": pl.String, "mask": pl.Int64, "alpha": pl.Int64, "beta": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")
