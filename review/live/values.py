"""What one ballot amounts to, for showing: results come from the pipeline alone."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.live.definition import Form
    from review.store.marks import Cell


def ballot_value(form: Form, cells: Mapping[str, Cell]) -> Fraction | None:
    """A complete ballot on the scale of the round's score; None where a mark is lacking.

    As the rubric reports: `own` the weighted mean, `sum` the weighted sum, `percent` the weighted
    position on each criterion's scale.
    """
    total = weights = Fraction(0)
    for criterion in form.rubric.counting:
        cell = cells.get(criterion.id)
        if cell is None or cell.mark is None:
            return None
        value, weight = Fraction(cell.mark), Fraction(criterion.weight)
        if form.rubric.report == "percent":
            scale = form.rubric.scale_of(criterion)
            low, high = Fraction(scale.min), Fraction(scale.max)
            value = 100 * (value - low) / (high - low)
        total += weight * value
        weights += weight
    return total if form.rubric.report == "sum" else total / weights


def shown(form: Form, value: Fraction) -> Decimal:
    """A value at the decimals of the round's score, rounded half away from zero."""
    places = form.rubric.decimals
    scaled = value * 10**places
    whole = int(abs(scaled) + Fraction(1, 2))
    return Decimal(-whole if scaled < 0 else whole).scaleb(-places)
