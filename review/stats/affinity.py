"""Whether judges give more to those who are their own: of their organisation, their community.

Emerson, Seltzer & Lin 2009 (nationality in diving); Zitzewitz 2006 (figure skating). The effect is
that of one more term in the model of marks, beside the quality of each proposal and the severity of
each judge, so that neither can pass for affinity.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from review.stats.permutation import FIRST, Permuted, own_test, weighted_test

if TYPE_CHECKING:
    from review.stats.crossed import Codes, Floats
    from review.stats.permutation import Flags
    from review.stats.residuals import Residuals

SURE = 0.95
_NOTHING = 1e-6


@dataclass(frozen=True, eq=False)
class Affinity:
    """How much more own proposals got, in marks, with a 95 % interval (Student's).

    `own`, `others`: values of the judges who have both kinds, `judges` how many those are. The
    rest is what the test needs: for all values (N,) the term's own part, residuals in standard
    deviations, who gave them, and which went to own proposals.
    """

    own: int
    others: int
    effect: float
    low: float
    high: float
    judges: int
    part: Floats
    standardised: Floats
    judge: Codes
    flags: Flags

    def test(self, rng: np.random.Generator, draws: int = FIRST) -> Permuted:
        """Whether that is more than shuffling within judges gives; two-sided.

        One judge: own proposals are dealt anew among those that the judge marked. Several: the
        residuals of all judges are shuffled and fitted anew (Freedman & Lane 1983), since what one
        gives is missing in what is expected of the others.
        """
        if self.judges == 1:
            mine = self.judge == self.judge[self.flags][0]
            return own_test(self.standardised[mine], self.flags[mine], rng, draws)
        observed = self.effect * float(self.part[self.flags].sum())
        return weighted_test(
            self.part, self.standardised, self.judge, observed, rng=rng, draws=draws
        )


def affinity(judge: Codes, left: Residuals, own: Flags) -> Affinity | None:
    """The affinity of all judges with own proposals, or of one if only theirs are flagged.

    `judge` (N,): who gave each value, `left`: what is left of it, `own` (N,): whether it went to an
    own proposal. Judges without both kinds tell nothing. None where nobody has both, or where own
    proposals got values of their own people alone, so that quality explains everything.
    """
    telling = [j for j in np.unique(judge[own]) if not own[judge == j].all()]
    rows = np.isin(judge, telling)
    flags = own & rows
    term = flags.astype(np.float64)
    free = left.smoother.residual(term)
    weight = float(term @ free)
    if weight < _NOTHING:
        return None
    # Frisch & Waugh: what is left of the values on what is left of the term.
    effect = float(left.raw[flags].sum()) / weight
    after = left.raw[rows] - effect * free[rows]
    degrees = max(float((1.0 - left.leverage[rows]).sum()) - 1.0, 1.0)
    error = sqrt(float(after @ after) / degrees / weight) * _quantile(degrees)
    return Affinity(
        own=int(flags.sum()),
        others=int(rows.sum() - flags.sum()),
        effect=effect,
        low=effect - error,
        high=effect + error,
        judges=len(telling),
        part=free,
        standardised=left.raw / np.sqrt(1.0 - left.leverage),
        judge=judge,
        flags=flags,
    )


def _quantile(degrees: float) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 -- costs a tenth of a second

    return float(stdtrit(degrees, (1 + SURE) / 2))
