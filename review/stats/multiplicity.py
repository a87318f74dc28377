"""Many tests at once: how seldom a finding that chance made may be among those that are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from review.stats.crossed import Floats


def benjamini_hochberg(p: Floats) -> Floats:
    """p-values adjusted for the number of tests, same shape (k,).

    Telling those at or below a level keeps the expected share of false findings among them at or
    below that level, for tests that are independent or positively dependent (Benjamini & Hochberg
    1995; Benjamini & Yekutieli 2001).
    """
    order = np.argsort(p, kind="stable")
    steps = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(steps)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return adjusted
