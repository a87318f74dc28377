"""Whether orders are alike: Kendall's W of the judges of a panel, tau-b of two rankings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.crossed import Crossed

    Codes = NDArray[np.int64]
    Floats = NDArray[np.float64]

#: Below this many proposals or judges chi² is a poor approximation: draws of random orders decide.
SMALL = 7
DRAWS = 9_999
#: Random orders hold at most this many ranks in all, and fewer than `FEWEST` are not worth drawing.
MOST_RANKS = 20_000_000
FEWEST = 999
CHUNK = 500_000
#: Up to this many judges every panel is tried as the one with the largest complete block.
EXACT_JUDGES = 16
PATTERNS = 256


@dataclass(frozen=True)
class Concordance:
    """W over a block of proposals that each of some judges marked.

    `rank_sums` by proposal of `proposals`. `p` is that of chi² with n - 1 degrees of freedom;
    `p_drawn` that of `draws` random orders, None where none were drawn.
    """

    w: float
    chi2: float
    p: float
    p_drawn: float | None
    draws: int
    proposals: tuple[str, ...]
    judges: tuple[str, ...]
    rank_sums: tuple[float, ...]


def concordance(crossed: Crossed, *, seed: int = 0) -> Concordance | None:
    """W of the largest complete block (the whole table where there are no gaps).

    W = 12 Σ(R - mean R)² ÷ (m²(n³ - n) - m Σ(t³ - t)), ties by their mean rank (Kendall & Babington
    Smith 1939; Siegel & Castellan 1988, §9.5). Below `SMALL` proposals or judges the share of
    random orders that agree as much is given, too. None where no two judges share three proposals
    or nobody tells proposals apart.
    """
    block = crossed if crossed.is_complete else largest_block(crossed)
    if block is None or len(block.proposals) < 3 or len(block.judges) < 2:  # noqa: PLR2004
        return None
    from scipy.special import chdtrc  # noqa: PLC0415 -- costs a tenth of a second

    ranks = np.stack([midranks(column) for column in block.matrix().T], axis=1)
    n, m = ranks.shape
    most = _most(ranks)
    if most <= 0:
        return None
    sums = ranks.sum(axis=1)
    w = 12 * float(((sums - sums.mean()) ** 2).sum()) / most
    chi2 = m * (n - 1) * w
    draws = _draws(n, m)
    drawn = _share_drawn(ranks, draws, seed) if draws else None
    return Concordance(
        w=w,
        chi2=chi2,
        p=float(chdtrc(n - 1, chi2)),
        p_drawn=drawn,
        draws=draws,
        proposals=block.proposals,
        judges=block.judges,
        rank_sums=tuple(sums.tolist()),
    )


def midranks(values: Floats) -> Floats:
    """Ranks from 1, the least first; equal values share the mean of their places."""
    _, code, counts = np.unique(values, return_inverse=True, return_counts=True)
    places: Floats = np.cumsum(counts) - (counts - 1) / 2
    return places[code]


def largest_block(crossed: Crossed) -> Crossed | None:
    """The rows of judges and proposals that all marked each other, as many marks as possible.

    At least two judges and three proposals; of equals the one with more judges, then with earlier
    ones. Up to `EXACT_JUDGES` judges the largest there is; beyond, the largest of the panels that
    marked some proposal, the most frequent `PATTERNS` of them. None where there is none.
    """
    masks = _masks(crossed)
    panel = _exact(masks, len(crossed.judges))
    if panel is None:
        return None
    inside = np.array([panel >> j & 1 for j in range(len(crossed.judges))], dtype=bool)
    shared = np.array([mask & panel == panel for mask in masks], dtype=bool)
    return crossed.take(inside[crossed.judge] & shared[crossed.proposal])


def _masks(crossed: Crossed) -> list[int]:
    """The judges of each proposal as bits."""
    masks = [0] * len(crossed.proposals)
    for proposal, judge in zip(crossed.proposal.tolist(), crossed.judge.tolist(), strict=True):
        masks[proposal] |= 1 << judge
    return masks


def _exact(masks: list[int], judges: int) -> int | None:
    """The panel with the largest block."""
    patterns = Counter(masks)
    if judges <= EXACT_JUDGES:
        marked = np.zeros(1 << judges, dtype=np.int64)
        for mask, count in patterns.items():
            marked[mask] += count
        for j in range(judges):  # sums over supersets, one judge at a time
            pairs = marked.reshape(-1, 2, 1 << j)
            pairs[:, 0] += pairs[:, 1]
        panels = {int(panel): int(marked[panel]) for panel in np.flatnonzero(marked)}
    else:
        ordered = sorted(patterns.items(), key=lambda item: (-item[1], item[0]))
        panels = {
            panel: sum(count for mask, count in patterns.items() if mask & panel == panel)
            for panel, _ in ordered[:PATTERNS]
        }
    best = max(
        (
            (panel.bit_count() * proposals, panel.bit_count(), -panel)
            for panel, proposals in panels.items()
            if panel.bit_count() > 1 and proposals > 2  # noqa: PLR2004
        ),
        default=None,
    )
    return None if best is None else -best[2]


def _most(ranks: Floats) -> float:
    """m²(n³ - n) - m Σ(t³ - t) over the ties of each judge."""
    n, m = ranks.shape
    ties = 0.0
    for column in ranks.T:
        _, tied = np.unique(column, return_counts=True)
        ties += float((tied**3 - tied).sum())
    return float(m**2 * (n**3 - n) - m * ties)


def _draws(n: int, m: int) -> int:
    """How many random orders to draw."""
    if min(n, m) >= SMALL:
        return 0
    draws = min(DRAWS, MOST_RANKS // (n * m))
    return draws if draws >= FEWEST else 0


def _share_drawn(ranks: Floats, draws: int, seed: int) -> float:
    """The share of random orders, this one included, whose rank sums are as far apart."""
    generator = np.random.Generator(np.random.PCG64(seed))
    n, m = ranks.shape
    sums = ranks.sum(axis=1)
    centre = m * (n + 1) / 2
    least = float(((sums - centre) ** 2).sum()) * (1 - 1e-9)
    reached: int = 1
    left = draws
    while left:
        size = min(left, max(1, CHUNK // (n * m)))
        drawn = np.zeros((size, n))
        for column in ranks.T:
            drawn += generator.permuted(np.broadcast_to(column, (size, n)), axis=1)
        reached += int((((drawn - centre) ** 2).sum(axis=1) >= least).sum())
        left -= size
    return reached / (draws + 1)


# ------------------------------------------------------------------------------- two rankings

PAIRED = 400
"""Up to so many things, all pairs are compared; beyond, the sort of Knight (1966) is quicker."""


def tau_b(one: Codes, other: Codes, group: Codes | None = None) -> float | None:
    """Kendall's tau-b of two rankings of shape (n,); 1 is the same order, -1 the reverse.

    `group`: codes of shape (n,); only pairs within a group are compared. None where there is no
    pair that both rankings tell apart by themselves (Kendall, "The treatment of ties in ranking
    problems", Biometrika 33, 1945).
    """
    if group is None:
        parts = [np.arange(len(one))]
    else:
        parts = [np.flatnonzero(group == code) for code in np.unique(group)]
    sums = np.zeros(3)
    for part in parts:
        sums += _pairs(one[part], other[part])
    concordant, first, second = sums.tolist()
    return concordant / sqrt(first * second) if first and second else None


def _pairs(one: Codes, other: Codes) -> tuple[float, float, float]:
    """Concordant less discordant pairs, and the pairs that each ranking tells apart."""
    if len(one) > PAIRED:
        return _sorted_pairs(one, other)
    a = np.sign(one[:, None] - one[None, :])
    b = np.sign(other[:, None] - other[None, :])
    return float((a * b).sum()) / 2, float((a != 0).sum()) / 2, float((b != 0).sum()) / 2


def _sorted_pairs(one: Codes, other: Codes) -> tuple[float, float, float]:
    from scipy.stats import kendalltau  # noqa: PLC0415 -- costs a tenth of a second

    first, second = _untied(one), _untied(other)
    if not (first and second):
        return 0.0, first, second
    tau = float(kendalltau(one, other).statistic)
    return float(round(tau * sqrt(first * second))), first, second


def _untied(ranks: Codes) -> float:
    _, counts = np.unique(ranks, return_counts=True)
    n = len(ranks)
    return float(n * (n - 1) // 2 - (counts * (counts - 1) // 2).sum())
