"""What one ballot amounts to, for showing: results come from the pipeline alone."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import lcm
from typing import TYPE_CHECKING

from review.model.types import scaled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.rubric import Rubric
    from review.store.marks import Cell


@dataclass(frozen=True, slots=True)
class Weighing:
    """How marks make the value of a ballot, in integers.

    As the rubric reports: `own` the weighted mean, `sum` the weighted sum, `percent` the weighted
    position on the criteria's scales. A value is (Σ factor × mark × 10^`places` + `offset`) /
    `denominator`.
    """

    factors: Mapping[str, int]
    offset: int
    denominator: int
    places: int
    decimals: int

    @classmethod
    def of(cls, rubric: Rubric) -> Weighing:
        """The weighing of a rubric."""
        weights = {c.id: Fraction(c.weight) for c in rubric.counting}
        start = Fraction(0)
        if rubric.report == "percent":
            for criterion in rubric.counting:
                scale = rubric.scale_of(criterion)
                weights[criterion.id] *= 100 / (Fraction(scale.max) - Fraction(scale.min))
                start -= weights[criterion.id] * Fraction(scale.min)
        if rubric.report != "sum":
            whole = sum((Fraction(c.weight) for c in rubric.counting), Fraction(0))
            weights = {name: weight / whole for name, weight in weights.items()}
            start /= whole
        common = lcm(start.denominator, *(w.denominator for w in weights.values()))
        unit = 10**rubric.places
        return cls(
            {name: int(weight * common) for name, weight in weights.items()},
            int(start * common) * unit,
            common * unit,
            rubric.places,
            rubric.decimals,
        )

    def numerator(self, cells: Mapping[str, Cell]) -> int | None:
        """The value of a ballot × `denominator`; None where a mark is lacking."""
        total = self.offset
        for criterion, factor in self.factors.items():
            cell = cells.get(criterion)
            if cell is None or cell.mark is None:
                return None
            total += factor * _scaled(cell.mark, self.places)
        return total

    def shown(self, numerator: int | Fraction) -> Decimal:
        """A value at the decimals of the round's score, rounded half away from zero."""
        exact = Fraction(numerator, self.denominator) * 10**self.decimals
        whole = int(abs(exact) + Fraction(1, 2))
        return Decimal(-whole if exact < 0 else whole).scaleb(-self.decimals)


@cache
def _scaled(mark: str, places: int) -> int:
    """A mark × 10^`places`; there are few different ones."""
    return scaled(Decimal(mark), places)
