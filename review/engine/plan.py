"""The arithmetic of a rubric, worked out in Python integers before any frame is touched.

A combined value (a ballot, or a subtotal of criteria) is an affine function of the sum of weighted
marks: with the set of criteria that were marked given as a bit mask,

    value = A(mask) · Σ weight · mark + B(mask)

with exact fractions A and B. `own`: Σwv / Σw over what was marked. `percent`: Σ w(v-min)/(max-min)
/ Σw, in %. `sum`: Σwv; with a gap, the share of the attainable points that were marked, taken of
the whole sheet (the same as renormalising the weights where all criteria share a scale).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.model.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class Step:
    """From integers x to the integers (x · times + plus) / over, halves away from zero."""

    times: int
    plus: int
    over: int

    @classmethod
    def of(cls, slope: Fraction, offset: Fraction) -> Step:
        """x · slope + offset."""
        over = lcm(slope.denominator, offset.denominator)
        return cls(int(slope * over), int(offset * over), over)

    def needs(self, most: int) -> int:
        """The largest integer that the step meets for |x| up to `most`."""
        return max(most * abs(self.times) + abs(self.plus), abs(self.times), self.over)

    def reaches(self, most: int) -> int:
        """The largest result for |x| up to `most`, or a little more."""
        return (most * abs(self.times) + abs(self.plus)) // self.over + 1


@dataclass(frozen=True)
class Plan:
    """The arithmetic of one rubric for cells held as integers of 1/`unit`.

    `weighted`: decimals at which each weighted criterion is rounded, or None.
    """

    rubric: Rubric
    unit: int
    weighted: int | None = None

    @cached_property
    def counting(self) -> tuple[Criterion, ...]:
        """The criteria that enter the score; criterion i has bit 2^i."""
        return self.rubric.counting

    @property
    def full(self) -> int:
        """The mask of a complete ballot."""
        return (1 << len(self.counting)) - 1

    @cached_property
    def _weights(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(c.weight) for c in self.counting)

    @cached_property
    def _ranges(self) -> tuple[tuple[Fraction, Fraction], ...]:
        scales = [self.rubric.scale_of(c) for c in self.counting]
        return tuple((Fraction(s.min), Fraction(s.max)) for s in scales)

    @cached_property
    def _points(self) -> tuple[Fraction, ...]:
        """What one whole mark of each criterion adds to the weighted sum."""
        if self.rubric.report != "percent":
            return self._weights
        return tuple(
            100 * w / (high - low)
            for w, (low, high) in zip(self._weights, self._ranges, strict=True)
        )

    @cached_property
    def _sum_unit(self) -> Fraction:
        """Terms are integers of 1/this: of the declared stage, or the least that are exact."""
        if self.weighted is not None:
            return Fraction(10**self.weighted)
        common = lcm(*(p.denominator for p in self._points))
        return Fraction(common, gcd(*(int(p * common) for p in self._points))) * self.unit

    @cached_property
    def terms(self) -> dict[str, Step]:
        """criterion → from its marks to its terms of the sum."""
        return {c.id: self._term(i) for i, c in enumerate(self.counting)}

    def _term(self, index: int) -> Step:
        points = self._points[index] * self._sum_unit
        # a declared stage rounds what people see: in percent, that counts from the scale's minimum
        seen = self.weighted is not None and self.rubric.report == "percent"
        lowest = self._ranges[index][0] if seen else Fraction(0)
        return Step.of(points / self.unit, -points * lowest)

    def steps(self, masks: Iterable[int], places: int | None) -> tuple[dict[int, Step], int]:
        """From the sum of terms to the combined value, for each mask, and the unit of the value.

        Rounded at `places`; None: held over the least common denominator.
        """
        values = {mask: self._value(mask) for mask in masks}
        unit = 10 ** (places or 0)
        if places is None:
            unit = lcm(*(part.denominator for value in values.values() for part in value))
        return {m: Step.of(a * unit, b * unit) for m, (a, b) in values.items()}, unit

    def _value(self, mask: int) -> tuple[Fraction, Fraction]:
        """A and B of a mask (which is not empty), for the sum of terms."""
        marked = [i for i in range(len(self.counting)) if mask >> i & 1]
        slope = 1 / self._sum_unit
        lowest = [p * low for p, (low, _) in zip(self._points, self._ranges, strict=True)]
        if self.rubric.report == "sum":
            share = self._share(marked)
            gone = sum((lowest[i] for i in marked), Fraction(0))
            return slope * share, sum(lowest, Fraction(0)) - share * gone
        weight = sum((self._weights[i] for i in marked), Fraction(0))
        if self.rubric.report == "own" or self.weighted is not None:
            return slope / weight, Fraction(0)
        return slope / weight, -sum((lowest[i] for i in marked), Fraction(0)) / weight

    def _share(self, marked: Iterable[int]) -> Fraction:
        """The whole range of points ÷ the range that was marked."""
        span = [p * (high - low) for p, (low, high) in zip(self._points, self._ranges, strict=True)]
        return sum(span, Fraction(0)) / sum((span[i] for i in marked), Fraction(0))
