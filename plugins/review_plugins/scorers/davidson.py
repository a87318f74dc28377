"""Worths from comparisons in which draws tell something of their own."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from review import Message
from review_plugins.scorers.worths import WorthOptions, WorthScorer, apart

if TYPE_CHECKING:
    from review_plugins.scorers.orders import Orders
    from review_plugins.scorers.worths import Floats

_DRAWS = {
    "en": "davidson: every comparison was a draw, so that all are worth the same",
    "zh-Hans": "davidson：所有比较均为平局，因此各项目强弱相同",
}


class Davidson(WorthScorer):
    """Davidson's model of draws: the log of worths, the mean of which is 0.

    P(i above j) : P(draw) : P(j above i) = p_i : d √(p_i p_j) : p_j with one tendency d to draw for
    all. Every pair within a ranking counts as a comparison. Otherwise as `bradley_terry`, which it
    is where nobody drew.
    """

    id = "davidson"
    title = {"en": "Davidson (with draws)", "zh-Hans": "戴维森模型（含平局）"}
    Options = WorthOptions

    def worths(self, orders: Orders) -> tuple[Floats | None, list[Message]]:
        from review.stats.pairwise.davidson import fit  # noqa: PLC0415 -- imports numpy

        prior = float(self.options.prior)
        refusal = apart(self.id, orders.proposals, orders.compared.pooled.components)
        if refusal is not None and not prior:
            return None, [refusal]
        found = fit(orders.compared, prior=prior, most=self.options.steps)
        told = [Message("davidson_draws", {}, _DRAWS)] if isinf(found.draw) else []
        return found.x, told
