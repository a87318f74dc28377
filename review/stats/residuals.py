"""What is left of marks after the quality of proposals and the severity of judges.

y_ij = mean + q_i + b_j + e_ij. Residuals shrink where a mark pulls its own expectation along; the
leverage says by how much, and standardised residuals are free of it (Cook & Weisberg 1982; for
mixed models Nobre & Singer 2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, isinf
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from review.stats.crossed import Codes, Crossed, Floats
    from review.stats.mixed import Mixed

_ROOM = 8_000_000


class Smoother:
    """Takes N values apart into an expectation and a residual, for given spreads.

    `proposal_ratio`, `judge_ratio`: standard deviations of proposals and judges over that of the
    residual; `inf` for proposals takes each as it is, shrinking nothing. Proposals are eliminated,
    so that work and memory go with N and with the square of the number of judges.
    """

    def __init__(self, crossed: Crossed, proposal_ratio: float, judge_ratio: float) -> None:
        from scipy.sparse import csr_array, hstack  # noqa: PLC0415 -- costs a tenth of a second

        n, m = crossed.shape
        rows = np.arange(len(crossed))
        ones = np.ones(len(crossed))
        of_proposal = csr_array((ones, (rows, crossed.proposal)), shape=(len(crossed), n))
        of_judge = csr_array((ones * judge_ratio, (rows, crossed.judge)), shape=(len(crossed), m))
        fixed = isinf(proposal_ratio)
        weight = 1.0 if fixed else proposal_ratio**2
        self._share = weight / (crossed.by_proposal * weight + (0.0 if fixed else 1.0))
        self._of_proposal = of_proposal
        # The mean is one of the proposals' values where those are taken as they are.
        mean = [] if fixed else [csr_array(ones[:, None])]
        self._means, self._scale = len(mean), judge_ratio
        self._others: Any = hstack([*mean, of_judge], format="csr")
        self._together: Any = (of_proposal.T @ self._others).tocsr()
        self._prior = np.repeat([0.0, 1.0], [len(mean), m])
        self._crossed = crossed

    @cached_property
    def _inverse(self) -> Floats:
        u = self._together
        scaled = u.multiply(self._share[:, None])
        system = (self._others.T @ self._others - u.T @ scaled).toarray() + np.diag(self._prior)
        inverse: Floats = np.linalg.inv(system)
        return inverse

    def _swept(self, values: Floats) -> Floats:
        """Values without what proposals explain of them."""
        shares = self._share if values.ndim == 1 else self._share[:, None]
        swept: Floats = values - self._of_proposal @ (shares * (self._of_proposal.T @ values))
        return swept

    def residual(self, values: Floats) -> Floats:
        """Values (N,) or (N, k), each less its expectation."""
        effects = self._inverse @ (self._others.T @ self._swept(values))
        return self._swept(values - self._others @ effects)

    @cached_property
    def leverage(self) -> Floats:
        """How far each value (N,) pulls its own expectation along, from 0 to 1."""
        proposal, judge = self._crossed.proposal, self._crossed.judge
        found = np.empty(len(self._crossed))
        order = np.argsort(proposal, kind="stable")
        starts = np.searchsorted(proposal[order], np.arange(len(self._share) + 1))
        at_once = max(1, _ROOM // len(self._prior))
        for first in range(0, len(self._share), at_once):
            last = min(first + at_once, len(self._share))
            rows = order[starts[first] : starts[last]]
            found[rows] = self._leverage(proposal[rows] - first, judge[rows], first, last)
        return found

    def _leverage(self, local: Codes, judge: Codes, first: int, last: int) -> Floats:
        """That of values on proposals `first` to `last`: a + v'Gv with v = k - a u.

        `local`, `judge`: the proposal, counted from `first`, and the judge of each value.
        """
        u, g, scale = self._together[first:last], self._inverse, self._scale
        gu = u @ g
        ugu = np.asarray(u.multiply(gu).sum(axis=1)).ravel()
        column = judge + self._means
        kgu = scale * gu[local, column]
        kgk = scale**2 * g[column, column]
        if self._means:
            kgu = kgu + gu[local, 0]
            kgk = kgk + g[0, 0] + 2 * scale * g[0, column]
        a = self._share[first:last][local]
        leverage: Floats = a + kgk - 2 * a * kgu + a**2 * ugu[local]
        return leverage


@dataclass(frozen=True, eq=False)
class Residuals:
    """Residuals of N values, each array of shape (N,), in marks but for the last two.

    `raw`: y - mean - q - b. `leverage`: how far the value pulls its own expectation along.
    `expected`: what the model expects of this judge here from all other values. `standardised`: raw
    over its own standard deviation, estimated without this value; `p`: two-sided, from Student's t.
    `degrees`: how many values more there are than the model takes up. `smoother`: the same for
    other values on the same pairs.
    """

    smoother: Smoother
    raw: Floats
    leverage: Floats
    expected: Floats
    standardised: Floats
    p: Floats
    degrees: float


def ratios(mixed: Mixed) -> tuple[float, float]:
    """The standard deviations of proposals and of judges over that of the residual."""
    return mixed.sd_proposal / mixed.sd_residual, mixed.sd_judge / mixed.sd_residual


def residuals(crossed: Crossed, mixed: Mixed, *, shrunk: bool = True) -> Residuals:
    """Residuals under a fitted model whose residual spread is not 0.

    `shrunk`: proposals as the model has them. Otherwise each is taken as it is: for comparing
    groups of residuals, since a strong proposal that is shrunk towards the mean looks favoured by
    everybody. Then each proposal needs two values or more.
    """
    of_proposals, of_judges = ratios(mixed)
    smoother = Smoother(crossed, of_proposals if shrunk else inf, of_judges)
    raw, leverage = smoother.residual(crossed.value), smoother.leverage
    free = 1.0 - leverage
    # Studentised within, then without the value itself (Cook & Weisberg 1982, 2.2).
    degrees = float(free.sum())
    within = raw / np.sqrt(free * float(raw @ raw) / degrees)
    left = np.maximum(degrees - within**2, 1e-9)
    without: Floats = within * np.sqrt(max(degrees - 1.0, 1e-9) / left)
    return Residuals(
        smoother,
        raw,
        leverage,
        crossed.value - raw / free,
        without,
        _two_sided(without, max(degrees - 1.0, 1.0)),
        degrees,
    )


def _two_sided(t: Floats, degrees: float) -> Floats:
    from scipy.special import stdtr  # noqa: PLC0415 -- costs a tenth of a second

    return np.asarray(2.0 * stdtr(degrees, -np.abs(t)), dtype=np.float64)
