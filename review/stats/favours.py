"""Favours that are returned: two judges who each have an entry, and each give the other's more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.stats.permutation import tail

if TYPE_CHECKING:
    import numpy as np

    from review.stats.affinity import Stratum


@dataclass(frozen=True)
class Favour:
    """How much each gave the other's proposals beyond what all others let expect, in marks.

    `p`: how likely the lesser of the two is so large by chance, each judge's residuals being
    shuffled among the proposals that judge marked; one-sided, since a favour is no harm.
    """

    to_second: float
    to_first: float
    p: float


def favour(first: Stratum, second: Stratum, rng: np.random.Generator) -> Favour:
    """`own` of each marks the proposals of the *other*; each needs one, and must not be all.

    The two shuffles are independent, so that the tails of both multiply.
    """
    means = [float(side.standardised[side.own].mean()) for side in (first, second)]
    tails = [
        tail(side.standardised, int(side.own.sum()), min(means), rng) for side in (first, second)
    ]
    return Favour(
        to_second=float(first.deleted[first.own].mean()),
        to_first=float(second.deleted[second.own].mean()),
        p=tails[0] * tails[1],
    )
