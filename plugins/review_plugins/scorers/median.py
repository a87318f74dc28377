"""The median over judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from review import Scorer
from review_plugins.scorers.positions import with_positions

if TYPE_CHECKING:
    from review import Keys


class Median(Scorer):
    """The middle value over judges; the mean of the middle two of an even number."""

    id = "median"
    title = {"en": "Median", "zh-Hans": "中位数"}
    alone = True

    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """Sum over count of the middle one or two."""
        return (
            self.used(values, keys)
            .group_by(*keys.cell)
            .agg(num=nw.col("value").sum().cast(nw.Int64), den=nw.len().cast(nw.Int64))
        )

    def used(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """The middle one or two."""
        twice = nw.col("position") * 2
        middle = (twice >= nw.col("n")) & (twice <= nw.col("n") + 2)
        return with_positions(values, keys).filter(middle).select(*keys.cell, "judge", "value")

    def bound(self, most: int) -> tuple[int, int]:
        """At most two values enter."""
        return min(most, 2), min(most, 2)
