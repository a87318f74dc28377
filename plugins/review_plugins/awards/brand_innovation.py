"""Brand Innovation, of the Star Selection Plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Award, Exact, Options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review import Column, StandingsView


class BrandInnovation(Award):
    """The freshest idea that people can recognise again: a declared blend of the innovation and brand criteria."""

    id = "brand_innovation"
    title = {"en": "Brand Innovation", "zh-Hans": "品牌创新奖"}

    class Options(Options):
        """`blend`: column → weight; each column counts as its share of the field's maximum."""

        blend: dict[str, Exact] = {"innovation": 1, "brand": 1}

    def columns(self) -> Iterable[str]:
        """What is blended."""
        return self.options.blend

    def value(self, standings: StandingsView) -> Column:
        """The blend, between 0 and 1."""
        return standings.blend(self.options.blend)
