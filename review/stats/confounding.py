"""Whether severe judges could be told from weak proposals at all: who marked what.

Judges and proposals are the two sides of an incomplete block design, with judges as treatments and
proposals as blocks. What the marks say of a contrast between judges, taken within proposals, is a
share of what they would say if all proposals were equally good: its canonical efficiency factor
(James & Wilkinson 1971, Biometrika 58:279-294; Bailey 2008, Design of Comparative Experiments,
ch. 11). The factors are 1 - σ² for the singular values σ < 1 of the table of who marked what with
its rows and columns divided by the roots of their sums; a factor is 0 where a contrast is
confounded with proposals, which is where the graph of judges and proposals is not connected.

The test asks whether the smallest factor is far from what chance gives.

    H0: it is at least three fifths of what it is when the same ballots are dealt at random.
    Null: dealings in which each judge and each proposal keeps its number of ballots.
    Reject at p ≤ 0.01, where p = (1 + h) / (1 + d) if in h of d dealings three fifths of the factor
    are not above the observed one; drawing stops at h = 5, with p = h / d (Besag & Clifford 1991,
    Biometrika 78:301-304).

At that level it rejects about where calibration stops to help and begins to harm, in the simulation
of `benchmarks/calibration.py` with panels that exchange a share of their ballots. Then the judges
form groups that share few proposals or none (found by spectral co-clustering: Dhillon 2001, KDD),
and whatever is taken from the marks of a lenient group is taken from a strong group.

A second test looks at the marks: one-way analysis of variance of the judges' mean marks over
groups (Fisher). H0: judges of different groups differ in their mean mark no more than judges of one
group do. Where it is rejected, severity alone does not explain how the groups differ: it is
likelier that their proposals are unlike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.additive import incidence
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from review.stats.crossed import Codes, Crossed, Floats

ALPHA = 0.01
SHARE = 0.6
DEALINGS = 99
WORK = 2_000_000
"""Ballots to deal in all: a large design, in which chance hardly matters, is dealt less often."""

DENSE = 400
GROUPS = 12
NOTHING = 1e-9
CLOSE = 1e-3
STOP = 5
_TRIES = 100


@dataclass(frozen=True, eq=False)
class Confounding:
    """What the test found.

    `factor`: the smallest efficiency factor of the judges, 0 … 1 (1 for a single judge). `usual`:
    the median of dealings, None where none was needed: of no dealing can three fifths be more than
    `SHARE`. `groups`: of each judge, shape (m,), from 0; all 0 unless `found`.
    """

    factor: float
    usual: float | None
    p: float
    dealings: int
    found: bool
    groups: Codes


@dataclass(frozen=True, eq=False)
class Apart:
    """The mean marks of groups of judges, shape (k,), and the p-value of their differences.

    `p` is None where no group has two judges, or none differ.
    """

    means: Floats
    p: float | None


@dataclass(frozen=True, eq=False)
class Moves:
    """How ranks change from one score to another.

    `moved`: how many proposals; `places`: by how many the one does that moves most, `most` (its
    code), negative for down. Of equals the first.
    """

    moved: int
    most: int
    places: int


@on_one_thread
def confounded(crossed: Crossed, *, seed: int = 0, dealings: int = DEALINGS) -> Confounding:
    """Test whether judges are confounded with groups of proposals."""
    judges = len(crossed.judges)
    nobody = np.zeros(judges, dtype=np.int64)
    factor = smallest_factor(incidence(crossed))
    if factor >= SHARE:
        return Confounding(factor, None, 1.0, 0, found=False, groups=nobody)
    dice = np.random.Generator(np.random.PCG64(seed))
    most = max(1, min(dealings, WORK // len(crossed)))
    dealt: list[float] = []
    reached = 0
    while len(dealt) < most and reached < STOP:
        dealt.append(smallest_factor(_table(crossed, deal(crossed, dice))))
        reached += SHARE * dealt[-1] <= factor
    p = reached / len(dealt) if reached == STOP else (1 + reached) / (1 + len(dealt))
    usual = float(np.median(dealt))
    found = p <= max(ALPHA, 1 / (1 + most))
    groups = _groups(crossed, SHARE * usual, seed) if found else nobody
    return Confounding(factor, usual, p, len(dealt), found, groups)


def smallest_factor(marked: csr_array) -> float:
    """How much is known of the least known contrast between judges, 0 … 1."""
    scaled = _scaled(marked)
    n, m = scaled.shape
    if m == 1:
        return 1.0
    if min(n, m) <= DENSE:
        largest = _singular(scaled)[0][1] ** 2 if n > 1 else 0.0
    else:
        largest = _second(scaled, np.sqrt(marked.sum(axis=0)))
    return float(1 - largest) if 1 - largest > NOTHING else 0.0


def deal(crossed: Crossed, dice: np.random.Generator) -> Codes:
    """A judge for each ballot at random; judges and proposals keep their number of ballots.

    Who is dealt a proposal twice swaps with a random ballot as long as that helps; in the rare
    table that is too full for it a few are left double.
    """
    proposal, count = crossed.proposal, len(crossed.judges)
    judge = dice.permutation(crossed.judge)
    for _ in range(_TRIES):
        keys = proposal * count + judge
        order = np.argsort(keys, kind="stable")
        double = order[1:][np.diff(keys[order]) == 0]
        if not len(double):
            break
        other = dice.permutation(len(judge))[: len(double)]
        taken = keys[order]
        free = ~_among(proposal[double] * count + judge[other], taken)
        free &= ~_among(proposal[other] * count + judge[double], taken)
        for one, two in zip(double[free], other[free], strict=True):
            judge[one], judge[two] = judge[two], judge[one]
    return judge


def apart(crossed: Crossed, groups: Codes) -> Apart:
    """Whether judges of different groups differ more than judges of one group."""
    from scipy.stats import f  # noqa: PLC0415 -- costs half a second

    judges = np.bincount(crossed.judge, crossed.value) / crossed.by_judge
    sizes = np.bincount(groups)
    means = np.bincount(groups, judges) / sizes
    between, within = len(sizes) - 1, len(judges) - len(sizes)
    inside = float(((judges - means[groups]) ** 2).sum())
    outside = float((sizes * (means - judges.mean()) ** 2).sum())
    marks = np.bincount(groups[crossed.judge], crossed.value) / np.bincount(groups[crossed.judge])
    if not (between and within) or inside + outside <= NOTHING:
        return Apart(marks, None)
    ratio = np.inf if inside <= NOTHING else (outside / between) / (inside / within)
    return Apart(marks, float(f.sf(ratio, between, within)))


def moves(before: Floats, after: Floats) -> Moves:
    """How ranks (1-2-2-4, highest first) change between two scores of shape (n,)."""
    from scipy.stats import rankdata  # noqa: PLC0415 -- costs half a second

    up = rankdata(-before, "min").astype(np.int64) - rankdata(-after, "min").astype(np.int64)
    most = int(np.argmax(np.abs(up)))
    return Moves(int(np.count_nonzero(up)), most, int(up[most]))


def _among(keys: Codes, taken: Codes) -> NDArray[np.bool_]:
    """Which keys are among `taken`, which is sorted."""
    place = np.minimum(np.searchsorted(taken, keys), len(taken) - 1)
    found: NDArray[np.bool_] = taken[place] == keys
    return found


def _table(crossed: Crossed, judge: Codes) -> csr_array:
    from scipy.sparse import coo_array  # noqa: PLC0415 -- costs a tenth of a second

    ones = np.ones(len(judge))
    return coo_array((ones, (crossed.proposal, judge)), shape=crossed.shape).tocsr()


def _scaled(marked: csr_array) -> csr_array:
    """Rows and columns divided by the roots of their sums: singular values are at most 1."""
    rows, columns = marked.sum(axis=1), marked.sum(axis=0)
    return marked.multiply(1 / np.sqrt(rows)[:, None]).multiply(1 / np.sqrt(columns)).tocsr()


def _singular(scaled: csr_array, most: int = GROUPS) -> tuple[Floats, Floats]:
    """The largest singular values, descending, and the judges' vectors, shape (m, values)."""
    n, m = scaled.shape
    square = scaled.T @ scaled if m <= n else scaled @ scaled.T
    if min(n, m) <= DENSE:
        values, vectors = np.linalg.eigh(square.toarray())
    else:
        from scipy.sparse.linalg import eigsh  # noqa: PLC0415 -- costs a tenth of a second

        start = np.linspace(1, 2, min(n, m))
        values, vectors = eigsh(square, k=most, which="LA", v0=start, tol=CLOSE)
    order = np.argsort(-values)[:most]
    sizes = np.sqrt(np.maximum(values[order], 0))
    vectors = vectors[:, order]
    return sizes, vectors if m <= n else scaled.T @ vectors / np.maximum(sizes, NOTHING)


