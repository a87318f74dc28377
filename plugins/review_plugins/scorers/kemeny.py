"""The order that contradicts the judges least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import FieldScores, Message, RankingScorer
from review_plugins.scorers.orders import Orders, alone, never_compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Ranking
    from review.stats.pairwise.voting import Kemeny as Found

_SEVERAL = {
    "en": "kemeny: {count} orders agree with {agreeing} of the comparisons, no order with more;"
    " points are the mean over all of them. One is {order}",
    "zh-Hans": "kemeny：有 {count} 种排序与 {agreeing} 次比较一致，没有更优的排序；"
    "得分取这些排序的平均。其中之一：{order}",
}
_ANOTHER = {
    "en": "kemeny: several orders agree with {agreeing} of the comparisons, no order with more, and"
    " they are too many to be averaged. Points are those of this one: {order}",
    "zh-Hans": "kemeny：有多种排序与 {agreeing} 次比较一致，没有更优的排序，数量过多无法平均。"
    "得分依据其中这一种：{order}",
}
_LARGE = {
    "en": "kemeny: majorities go round in a circle of more than {most} proposals, for which the"
    " best order cannot be proven in reasonable time. Use schulze or bradley_terry",
    "zh-Hans": "kemeny：两两多数构成的循环涉及 {most} 个以上的项目，无法在合理时间内证明最优排序。"
    "请改用 schulze 或 bradley_terry",
}


class Kemeny(RankingScorer):
    """Kemeny-Young: how many others are below in the order that agrees with most comparisons.

    The order is the best of all, with proof. Where several are equally good, a warning says so; up
    to 16 proposals in a circle of majorities points are the mean over all of them, beyond that they
    are those of one, which is shown. Refused where more than 50 are in one circle.
    """

    id = "kemeny"
    title = {"en": "Kemeny–Young", "zh-Hans": "凯梅尼法（最小分歧排序）"}

    def score_rankings(self, proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores:
        from review.stats.pairwise.voting import (  # noqa: PLC0415 -- imports numpy
            LARGEST,
            TooManyError,
            kemeny,
        )

        nothing = alone(proposals, rankings)
        if nothing is not None:
            return nothing
        orders = Orders.of(rankings)
        try:
            found = kemeny(orders.compared.preferred())
        except TooManyError:
            return FieldScores({}, refusal=Message("kemeny_large", {"most": LARGEST}, _LARGE))
        scores = dict(zip(orders.proposals, found.above, strict=True))
        told = [*never_compared(orders, self.id), *_several(found, orders)]
        return FieldScores(scores, warnings=told)


def _several(found: Found, orders: Orders) -> list[Message]:
    if found.is_only:
        return []
    order = " > ".join(orders.proposals[item] for item in found.order)
    params = {"agreeing": found.agreeing, "order": order}
    if found.others is None:
        return [Message("kemeny_another", params, _ANOTHER)]
    return [Message("kemeny_several", {**params, "count": found.others + 1}, _SEVERAL)]
