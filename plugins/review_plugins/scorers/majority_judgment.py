"""Majority judgment: the lower median grade, and finer where medians are equal."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from review import FieldScorer, FieldScores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from review import Field

HALF = Fraction(1, 2)


class MajorityJudgment(FieldScorer):
    """The (lower) median of a proposal's grades, and finer by removing medians one at a time.

    Balinski & Laraki, "A theory of measuring, electing, and ranking", PNAS 104 (2007) 8720-8725.
    Panels of different size are compared by the share of their judges, as if every panel were
    repeated until all are equal.
    """

    id = "majority_judgment"
    title = {"en": "Majority judgment", "zh-Hans": "多数评判"}
    alone = True

    def score_field(self, field: Field) -> FieldScores:
        """The lower median as score; the order of the majority values as the finer key."""
        grades = {p: sorted(ballot.values()) for p, ballot in field.by_proposal().items()}
        removal = _removal_orders({len(g) for g in grades.values()})
        values = {p: tuple(g[i] for i in removal[len(g)]) for p, g in grades.items()}
        order = {value: place for place, value in enumerate(sorted(set(values.values())))}
        return FieldScores(
            {p: Fraction(g[(len(g) - 1) // 2]) for p, g in grades.items()},
            finer={p: order[value] for p, value in values.items()},
        )


def _removal_orders(sizes: Iterable[int]) -> dict[int, Sequence[int]]:
    """panel size → which of its sorted grades are removed in turn, from the middle outwards.

    Told at the same steps for every size: wherever any panel comes to its next grade.
    """
    steps = sorted(
        {abs(HALF - Fraction(i, n)) for n in sizes for i in range(n + 1)} | {Fraction(0)}
    )
    middles = [(a + b) / 2 for a, b in pairwise(steps)]
    return {
        n: [int((HALF + side) * n) for t in middles for side in (-t, t)]
        for n in sizes
    }  # fmt: skip
