"""The standings of a round as an award sees them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from review.engine.column import Column
from review.errors import PluginError
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

BLEND_PLACES = 4


class StandingsView:
    """Exact columns of a round's entrants, in one order; what an award computes its values from.

    `proposals` are their ids in that order, `places` the decimals of the score.
    """

    def __init__(
        self,
        proposals: Sequence[str],
        columns: Mapping[str, Column],
        attributes: Mapping[str, Sequence[str | None]],
        places: int,
    ) -> None:
        """`columns`: `score`, `subtotal`, `criterion:ID`, `fact:NAME`; `places`: of the score."""
        self.proposals = tuple(proposals)
        self.places = places
        self._columns = columns
        self._attributes = attributes

    @property
    def columns(self) -> Mapping[str, Column]:
        """All columns by their full names."""
        return self._columns

    def with_columns(self, columns: Mapping[str, Column]) -> StandingsView:
        """The same entrants with other columns."""
        return StandingsView(self.proposals, columns, self._attributes, self.places)

    @property
    def score(self) -> Column:
        """The published score of the round."""
        return self._columns["score"]

    @property
    def subtotal(self) -> Column:
        """The published subtotal of the round's own marks."""
        return self._columns["subtotal"]

    def criterion(self, name: str) -> Column:
        """The published score on one criterion."""
        return self.column(f"criterion:{name}")

    def fact(self, name: str) -> Column:
        """A fact of each proposal; None where it is not known."""
        return self.column(f"fact:{name}")

    def attribute(self, name: str) -> Sequence[str | None]:
        """An attribute of each proposal as text (team, community, category, …)."""
        return self._attributes[name]

    def column(self, name: str) -> Column:
        """A column by its full name, or by a bare name that only one kind of column has.

        Raises PluginError where there is none, or two.
        """
        if name in self._columns:
            return self._columns[name]
        found = [c for c in (f"criterion:{name}", f"fact:{name}") if c in self._columns]
        if len(found) != 1:
            raise PluginError(
                Message("column_ambiguous" if found else "column_unknown",
                        {"column": name, "columns": found or sorted(self._columns)})
            )  # fmt: skip
        return self._columns[found[0]]

    def blend(self, weights: Mapping[str, Decimal | int], places: int = BLEND_PLACES) -> Column:
        """A weighted mean of unlike things, each as its share of the field's maximum.

        `blend({"mobilisation": 3, "direct": 1})`: 3 × (mobilisation ÷ its maximum) + 1 × (direct ÷
        its maximum), ÷ 4, rounded half away from zero to `places` (4). A proposal that lacks one of
        the columns has no value.
        """
        total = sum((Fraction(w) for w in weights.values()), Fraction(0))
        blended = Column([Fraction(0)] * len(self.proposals))
        for name, weight in weights.items():
            column = self.column(name)
            top = column.max() or Fraction(0)
            share = column / top if top > 0 else column * 0
            blended = blended + share * (Fraction(weight) / total)
        return blended.round(places)
