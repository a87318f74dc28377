"""The underdog award."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import review
from review import Award, Exact

if TYPE_CHECKING:
    from review import Column, StandingsView


class Underdog(Award):
    """The best score for the money: each unit of money that is asked costs some points."""

    id = "underdog"
    title = {"en": "Underdog", "zh-Hans": "以小博大奖"}
    facts = ("asked",)

    class Options(review.Options):
        """`per_unit`: what one unit of money costs in points."""

        per_unit: Exact = Decimal("0.01")

    def value(self, standings: StandingsView) -> Column:
        """Score − asked × per_unit."""
        per_unit: Decimal = self.options.per_unit
        return standings.score - standings.fact("asked") * per_unit
