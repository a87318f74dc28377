"""Favours that are returned: two judges who each have an entry, and each give the other's more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.stats.permutation import tail

if TYPE_CHECKING:
    import numpy as np

    from review.stats.crossed import Floats
    from review.stats.permutation import Flags


@dataclass(frozen=True, eq=False)
class Side:
    """The values of one judge, each array of shape (n,).

    `deleted`: a mark less what all other values let expect. `standardised`: its residual in
    standard deviations. `theirs`: whether the proposal is the other judge's.
    """

    deleted: Floats
    standardised: Floats
    theirs: Flags


@dataclass(frozen=True)
class Favour:
    """How much each gave the other's proposals beyond what all others let expect, in marks.

    `p`: how likely the lesser of the two is so large by chance, each judge's residuals being
    shuffled among the proposals that judge marked; one-sided, since a favour is no harm.
    """

    to_second: float
    to_first: float
    p: float


def favour(first: Side, second: Side, rng: np.random.Generator) -> Favour:
    """Each judge needs a value on a proposal of the other's, and others.

    The two shuffles are independent, so that the tails of both multiply.
    """
    means = [float(side.standardised[side.theirs].mean()) for side in (first, second)]
    tails = [
        tail(side.standardised, int(side.theirs.sum()), min(means), rng) for side in (first, second)
    ]
    return Favour(
        to_second=float(first.deleted[first.theirs].mean()),
        to_first=float(second.deleted[second.theirs].mean()),
        p=tails[0] * tails[1],
    )
