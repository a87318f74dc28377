"""Tables for the two-way mixed model, and the model written down in full as its own reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from review.stats.crossed import Crossed
from tests.stats.agreement_tables import crossed

if TYPE_CHECKING:
    from review.stats.crossed import Floats

#: Davies, O. L. & Goldsmith, P. L. (1972), Statistical Methods in Research and Production, 4th
#: ed., §6.6: diameters of zones of six samples (A to F) of penicillin on 24 plates. A test case of
#: lme4: Bates et al. (2015), Journal of Statistical Software 67(1).
PENICILLIN = """
272326232321 272326232321 252125242420 262325232320 252226222320 242225232219 242023212219
262226242421 242124222220 242124232219 262326242421 252226242420 262426242522 262326232320
262325242422 252225232320 252124232320 252224232319 242123212119 262326242421 252124222218
252225222220 242124222419 242124222118
"""

#: Heyard, R., Ott, M., Salanti, G. & Egger, M. (2022), ERforResearch (MIT), mock panel 1: grades
#: of five assessors, 1 the best and 6 the worst, for fifteen proposals.
MOCK_PANEL = """
11125 11226 12135 13215 12235 13145 12345 15225 13435 14255 23445 24355 25446 23466 25546
"""


def penicillin() -> Crossed:
    """Plates as proposals, samples as judges."""
    plates = PENICILLIN.split()
    return crossed([[float(row[i : i + 2]) for i in range(0, 12, 2)] for row in plates])


def mock_panel() -> Crossed:
    """Grades turned round, so that more is better."""
    return crossed([[7.0 - int(grade) for grade in row] for row in MOCK_PANEL.split()])


def drawn(
    n: int,
    m: int,
    share: float = 1.0,
    *,
    sds: tuple[float, float, float] = (1.0, 0.7, 1.0),
    seed: int = 0,
) -> Crossed:
    """Values drawn from the model; each pair is there with this probability."""
    dice = np.random.default_rng(seed)
    proposal, judge = np.nonzero(dice.random((n, m)) < share)
    value = 5 + dice.normal(0, sds[0], n)[proposal] + dice.normal(0, sds[1], m)[judge]
    value += dice.normal(0, sds[2], len(proposal))
    return Crossed.of([f"p{i:05}" for i in proposal], [f"j{j:05}" for j in judge], value)


class Full:
    """V, P and everything else as N × N matrices, with ratios of variances a and c, σ² = 1."""

    def __init__(self, data: Crossed, a: float, c: float) -> None:
        n, m = data.shape
        size = len(data)
        self.z = np.zeros((size, n + m))
        self.z[np.arange(size), data.proposal] = np.sqrt(a)
        self.z[np.arange(size), n + data.judge] = np.sqrt(c)
        v = np.eye(size) + self.z @ self.z.T
        inverse = np.linalg.inv(v)
        ones = np.ones(size)
        fixed = ones @ inverse @ ones
        self.p = inverse - np.outer(inverse @ ones, ones @ inverse) / fixed
        self.mean = float(ones @ inverse @ data.value / fixed)
        self.rss = float(data.value @ self.p @ data.value)
        self.log_determinant = float(np.linalg.slogdet(v)[1] + np.log(fixed))
        freedom = size - 1
        self.criterion = self.log_determinant + freedom * (
            1 + np.log(2 * np.pi * self.rss / freedom)
        )
        self.sigma = float(np.sqrt(self.rss / freedom))
        root = np.repeat(np.sqrt([a, c]), [n, m])
        self.effects: Floats = root * (self.z.T @ self.p @ data.value)
        spread = np.linalg.inv(self.z.T @ self.z + np.eye(n + m)).diagonal()
        self.errors: Floats = self.sigma * root * np.sqrt(spread)
