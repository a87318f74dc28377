"""Brand Innovation, of the Star Selection Plan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from review import Award, Exact, Options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review import Column, StandingsView


class BrandInnovationOptions(Options):
    """`blend`: column → weight; each column counts as its share of the field's maximum."""

    blend: dict[str, Exact] = {"innovation": Decimal(1), "brand": Decimal(1)}


class BrandInnovation(Award):
    """The freshest idea that people can recognise again: a blend of innovation and brand."""

    id = "brand_innovation"
    title = {"en": "Brand Innovation", "zh-Hans": "品牌创新奖"}
    Options = BrandInnovationOptions

    def columns(self) -> Iterable[str]:
        """What is blended."""
        return list(self.options.blend)

    def value(self, standings: StandingsView) -> Column:
        """The blend, between 0 and 1."""
        return standings.blend(self.options.blend)
