"""Strongest chains of majorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import FieldScores, RankingScorer
from review_plugins.scorers.orders import Orders, alone, never_compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Ranking


class Schulze(RankingScorer):
    """Schulze: how many others a proposal beats by its strongest path, less how many beat it so.

    A path is a chain of majorities, as strong as the weakest of them; a majority is as strong as
    the number of those who say so. Whoever beats another has more points. Who beats every other one
    directly is first.
    """

    id = "schulze"
    title = {"en": "Schulze", "zh-Hans": "舒尔茨法（最强路径）"}

    def score_rankings(self, proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores:
        from review.stats.pairwise.voting import schulze  # noqa: PLC0415 -- imports numpy

        nothing = alone(proposals, rankings)
        if nothing is not None:
            return nothing
        orders = Orders.of(rankings)
        won = schulze(orders.compared.preferred())
        scores = dict(zip(orders.proposals, won.tolist(), strict=True))
        return FieldScores(scores, warnings=never_compared(orders, self.id))
