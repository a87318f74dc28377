"""Whether judges give more to those who are their own: of their organisation, their community.

Emerson, Seltzer & Lin 2009 (nationality in diving); Zitzewitz 2006 (figure skating). Residuals
of a judge on own proposals are held against those on others, so that neither a judge's severity nor
the quality of the proposals can pass for affinity.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from review.stats.permutation import FIRST, own_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.stats.crossed import Floats
    from review.stats.permutation import Flags, Permuted

SURE = 0.95


@dataclass(frozen=True)
class Stratum:
    """The values of one judge, each array of shape (n,).

    `deleted`: a mark less what all other values let expect. `standardised`: the same in standard
    deviations. `own`: whether the proposal is the judge's own.
    """

    deleted: Floats
    standardised: Floats
    own: Flags


@dataclass(frozen=True)
class Affinity:
    """How much more own proposals got, in marks, with a 95 % interval, and its test."""

    own: int
    others: int
    effect: float
    low: float
    high: float
    test: Permuted


def affinity(
    strata: Sequence[Stratum], rng: np.random.Generator, draws: int = FIRST
) -> Affinity | None:
    """The affinity of one judge, or of several together, each held against themselves.

    The effect is the mean over judges of (own - others), weighted by how much each can tell,
    k (n - k) / n; its interval is Student's, with the spread within the two sets of each judge.
    Judges without both kinds tell nothing; None where no judge has both, or where the spread cannot
    be told.
    """
    telling = [s for s in strata if s.own.any() and not s.own.all()]
    degrees = sum(len(s.own) - 2 for s in telling)
    if not degrees:
        return None
    weights = np.array([s.own.sum() * (~s.own).sum() / len(s.own) for s in telling])
    gaps = np.array([s.deleted[s.own].mean() - s.deleted[~s.own].mean() for s in telling])
    effect = float(weights @ gaps / weights.sum())
    around = sum(_about_mean(s.deleted[s.own]) + _about_mean(s.deleted[~s.own]) for s in telling)
    error = sqrt(around / degrees / float(weights.sum())) * _quantile(degrees)
    return Affinity(
        own=int(sum(s.own.sum() for s in telling)),
        others=int(sum((~s.own).sum() for s in telling)),
        effect=effect,
        low=effect - error,
        high=effect + error,
        test=own_test([(s.standardised, s.own) for s in telling], rng, draws),
    )


def _about_mean(values: Floats) -> float:
    return float(((values - values.mean()) ** 2).sum())


def _quantile(degrees: int) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 -- costs a tenth of a second

    return float(stdtrit(degrees, (1 + SURE) / 2))
