"""The best of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Award

if TYPE_CHECKING:
    from review import Column, StandingsView


class TopScore(Award):
    """The highest score of the round wins."""

    id = "top_score"
    title = {"en": "Best score", "zh-Hans": "最高得分奖"}

    def value(self, standings: StandingsView) -> Column:
        """The published score."""
        return standings.score
