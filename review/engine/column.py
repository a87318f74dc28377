"""An exact column of numbers, one per proposal, that awards compute with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from review.engine.exact import half_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Number = int | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Column:
    """Exact numbers in the order of the standings' proposals; None where a proposal has none.

    Adding, subtracting and multiplying stay exact, and None stays None: absent is not zero.
    Dividing, or a value with more decimals than are shown, is rounded by `round`, half away from
    zero; what is shown is what is ranked.
    """

    values: Sequence[Fraction | None]
    places: int = 0

    @classmethod
    def scaled(cls, values: Iterable[int | None], places: int) -> Column:
        """From integers × 10^`places`."""
        unit = 10**places
        return cls([None if v is None else Fraction(v, unit) for v in values], places)

    def round(self, places: int) -> Column:
        """The values at `places` decimals, halves away from zero."""
        return Column([Fraction(n, 10**places) if (n := _at(v, places)) is not None else None
                       for v in self.values], places)  # fmt: skip

    def at(self, places: int) -> list[int | None]:
        """Integers × 10^`places`, rounded half away from zero."""
        return [_at(v, places) for v in self.values]

    def max(self) -> Fraction | None:
        """The greatest value; None of no values."""
        return max((v for v in self.values if v is not None), default=None)

    def __add__(self, other: Column | Number) -> Column:
        return self._with(other, lambda a, b: a + b, max)

    def __sub__(self, other: Column | Number) -> Column:
        return self._with(other, lambda a, b: a - b, max)

    def __mul__(self, other: Column | Number) -> Column:
        return self._with(other, lambda a, b: a * b, lambda p, q: p + q)

    def __truediv__(self, other: Column | Number) -> Column:
        return self._with(other, lambda a, b: a / b if b else None, max)

    __radd__ = __add__
    __rmul__ = __mul__

    def _with(
        self,
        other: Column | Number,
        combine: Callable[[Fraction, Fraction], Fraction | None],
        places: Callable[[int, int], int],
    ) -> Column:
        if isinstance(other, Column):
            pairs = zip(self.values, other.values, strict=True)
            return Column([None if a is None or b is None else combine(a, b) for a, b in pairs],
                          places(self.places, other.places))  # fmt: skip
        if isinstance(other, float):
            msg = f"{other!r} is a float and never exact: write Decimal({str(other)!r})"
            raise TypeError(msg)
        number = Fraction(other)
        decimals = (
            max(0, -int(other.normalize().as_tuple().exponent)) if isinstance(other, Decimal) else 0
        )
        return Column([None if a is None else combine(a, number) for a in self.values],
                      places(self.places, decimals))  # fmt: skip


def _at(value: Fraction | None, places: int) -> int | None:
    return None if value is None else half_up(value.numerator * 10**places, value.denominator)
