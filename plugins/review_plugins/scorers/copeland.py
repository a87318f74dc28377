"""Majorities won less majorities lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import FieldScores, RankingScorer
from review_plugins.scorers.orders import Orders, alone, never_compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Ranking


class Copeland(RankingScorer):
    """Copeland: against how many others a proposal has a majority, less those who have one over it.

    A pair on which as many say the one as the other counts for neither. Who beats every other one
    is first.
    """

    id = "copeland"
    title = {"en": "Copeland", "zh-Hans": "科普兰法（两两多数）"}

    def score_rankings(self, proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores:
        from review.stats.pairwise.voting import copeland  # noqa: PLC0415 -- imports numpy

        nothing = alone(proposals, rankings)
        if nothing is not None:
            return nothing
        orders = Orders.of(rankings)
        won = copeland(orders.compared)
        scores = dict(zip(orders.proposals, won.tolist(), strict=True))
        return FieldScores(scores, warnings=never_compared(orders, self.id))
