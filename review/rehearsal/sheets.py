"""What a round asks of its judges, and the marks that they may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.model.rubric import Rubric, Scale

#: Of a scale without steps ordinary judges use this many equal steps.
STEPS = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a round asks of its judges.

    `marks`: the marks that judges may choose from, by criterion, as text; `odd`: marks that nobody
    else would give, so that they are known again wherever they turn up (empty where the scale has
    steps).
    """

    marks: Mapping[str, Sequence[str]]
    odd: Mapping[str, Sequence[str]]

    @property
    def criteria(self) -> Sequence[str]:
        """The criteria, in the rubric's order."""
        return tuple(self.marks)


def sheet_of(rubric: Rubric) -> Sheet:
    """The sheet of a round with this rubric."""
    scales = {c.id: rubric.scale_of(c) for c in rubric.criteria}
    return Sheet(
        {c: _choices(scale) for c, scale in scales.items()},
        {c: _odd(scale) for c, scale in scales.items()},
    )


def _choices(scale: Scale) -> list[str]:
    """Marks on the scale, evenly spread."""
    unit = Decimal(1).scaleb(-scale.places)
    step = scale.step or max((scale.max - scale.min) / STEPS, unit)
    count = int((scale.max - scale.min) / step)
    every = max(1, count // STEPS)
    values = (scale.min + step * n for n in range(0, count + 1, every))
    return [text_of(value.quantize(unit)) for value in values]


def _odd(scale: Scale) -> list[str]:
    """Marks with three decimals, none of which ends in zero; none where the scale has no room."""
    if scale.step is not None or scale.places < 3:  # noqa: PLR2004 -- two decimals are common
        return []
    span = (scale.max - scale.min) * 1000
    return [
        text_of(scale.min + Decimal(n) / 1000)
        for n in range(1, int(span), max(1, int(span) // 97))
        if n % 10 and n % 5
    ]


def text_of(value: Decimal) -> str:
    """A number with no more digits than it needs: 8, 8.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
