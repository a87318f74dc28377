"""The best of each category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Award, Options

if TYPE_CHECKING:
    from review import Column, StandingsView


class CategoryBestOptions(Options):
    """`by`: the attribute; a proposal without it is in no category."""

    by: str = "category"


class CategoryBest(Award):
    """The highest score in each value of an attribute: each category, community or track."""

    id = "category_best"
    title = {"en": "Best of its category", "zh-Hans": "类别最佳奖"}
    Options = CategoryBestOptions

    def group(self) -> str:
        """The attribute."""
        return str(self.options.by)

    def value(self, standings: StandingsView) -> Column:
        """The published score."""
        return standings.score
