"""Rankings by number instead of by name, as `review.stats.pairwise` takes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from review import FieldScores, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Ranking
    from review.stats.pairwise.orders import Compared

_NEVER = {
    "en": "{count} of {pairs} pairs were compared by nobody; for {scorer} they are even",
    "zh-Hans": "{pairs} 对项目中有 {count} 对从未被比较过；{scorer} 视为平手",
}


@dataclass(frozen=True)
class Orders:
    """The proposals that were compared, and the rankings as groups of their indices."""

    proposals: tuple[str, ...]
    judges: tuple[str, ...]
    orders: tuple[tuple[tuple[int, ...], ...], ...]
    by: tuple[int, ...]

    @classmethod
    def of(cls, rankings: Sequence[Ranking]) -> Orders:
        """Of rankings by name."""
        named = {p for ranking in rankings for group in ranking.places for p in group}
        proposals = {proposal: code for code, proposal in enumerate(sorted(named))}
        judges = {j: code for code, j in enumerate(sorted({r.judge for r in rankings}))}
        orders = (
            tuple(tuple(proposals[p] for p in group) for group in ranking.places)
            for ranking in rankings
        )
        by = tuple(judges[ranking.judge] for ranking in rankings)
        return cls(tuple(proposals), tuple(judges), tuple(orders), by)

    @cached_property
    def compared(self) -> Compared:
        """Every pair that a judge compared."""
        from review.stats.pairwise.orders import Compared  # noqa: PLC0415 -- imports numpy

        return Compared.of(len(self.proposals), self.orders, self.by)


def alone(proposals: Sequence[str], rankings: Sequence[Ranking]) -> FieldScores | None:
    """The scores where nothing was compared: a proposal alone has the 0 that was there to win."""
    if rankings:
        return None
    return FieldScores(dict.fromkeys(proposals, 0) if len(proposals) == 1 else {})


def never_compared(orders: Orders, scorer: str) -> list[Message]:
    """A warning where some pairs were compared by nobody."""
    size = len(orders.proposals)
    pairs = size * (size - 1) // 2
    count = pairs - len(orders.compared.pooled.first)
    if not count:
        return []
    params = {"count": count, "pairs": pairs, "scorer": scorer}
    return [Message("pairs_never_compared", params, _NEVER)]