def _second(scaled: csr_array, first: Floats) -> float:
    """The second largest singular value squared; `first`: the vector of the largest, which is 1.

    That one is taken out first: Lanczos' method would find one of several equal values only, and
    they are equal where the graph is not connected.
    """
    from scipy.sparse.linalg import LinearOperator, eigsh  # noqa: PLC0415 -- as above

    back = scaled.T.tocsr()
    first = first / np.linalg.norm(first)

    def rest(vector: Floats) -> Floats:
        flat = vector.ravel()
        found: Floats = back @ (scaled @ flat)
        return found - first * (first @ flat)

    judges = scaled.shape[1]
    operator = LinearOperator((judges, judges), matvec=rest, dtype=np.float64)
    start = np.linspace(1, 2, judges)
    return float(eigsh(operator, k=1, which="LA", v0=start, tol=CLOSE)[0][0])


def _groups(crossed: Crossed, below: float, seed: int) -> Codes:
    """The judges in groups: parts of the graph, or as many as there are contrasts `below`."""
    if not crossed.is_connected:
        parts = np.empty(len(crossed.judges), dtype=np.int64)
        parts[crossed.judge] = crossed.components[crossed.proposal]
        return _in_order(parts)
    from scipy.cluster.vq import kmeans, vq  # noqa: PLC0415 -- costs a tenth of a second

    sizes, vectors = _singular(_scaled(incidence(crossed)))
    count = max(2, int(np.count_nonzero(1 - sizes**2 < below)))
    places = vectors[:, 1:count] / np.sqrt(crossed.by_judge)[:, None]
    centres, _ = kmeans(places, count, rng=np.random.Generator(np.random.PCG64(seed)))
    return _in_order(vq(places, centres)[0].astype(np.int64))


def _in_order(groups: Codes) -> Codes:
    """Numbered by the first judge of each."""
    _, first, codes = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[codes].astype(np.int64)
