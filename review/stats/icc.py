"""Intraclass correlations: the share of what marks differ by that lies in the proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.stats.crossed import Crossed
    from review.stats.mixed import Mixed

Method = Literal["anova", "reml"]

#: The forms of Shrout and Fleiss: one judge (`1`) or the mean of a panel (`k`), in the one-way (1),
#: two-way random (2) and two-way mixed (3) model.
FORMS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")

#: Sums of squares below this share of the whole are rounding.
NOTHING = 1e-12


@dataclass(frozen=True)
class MeanSquares:
    """The analysis of variance of a complete table of n proposals and k judges.

    `between`: of proposals; `within`: of marks within a proposal; `judges` and `error`: what
    `within` is made of.
    """

    n: int
    k: int
    between: float
    within: float
    judges: float
    error: float


@dataclass(frozen=True)
class Form:
    """One coefficient with its interval; None where it, or an interval for it, does not exist."""

    value: float | None
    low: float | None = None
    high: float | None = None
    method: Method = "anova"


@dataclass(frozen=True)
class Icc:
    """All six forms by name (see `FORMS`).

    `k`: the judges that the mean forms are for: those of the panel or, where proposals have
    different numbers of marks, the harmonic mean of those numbers (Brennan 2001, §7.1). `level`:
    of the intervals.
    """

    k: float
    level: float
    forms: Mapping[str, Form]


def mean_squares(table: np.ndarray) -> MeanSquares:
    """The analysis of variance of a table without gaps, proposals × judges (at least 2 × 2)."""
    n, k = table.shape
    grand = table.mean()
    total = float(((table - grand) ** 2).sum())
    between = k * float(((table.mean(axis=1) - grand) ** 2).sum())
    judges = n * float(((table.mean(axis=0) - grand) ** 2).sum())
    between, judges, error = (
        0.0 if part < NOTHING * total else part
        for part in (between, judges, total - between - judges)
    )
    return MeanSquares(
        n=n,
        k=k,
        between=between / (n - 1),
        within=(judges + error) / (n * (k - 1)),
        judges=judges / (k - 1),
        error=error / ((n - 1) * (k - 1)),
    )


def icc(crossed: Crossed, fitted: Mixed | None = None, *, level: float = 0.95) -> Icc | None:
    """All six forms; None where there are not two proposals, two judges and a shared proposal.

    Every proposal marked by every judge: from mean squares, with the intervals of Shrout and Fleiss
    (1979) and McGraw and Wong (1996), based on F. Otherwise forms 2 and 3 are from REML components
    of variance (`fitted`, or fitted here), without intervals, and form 1 is from the one-way
    analysis of variance with unequal numbers (Searle 1971, ch. 11), with an interval where the
    numbers are equal.
    """
    if min(crossed.shape) < 2 or len(crossed) == len(crossed.proposals):  # noqa: PLR2004
        return None
    if crossed.is_complete:
        return _balanced(mean_squares(crossed.matrix()), level)
    from review.stats.mixed import fit  # noqa: PLC0415 -- scipy

    fitted = fitted or fit(crossed)
    k = harmonic(crossed.by_proposal)
    q, b, e = fitted.sd_proposal**2, fitted.sd_judge**2, fitted.sd_residual**2
    two_way = {
        "2,1": _share(q, q + b + e),
        "3,1": _share(q, q + e),
        "2,k": _share(q, q + (b + e) / k),
        "3,k": _share(q, q + e / k),
    }
    forms = {name: Form(value, method="reml") for name, value in two_way.items()}
    forms |= _one_way(crossed, k, level)
    return Icc(k, level, {name: forms[name] for name in FORMS})


def harmonic(counts: np.ndarray) -> float:
    """The harmonic mean: the number of judges that gives the error of an average proposal."""
    return float(len(counts) / (1 / counts).sum())


def _balanced(found: MeanSquares, level: float) -> Icc:
    n, k = found.n, found.k
    between, error = found.between, found.error
    more = found.judges - error
    values = {
        "1,1": _share(between - found.within, between + (k - 1) * found.within),
        "2,1": _share(between - error, between + (k - 1) * error + k * more / n),
        "3,1": _share(between - error, between + (k - 1) * error),
        "1,k": _share(between - found.within, between),
        "2,k": _share(between - error, between + more / n),
        "3,k": _share(between - error, between),
    }
    single, mean = _of_f(between, found.within, k, (n - 1, n * (k - 1)), level)
    bounds = {"1,1": single, "1,k": mean}
    single, mean = _of_f(between, error, k, (n - 1, (n - 1) * (k - 1)), level)
    bounds |= {"3,1": single, "3,k": mean}
    bounds |= _of_two_way_random(found, values["2,1"], level)
    return Icc(k, level, {name: Form(values[name], *bounds[name]) for name in FORMS})


def _one_way(crossed: Crossed, k: float, level: float) -> dict[str, Form]:
    """Forms 1 where proposals have different judges or different numbers of marks."""
    counts, n, total = crossed.by_proposal, len(crossed.proposals), len(crossed)
    means = np.bincount(crossed.proposal, crossed.value) / counts
    between = float((counts * (means - crossed.value.mean()) ** 2).sum()) / (n - 1)
    within = float(((crossed.value - means[crossed.proposal]) ** 2).sum()) / (total - n)
    usual = (total - float((counts**2).sum()) / total) / (n - 1)
    component = (between - within) / usual
    single, mean = (None, None), (None, None)
    if (counts == counts[0]).all():
        single, mean = _of_f(between, within, k, (n - 1, total - n), level)  # type: ignore[assignment]
    return {
        "1,1": Form(_share(component, component + within), *single),
        "1,k": Form(_share(component, component + within / k), *mean),
    }


Bounds = tuple[float | None, float | None]


def _of_f(
    above: float, below: float, k: float, freedom: tuple[int, int], level: float
) -> tuple[Bounds, Bounds]:
    """The intervals of a single mark and of the mean of k that follow from F = above ÷ below."""
    if below == 0:
        sure = None if above == 0 else 1.0
        return (sure, sure), (sure, sure)
    from scipy.special import fdtri  # noqa: PLC0415 -- costs a tenth of a second

    upper = (1 + level) / 2
    over, under = freedom
    low = above / below / float(fdtri(over, under, upper))
    high = above / below * float(fdtri(under, over, upper))
    single = ((low - 1) / (low + k - 1), (high - 1) / (high + k - 1))
    return single, (_below(low), _below(high))


def _below(f: float) -> float | None:
    """1 - 1 ÷ F, which has no value where nothing lies between proposals."""
    return None if f == 0 else 1 - 1 / f


def _of_two_way_random(found: MeanSquares, value: float | None, level: float) -> dict[str, Bounds]:
    """Intervals of the forms 2, whose F has degrees of freedom after Satterthwaite."""
    n, k, between, error = found.n, found.k, found.between, found.error
    if error == 0 or value is None:
        sure = 1.0 if value == 1 else None
        return {"2,1": (sure, sure), "2,k": (sure, sure)}
    from scipy.special import fdtri  # noqa: PLC0415 -- costs a tenth of a second

    ratio = found.judges / error
    rest = n * (1 + (k - 1) * value) - k * value
    above = (k - 1) * (n - 1) * (k * value * ratio + rest) ** 2
    freedom = above / ((n - 1) * (k * value * ratio) ** 2 + rest**2)
    upper = (1 + level) / 2
    over, under = float(fdtri(n - 1, freedom, upper)), float(fdtri(freedom, n - 1, upper))
    spread = k * found.judges + (k * n - k - n) * error
    more = found.judges - error
    return {
        "2,1": (
            n * (between - over * error) / (over * spread + n * between),
            n * (under * between - error) / (spread + n * under * between),
        ),
        "2,k": (
            n * (between - over * error) / (over * more + n * between),
            n * (under * between - error) / (more + n * under * between),
        ),
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
