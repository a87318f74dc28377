"""Cohesion and Mobilisation, of the Star Selection Plan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from review import Award, Exact, Options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review import Column, StandingsView


class CohesionOptions(Options):
    """`blend`: column → weight; each column counts as its share of the field's maximum."""

    blend: dict[str, Exact] = {
        "mobilisation": Decimal(3),
        "activities": Decimal(1),
        "direct": Decimal(1),
        "indirect": Decimal(1),
    }


class Cohesion(Award):
    """How well neighbours were brought together: a declared blend of mobilisation and reach."""

    id = "cohesion"
    title = {"en": "Cohesion and Mobilisation", "zh-Hans": "凝聚动员奖"}
    Options = CohesionOptions

    def columns(self) -> Iterable[str]:
        """What is blended."""
        return list(self.options.blend)

    def value(self, standings: StandingsView) -> Column:
        """The blend, between 0 and 1."""
        return standings.blend(self.options.blend)
