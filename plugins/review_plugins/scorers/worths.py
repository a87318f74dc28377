"""What scorers of worths have in common: a prior where it is asked for, six decimals, a refusal."""

from __future__ import annotations

from abc import abstractmethod
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field

from review import Exact, FieldScores, Message, Options, RankingScorer
from review_plugins.scorers.orders import Orders, alone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from review import Ranking

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

PLACES = 6
LISTED = 5

_APART = {
    "en": "{scorer} finds no worths: no chain of wins or draws leads both ways between {parts}. "
    "Ask for comparisons between them, or set prior = 0.5 (half a win and half a loss for each "
    "against an average proposal)",
    "zh-Hans": "{scorer} 无法估计强弱：{parts} 之间没有双向的胜负或平局链条。"
    "请补充它们之间的比较，或设置 prior = 0.5（每个项目与平均水平的项目各记半胜半负）",
}
_UNSETTLED = {
    "en": "{scorer} did not settle within {steps} steps; allow more with `steps`",
    "zh-Hans": "{scorer} 在 {steps} 步内未能收敛；可用 steps 放宽步数",
}


class SettlingOptions(Options):
    """`steps`: how many steps the worths may take to settle."""

    steps: int = Field(default=20_000, ge=3)


class WorthOptions(SettlingOptions):
    """`prior`: wins and losses of each proposal against an average one, `steps` as usual."""

    prior: Exact = Field(default=Decimal(0), ge=0)


class WorthScorer(RankingScorer):
    """A scorer that estimates worths on a logarithmic scale, where 0 is the mean of the field.

    Held to six decimals before anything is ranked.
    """

    @abstractmethod
    def worths(self, orders: Orders) -> tuple[Floats | None, list[Message]]:
        """log worths of shape (n,) and warnings; None for worths with a refusal as the first."""

    def score_rankings(self, proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores:
        from review.stats.pairwise.settle import NotSettledError  # noqa: PLC0415 -- imports numpy

        nothing = alone(proposals, rankings)
        if nothing is not None:
            return nothing
        orders = Orders.of(rankings)
        try:
            x, told = self.worths(orders)
        except NotSettledError:
            params = {"scorer": self.id, "steps": self.options.steps}
            return FieldScores({}, refusal=Message("worths_unsettled", params, _UNSETTLED))
        if x is None:
            return FieldScores({}, refusal=told[0])
        return FieldScores(held(orders.proposals, x), warnings=told)


def held(proposals: Sequence[str], x: Any) -> Mapping[str, Decimal]:
    """Numbers at `PLACES`, halves away from zero."""
    unit = Decimal(1).scaleb(-PLACES)
    values = [Decimal(value).quantize(unit, ROUND_HALF_UP) for value in x.tolist()]
    return dict(zip(proposals, values, strict=True))


def apart(scorer: str, proposals: Sequence[str], components: Codes) -> Message | None:
    """The refusal where proposals are not all in one strong component."""
    if not components.any():
        return None
    parts: dict[int, list[str]] = {}
    for proposal, number in zip(proposals, components.tolist(), strict=True):
        parts.setdefault(number, []).append(proposal)
    named = [f"({_some(part)})" for part in parts.values()]
    more = ["…"] if len(named) > LISTED else []
    params = {"scorer": scorer, "parts": [*named[:LISTED], *more]}
    return Message("worths_apart", params, _APART)


def _some(proposals: Sequence[str]) -> str:
    return ", ".join([*proposals[:LISTED], *(["…"] if len(proposals) > LISTED else [])])
