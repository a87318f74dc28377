"""People's Choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Award

if TYPE_CHECKING:
    from review import Column, StandingsView


class PeoplesChoice(Award):
    """Most public votes wins; equal votes go to the higher score."""

    id = "peoples_choice"
    title = {"en": "People's Choice", "zh-Hans": "最佳人气奖"}
    facts = ["votes"]

    def value(self, standings: StandingsView) -> Column:
        """The votes; the core ranks, ties and explains."""
        return standings.fact("votes")
