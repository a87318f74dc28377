"""Weighing criteria into one value: marks into a ballot, or criterion scores into a subtotal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from review.engine.exact import guard, half_up_div, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.plan import Plan, Step

STEP = dict.fromkeys(("times", "plus", "over"), pl.Int64)


@dataclass(frozen=True)
class Combined:
    """`frame`: the keys, `value` (Int64, 1/`units[round]`) and `mask`.

    `gaps`: the keys and masks of incomplete ones; with `incomplete = "renormalise"` they are in
    `frame` too, otherwise they are not.
    """

    frame: pl.DataFrame
    units: Mapping[str, int]
    gaps: pl.DataFrame


@dataclass(frozen=True)
class Combination:
    """How the cells of each round are combined.

    `by`: the columns that are kept, `round` among them. `places`: round → decimals at which the
    combined value is rounded, or None. `stage`: what comes of it, for messages.
    """

    by: Sequence[str]
    plans: Mapping[str, Plan]
    places: Mapping[str, int | None]
    stage: str

    def combine(self, cells: nw.LazyFrame[Any], most: Mapping[str, int]) -> Combined:
        """Combine cells over criteria.

        `cells`: the columns of `by`, `criterion`, `value` (Int64, 1/unit of the round's plan), one
        row per criterion. `most`: round → the largest absolute value. Raises HeadroomError.
        """
        summed = self._sums(cells, most)
        steps, units = self._steps(summed, most)
        joined = summed.join(_steps_table(steps), on=["round", "mask"], how="left")
        counts = joined.filter(pl.col("over").is_not_null())
        value = rounded(pl.col("base") * pl.col("times") + pl.col("plus"), pl.col("over"))
        frame = counts.select(*self.by, "mask", value=value)
        full = pl.col("round").replace_strict(
            {r: plan.full for r, plan in self.plans.items()}, return_dtype=pl.Int64
        )
        return Combined(
            frame, units, joined.filter(pl.col("mask") != full).select(*self.by, "mask")
        )

    def _sums(self, cells: nw.LazyFrame[Any], most: Mapping[str, int]) -> pl.DataFrame:
        """`by`, `base` (the sum of terms) and `mask`."""
        guard(self.stage, {
            r: max(step.needs(most.get(r, 0)) for step in plan.terms.values())
            for r, plan in self.plans.items()
        })  # fmt: skip
        guard(self.stage, {
            r: max(self._largest_sum(r, most), plan.full) for r, plan in self.plans.items()
        })  # fmt: skip
        terms = nw.from_native(_terms_table(self.plans).lazy())
        term = nw.col("value") * nw.col("times") + nw.col("plus")
        if any(s.over > 1 for plan in self.plans.values() for s in plan.terms.values()):
            term = half_up_div(term, nw.col("over"))
        return collect(
            cells.join(terms, on=["round", "criterion"], how="inner")
            .with_columns(term=term)
            .group_by(*self.by)
            .agg(base=nw.col("term").sum().cast(nw.Int64), mask=nw.col("bit").sum().cast(nw.Int64))
        )

    def _largest_sum(self, round_id: str, most: Mapping[str, int]) -> int:
        terms = self.plans[round_id].terms.values()
        return sum(step.reaches(most.get(round_id, 0)) for step in terms)

    def _steps(
        self, summed: pl.DataFrame, most: Mapping[str, int]
    ) -> tuple[dict[str, dict[int, Step]], dict[str, int]]:
        """round → mask → step, of the masks that count; and the unit of each round."""
        masks: dict[str, list[int]] = {r: [] for r in self.plans}
        for round_id, mask in summed.select("round", "mask").unique().iter_rows():
            plan = self.plans[round_id]
            if mask == plan.full or plan.rubric.incomplete == "renormalise":
                masks[round_id].append(mask)
        found = {r: plan.steps(masks[r], self.places[r]) for r, plan in self.plans.items()}
        guard(self.stage, {
            r: max((s.needs(self._largest_sum(r, most)) for s in steps.values()), default=0)
            for r, (steps, _) in found.items()
        })  # fmt: skip
        guard(self.stage, {r: unit for r, (_, unit) in found.items()})
        return {r: steps for r, (steps, _) in found.items()}, {r: u for r, (_, u) in found.items()}


def _terms_table(plans: Mapping[str, Plan]) -> pl.DataFrame:
    """`round`, `criterion`, its `bit` and its step."""
    rows = [
        (round_id, criterion, 1 << index, step.times, step.plus, step.over)
        for round_id, plan in plans.items()
        for index, (criterion, step) in enumerate(plan.terms.items())
    ]
    schema = {"round": pl.String, "criterion": pl.String, "bit": pl.Int64, **STEP}
    return pl.DataFrame(rows, schema, orient="row")


def _steps_table(steps: Mapping[str, Mapping[int, Step]]) -> pl.DataFrame:
    """`round`, `mask` and its step."""
    rows = [
        (round_id, mask, step.times, step.plus, step.over)
        for round_id, by_mask in steps.items()
        for mask, step in by_mask.items()
    ]
    return pl.DataFrame(rows, {"round": pl.String, "mask": pl.Int64, **STEP}, orient="row")


def collect(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """The engine's answer as a Polars frame (streaming on Polars: half the memory)."""
    native = frame.to_native()
    assert isinstance(native, pl.LazyFrame)  # noqa: S101 -- other engines come later
    return native.collect(engine="streaming")
