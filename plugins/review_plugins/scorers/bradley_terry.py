"""Worths from who was placed above whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.scorers.worths import WorthOptions, WorthScorer, apart

if TYPE_CHECKING:
    from review import Message
    from review_plugins.scorers.orders import Orders
    from review_plugins.scorers.worths import Floats


class BradleyTerry(WorthScorer):
    """Bradley-Terry: the log of worths p with P(i above j) = p_i / (p_i + p_j); the mean is 0.

    Every pair within a ranking counts as a comparison, a draw as half a win for both. A proposal
    that is better by 1 is preferred in 73 of 100 comparisons, by 2 in 88. Refused where wins and
    draws do not lead both ways between all proposals, unless `prior` gives each of them so many
    wins and losses against an average one.
    """

    id = "bradley_terry"
    title = {"en": "Bradley–Terry", "zh-Hans": "布拉德利–特里（成对比较）"}
    Options = WorthOptions

    def worths(self, orders: Orders) -> tuple[Floats | None, list[Message]]:
        from review.stats.pairwise.bradley_terry import log_worths  # noqa: PLC0415 -- imports numpy

        prior = float(self.options.prior)
        refusal = apart(self.id, orders.proposals, orders.compared.pooled.components)
        if refusal is not None and not prior:
            return None, [refusal]
        return log_worths(orders.compared, prior=prior, most=self.options.steps), []
