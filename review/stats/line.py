"""Who may stand on the wrong side of a line, and where one more value would help to tell.

The expected number of wrong decisions, and how much it falls in expectation with one more value,
over all values that may come (preposterior analysis: Raiffa & Schlaifer 1961, Applied Statistical
Decision Theory; the same figure is called the expected value of sample information).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.ranking import Ranking

    Floats = NDArray[np.float64]
    Scores = NDArray[np.floating]
    Codes = NDArray[np.int64]

#: Values that may come are represented by this many.
NODES = 15
#: Nobody is a candidate who is on one side with more than this certainty.
SURE = 0.98
#: At most this many candidates, those nearest the line.
CANDIDATES = 40


def candidates(top: Floats) -> Codes:
    """Those whose chance `top` (n,) of being above the line leaves something to be found out."""
    near = np.abs(top - 0.5)
    order = np.lexsort((np.arange(len(top)), near))[:CANDIDATES]
    return order[near[order] < SURE - 0.5].astype(np.int64)


def one_more(ranking: Ranking, k: int, quality: Scores, variance: float, asked: Codes) -> Floats:
    """By how many wrong decisions fewer there will be, with one more value on each one `asked`.

    `quality` (draws, n): what a value measures, of the same draws as `ranking`; `variance` of such
    a value given the quality, by a judge that nobody knows yet. A wrong decision is one who is put
    among the best `k` and does not belong there. Never negative: who knows more decides no worse.
    """
    top = ranking.top(k)
    open_ = np.flatnonzero((top > 0) & (top < 1))
    seats = k - int(np.count_nonzero(top == 1))
    if not len(open_) or seats <= 0 or seats >= len(open_):
        return np.zeros(len(asked))
    member = ranking.membership(k, open_)
    now = np.argpartition(-top[open_], seats - 1)[:seats]
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    found = np.empty(len(asked))
    for at, i in enumerate(asked):
        weight = _after(quality[:, i].astype(np.float64), variance, nodes)
        after = (weight.astype(np.float32) @ member).astype(np.float64)  # nodes × open
        best = -np.partition(-after, seats - 1, axis=1)[:, :seats]
        found[at] = weights @ (best.sum(axis=1) - after[:, now].sum(axis=1))
    return np.maximum(found, 0.0)


def _after(quality: Floats, variance: float, nodes: Floats) -> Floats:
    """The weight of each draw after each value that may come (nodes × draws), rows sum to 1."""
    spread = float(quality.var())
    noise = max(variance, spread / 400, 1e-12)  # so that more than a few draws carry the weight
    values = quality.mean() + np.sqrt(spread + noise) * nodes
    exponent = -((values[:, None] - quality) ** 2) / (2 * noise)
    weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    normal: Floats = weight / weight.sum(axis=1, keepdims=True)
    return normal
