"""The mean without the highest and the lowest."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

import narwhals as nw
from pydantic import Field, model_validator

from review import Exact, Options, Scorer
from review_plugins.scorers.positions import with_positions

if TYPE_CHECKING:
    from review import Keys


class TrimmedMeanOptions(Options):
    """`drop` values at each end, or a `share` of them (rounded down).

    What holds `below` `min_ballots`: the mean, the median, or no score.
    """

    drop: Annotated[int, Field(ge=0)] = 1
    share: Annotated[Exact, Field(gt=0, lt=Decimal("0.5"))] | None = None
    min_ballots: Annotated[int, Field(ge=1)] | None = None
    below: Literal["mean", "median", "none"] = "mean"

    @model_validator(mode="after")
    def _something_is_left(self) -> TrimmedMeanOptions:
        if self.share is not None and "drop" in self.model_fields_set:
            msg = "either `drop` or `share`, not both"
            raise ValueError(msg)
        if self.share is None and self.least < 2 * self.drop + 1:
            least, drop = 2 * self.drop + 1, self.drop
            msg = f"`min_ballots` must be at least {least} when {drop} are dropped at each end"
            raise ValueError(msg)
        return self

    @property
    def least(self) -> int:
        """How many values it takes to trim."""
        if self.min_ballots is not None:
            return self.min_ballots
        return 1 if self.share is not None else 2 * self.drop + 1


class TrimmedMean(Scorer):
    """The mean over judges without the highest and lowest.

    It drops marks (criterion-first) or ballots (judge-first). Equal values are told apart by the
    judge's id, so that what was dropped is the same on every run.
    """

    id = "trimmed_mean"
    title = {"en": "Trimmed mean", "zh-Hans": "去掉最高分和最低分的平均"}
    alone = True
    Options = TrimmedMeanOptions

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """Sum over count of what is kept; with one dropped at each end no sorting is needed."""
        if self.options.share is None and self.options.drop == 1 and self.options.below == "mean":
            return self._without_extremes(values, keys)
        return (
            self.used(values, keys)
            .group_by(*keys.cell)
            .agg(num=nw.col("value").sum().cast(nw.Int64), den=nw.len().cast(nw.Int64))
        )

    def _without_extremes(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        value = nw.col("value")
        whole = values.group_by(*keys.cell).agg(
            total=value.sum().cast(nw.Int64),
            low=value.min(),
            high=value.max(),
            n=nw.len().cast(nw.Int64),
        )
        trim = nw.col("n") >= self.options.least
        num = (
            nw.when(trim)
            .then(nw.col("total") - nw.col("low") - nw.col("high"))
            .otherwise(nw.col("total"))
        )
        den = nw.when(trim).then(nw.col("n") - 2).otherwise(nw.col("n"))
        return whole.select(*keys.cell, num=num, den=den)

    def used(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """The values that are kept."""
        ranked = with_positions(values, keys).with_columns(cut=self._cut())
        position, n, cut = nw.col("position"), nw.col("n"), nw.col("cut")
        kept = ranked.filter((position > cut) & (position <= n - cut))
        return kept.select(*keys.cell, "judge", "value")

    def _cut(self) -> nw.Expr:
        """How many go at each end of a cell of n."""
        n = nw.col("n")
        if self.options.share is None:
            usual = nw.lit(self.options.drop, dtype=nw.Int64)
        else:
            top, bottom = self.options.share.as_integer_ratio()
            product = n * top
            usual = ((product - product % bottom) / bottom).round(0).cast(nw.Int64)
        below = {"mean": nw.lit(0, dtype=nw.Int64), "none": n, "median": _floor_half(n - 1)}
        return nw.when(n >= self.options.least).then(usual).otherwise(below[self.options.below])


def _floor_half(n: nw.Expr) -> nw.Expr:
    return ((n - n % 2) / 2).round(0).cast(nw.Int64)
