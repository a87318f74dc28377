"""The plain mean over judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from review import Scorer

if TYPE_CHECKING:
    from review import Keys


class WeightedMean(Scorer):
    """The mean over judges; the weights are those of the criteria."""

    id = "weighted_mean"
    title = {"en": "Weighted mean", "zh-Hans": "加权平均"}
    alone = True

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """Sum over count."""
        return values.group_by(*keys.cell).agg(
            num=nw.col("value").sum().cast(nw.Int64), den=nw.len().cast(nw.Int64)
        )
