"""The arithmetic of a rubric, worked out in Python integers before any frame is touched.

A combined value (a ballot, or a subtotal of criteria) is an affine function of the sum of weighted
marks: with the set of criteria that were marked given as a bit mask,

    value = A(mask) · Σ weight · mark + B(mask)

with exact fractions A and B. `own`: Σwv / Σw over what was marked. `percent`: Σ w(v-min)/(max-min)
/ Σw, in %.
`sum`: Σwv; with a gap, the share of the attainable points that were marked, taken of the whole
sheet (the same as renormalising the weights where all criteria share a scale).
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

Affine = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Term:
    """How a mark m (an integer, 1/unit) enters the sum: round((m · times + plus) / over) (over = 1: exact)."""

    bit: int
    times: int
    plus: int
    over: int


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
    def _weights(self) -> tuple[int, ...]:
        """Weights as coprime integers (their common factor does not matter for `own` and `percent`)."""
        exact = [Fraction(c.weight) for c in self.counting]
        common = lcm(*(w.denominator for w in exact))
        whole = [int(w * common) for w in exact]
        if self.rubric.report == "sum":
            return tuple(whole)
        return tuple(w // gcd(*whole) for w in whole)

    @cached_property
    def _weight_unit(self) -> Fraction:
        """The real weight of one unit of `_weights`."""
        return Fraction(self.counting[0].weight) / self._weights[0]

    @cached_property
    def _ranges(self) -> tuple[tuple[Fraction, Fraction], ...]:
        scales = [self.rubric.scale_of(c) for c in self.counting]
        return tuple((Fraction(s.min), Fraction(s.max)) for s in scales)

    @cached_property
    def _points(self) -> tuple[Fraction, ...]:
        """What one unit of a mark of each criterion adds to the weighted sum, in real terms."""
        match self.rubric.report:
            case "percent":
                return tuple(
                    100 * w / (high - low)
                    for w, (low, high) in zip(self._weights, self._ranges, strict=True)
                )
            case "sum":
                return tuple(w * self._weight_unit for w in self._weights)
            case _:
                return tuple(Fraction(w) for w in self._weights)

    @cached_property
    def _common(self) -> int:
        """The common denominator that makes `_points` integers."""
        return lcm(*(p.denominator for p in self._points))

    @cached_property
    def terms(self) -> dict[str, Term]:
        """criterion → how its marks enter the sum."""
        return {criterion.id: self._term(index) for index, criterion in enumerate(self.counting)}

    def _term(self, index: int) -> Term:
        times = int(self._points[index] * self._common)
        if self.weighted is None:
            return Term(1 << index, times, 0, 1)
        # a declared stage rounds the weighted criterion as people see it: weight × value
        real = self._points[index] * self._real_weight
        shift = -real * self._ranges[index][0] if self.rubric.report == "percent" else Fraction(0)
        slope, offset = real * 10**self.weighted / self.unit, shift * 10**self.weighted
        over = lcm(slope.denominator, offset.denominator)
        return Term(1 << index, int(slope * over), int(offset * over), over)

    @property
    def _real_weight(self) -> Fraction:
        return Fraction(1) if self.rubric.report == "sum" else self._weight_unit

    def value(self, mask: int) -> Affine:
        """A and B of the combined value of cells with this mask (which is not empty)."""
        marked = [i for i in range(len(self.counting)) if mask >> i & 1]
        weight = sum(self._weights[i] for i in marked)
        if self.weighted is None:
            slope = Fraction(1, self.unit * self._common)
            lowest = {i: self._points[i] * self._ranges[i][0] for i in range(len(self.counting))}
        else:
            slope = Fraction(1, 10**self.weighted) / self._real_weight
            lowest = dict.fromkeys(range(len(self.counting)), Fraction(0))
        match self.rubric.report:
            case "sum":
                return self._sum_value(mask, marked, slope)
            case "percent":
                return slope / weight, -sum(lowest[i] for i in marked) / weight + Fraction(0)
            case _:
                return slope / weight, Fraction(0)

    def _sum_value(self, mask: int, marked: list[int], slope: Fraction) -> Affine:
        if mask == self.full:
            return slope, Fraction(0)
        low = [p * r[0] for p, r in zip(self._points, self._ranges, strict=True)]
        span = [p * (r[1] - r[0]) for p, r in zip(self._points, self._ranges, strict=True)]
        share = sum(span) / sum((span[i] for i in marked), Fraction(0))
        return slope * share, sum(low) - share * sum((low[i] for i in marked), Fraction(0))

    def bound(self, cell_bound: dict[str, int], masks: Iterable[int], scale: int) -> int:
        """The largest |base · alpha + beta| for cells within `cell_bound`, over masks scaled by `scale`."""
        base = self.base_bound(cell_bound)
        return max(
            (abs(int(a * scale)) * base + abs(int(b * scale)) for a, b in map(self.value, masks)),
            default=0,
        )

    def base_bound(self, cell_bound: dict[str, int]) -> int:
        """The largest |Σ term| (before division of rounded terms: a safe over-estimate)."""
        return sum(
            cell_bound[criterion] * abs(term.times) + abs(term.plus)
            for criterion, term in self.terms.items()
        )


def common_unit(plan: Plan, masks: Iterable[int]) -> int:
    """The least L such that the combined value of every mask is an integer of 1/L."""
    found = [fraction.denominator for mask in masks for fraction in plan.value(mask)]
    return lcm(*found) if found else 1
