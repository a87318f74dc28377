"""Strongest chains of majorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import FieldScores, Message, RankingScorer
from review_plugins.scorers.orders import Orders, alone, never_compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Ranking


_LARGE = {
    "en": "schulze: the strongest paths of more than {most} proposals take too long to find. Use"
    " copeland or bradley_terry",
    "zh-Hans": "schulze：项目超过 {most} 个时，寻找最强路径耗时过长。"
    "请改用 copeland 或 bradley_terry",
}


class Schulze(RankingScorer):
    """Schulze: how many others a proposal beats by its strongest path, less how many beat it so.

    A path is a chain of majorities, as strong as the weakest of them; a majority is as strong as
    the number of those who say so. Whoever beats another has more points. Who beats every other one
    directly is first. Refused beyond 2,000 proposals.
    """

    id = "schulze"
    title = {"en": "Schulze", "zh-Hans": "舒尔茨法（最强路径）"}

    def score_rankings(self, proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores:
        from review.stats.pairwise.voting import (  # noqa: PLC0415 -- imports numpy
            LARGEST_PATHS,
            TooManyError,
            schulze,
        )

        nothing = alone(proposals, rankings)
        if nothing is not None:
            return nothing
        orders = Orders.of(rankings)
        try:
            won = schulze(orders.compared.preferred())
        except TooManyError:
            params = {"most": LARGEST_PATHS}
            return FieldScores({}, refusal=Message("schulze_large", params, _LARGE))
        scores = dict(zip(orders.proposals, won.tolist(), strict=True))
        return FieldScores(scores, warnings=never_compared(orders, self.id))
