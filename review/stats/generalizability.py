"""Generalizability: how far another panel of some size would come to the same scores."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from review.stats.icc import harmonic, mean_squares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.stats.crossed import Crossed
    from review.stats.icc import Method
    from review.stats.mixed import Mixed

#: Sizes of a panel for which the D-study tells both coefficients.
PANELS = range(1, 16)
#: The reliabilities for which the judges that are needed are told.
TARGETS = (0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Components:
    """Variances of proposals, judges and what is left, and how they were found."""

    proposal: float
    judge: float
    residual: float
    method: Method


@dataclass(frozen=True)
class Coefficients:
    """E rho² (the order) and Phi (the marks themselves) for a number of judges."""

    judges: float
    e_rho2: float | None
    phi: float | None


@dataclass(frozen=True)
class Generalizability:
    """Coefficients for the panel as it was, and the D-study.

    `needed`: the fewest judges of a proposal that reach a coefficient, (for E rho², for Phi); None
    where no number does.
    """

    components: Components
    panel: Coefficients
    study: tuple[Coefficients, ...]
    needed: Mapping[float, tuple[int | None, int | None]]


def components(crossed: Crossed, fitted: Mixed | None = None) -> Components | None:
    """The components of variance; None where there are not two proposals and two judges to share.

    From mean squares where every judge marked every proposal, a negative one taken as 0 (Brennan
    2001, §3.4), else by REML (`fitted`, or fitted here).
    """
    if min(crossed.shape) < 2 or len(crossed) == len(crossed.proposals):  # noqa: PLR2004
        return None
    if crossed.is_complete:
        found = mean_squares(crossed.matrix())
        return Components(
            proposal=max(0.0, (found.between - found.error) / found.k),
            judge=max(0.0, (found.judges - found.error) / found.n),
            residual=found.error,
            method="anova",
        )
    from review.stats.mixed import fit  # noqa: PLC0415 -- scipy

    fitted = fitted or fit(crossed)
    return Components(
        fitted.sd_proposal**2, fitted.sd_judge**2, fitted.sd_residual**2, method="reml"
    )


def generalizability(crossed: Crossed, fitted: Mixed | None = None) -> Generalizability | None:
    """The study of proposals crossed with judges (Cronbach et al. 1972; Brennan 2001).

    E rho² = p ÷ (p + e/r), Phi = p ÷ (p + (j + e)/r) with the variances of proposals (p), judges
    (j) and the rest (e). In a complete table these are ICC(3,k) and ICC(2,k).
    """
    found = components(crossed, fitted)
    if found is None:
        return None
    return Generalizability(
        components=found,
        panel=coefficients(found, harmonic(crossed.by_proposal)),
        study=tuple(coefficients(found, r) for r in PANELS),
        needed={target: _needed(found, target) for target in TARGETS},
    )


def coefficients(found: Components, judges: float) -> Coefficients:
    """Both coefficients for so many judges a proposal."""
    relative = found.residual / judges
    absolute = (found.judge + found.residual) / judges
    return Coefficients(judges, _share(found.proposal, relative), _share(found.proposal, absolute))


def _share(part: float, rest: float) -> float | None:
    return part / (part + rest) if part + rest > 0 else None


def _needed(found: Components, target: float) -> tuple[int | None, int | None]:
    odds = target / (1 - target)
    if found.proposal == 0:
        return None, None
    relative, absolute = (
        max(1, ceil(odds * error / found.proposal - 1e-9))
        for error in (found.residual, found.residual + found.judge)
    )
    return relative, absolute
