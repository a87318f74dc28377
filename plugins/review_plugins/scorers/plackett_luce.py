"""Worths from whole rankings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.scorers.worths import WorthOptions, WorthScorer, apart

if TYPE_CHECKING:
    from review import Message
    from review_plugins.scorers.orders import Orders
    from review_plugins.scorers.worths import Floats


class PlackettLuce(WorthScorer):
    """Plackett-Luce: the log of worths, the mean of which is 0.

    A ranking is read as choices: the best out of all by worth, then the best of the rest. Where
    some are tied, each choice among them is theirs in equal parts. Refusal and `prior` as for
    `bradley_terry`, which it is on comparisons of two; a proposal that is always last has no finite
    worth without a `prior`.
    """

    id = "plackett_luce"
    title = {"en": "Plackett–Luce", "zh-Hans": "普拉克特–卢斯（名次模型）"}
    Options = WorthOptions

    def worths(self, orders: Orders) -> tuple[Floats | None, list[Message]]:
        from review.stats.pairwise.plackett_luce import (  # noqa: PLC0415 -- imports numpy
            Choices,
            log_worths,
        )

        prior = float(self.options.prior)
        choices = Choices.of(len(orders.proposals), orders.orders)
        refusal = apart(self.id, orders.proposals, choices.components)
        if refusal is not None and not prior:
            return None, [refusal]
        return log_worths(choices, prior=prior, most=self.options.steps), []
