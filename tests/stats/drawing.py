"""Marks drawn from the model of judging, with and without something unusual in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from review.stats.crossed import Crossed

if TYPE_CHECKING:
    from collections.abc import Sequence


def drawn(seed: int, proposals: int, judges: int, ballots: int, noise: float = 0.6) -> Crossed:
    """Each proposal marked by so many judges at random."""
    rng = np.random.default_rng(seed)
    quality, severity = rng.normal(6, 1, proposals), rng.normal(0, 0.8, judges)
    rows = [
        (f"p{i:03}", f"j{j:03}", quality[i] + severity[j] + rng.normal(0, noise))
        for i in range(proposals)
        for j in rng.choice(judges, ballots, replace=False)
    ]
    who, by, value = zip(*rows, strict=True)
    return Crossed.of(who, by, value)


def moved(crossed: Crossed, more: np.ndarray) -> Crossed:
    """The same ballots with so much added to each."""
    return Crossed(
        crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, crossed.value + more
    )


def bound(
    seed: int, proposals: int, judges: int, together: Sequence[int], strength: float
) -> Crossed:
    """Everybody marks everything; those in `together` share a taste of their own."""
    crossed = drawn(seed, proposals, judges, judges)
    taste = np.random.default_rng(seed + 1).normal(0, strength, proposals)
    shared = np.where(np.isin(crossed.judge, list(together)), taste[crossed.proposal], 0.0)
    return moved(crossed, shared)
