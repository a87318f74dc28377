"""Worths from comparisons by judges who may not all be equally careful."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Message
from review_plugins.scorers.worths import SettlingOptions, WorthScorer

if TYPE_CHECKING:
    from review_plugins.scorers.orders import Orders
    from review_plugins.scorers.worths import Floats

COIN = 0.6
"""A judge less reliable than that is told of: 0.5 is a coin."""

_COIN = {
    "en": "crowd_bt: comparisons by {judges} count for little: they agree with the others hardly"
    " more often than a coin would",
    "zh-Hans": "crowd_bt：{judges} 的比较权重很低：与其他评委的一致程度与抛硬币相差无几",
}


class CrowdBT(WorthScorer):
    """Bradley-Terry where each judge is right with a reliability of their own; the mean is 0.

    Worths and reliabilities are the most probable ones with a normal prior of standard deviation 1
    on log worths and a Beta(10, 1) prior on reliabilities, all comparisons taken together, whatever
    their order. The priors make worths finite, so nothing needs to be connected. A warning names
    judges who agree with the others hardly more often than a coin.
    """

    id = "crowd_bt"
    title = {"en": "Crowd Bradley–Terry", "zh-Hans": "众评布拉德利–特里（含评委可靠度）"}
    Options = SettlingOptions

    def worths(self, orders: Orders) -> tuple[Floats | None, list[Message]]:
        from review.stats.pairwise.crowd_bt import fit  # noqa: PLC0415 -- imports numpy

        found = fit(orders.compared, most=self.options.steps)
        doubtful = [
            f"{judge} ({reliability:.2f})"
            for judge, reliability in zip(orders.judges, found.reliability, strict=True)
            if reliability < COIN
        ]
        told = [Message("crowd_bt_coin", {"judges": doubtful}, _COIN)] if doubtful else []
        return found.x, told
