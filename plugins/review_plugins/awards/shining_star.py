"""Shining Star, of the Star Selection Plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Award

if TYPE_CHECKING:
    from review import Column, StandingsView


class ShiningStar(Award):
    """The best overall score of the showcase: what a project was worth and how it was done."""

    id = "shining_star"
    title = {"en": "Shining Star", "zh-Hans": "星星闪耀奖"}

    def value(self, standings: StandingsView) -> Column:
        """The published score of the round, with everything that it is made of."""
        return standings.score
