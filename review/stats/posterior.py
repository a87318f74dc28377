"""How sure quality is: draws from the Bayesian posterior of the two-way model.

y = μ + q_proposal + b_judge + e as in `review.stats.mixed`, with the standard deviations
integrated over and not taken as known, as they are far from known with few judges or proposals.
Given the ratios of the standard deviations everything else is known in closed form; the ratios
themselves are summed over on a grid that is fitted to where they are likely. Draws are therefore
independent: no chain, nothing to burn in.

Without further ado, μ is flat, p(σ²) ∝ 1/σ² and each ratio sd_proposal / σ, sd_judge / σ has a
half-t prior with 3 degrees of freedom and scale 2.5: nearly flat over ratios met in practice, and
proper with few judges, where a flat one is not.

Gelman, A. (2006), Prior distributions for variance parameters in hierarchical models, Bayesian
Analysis 1: 515–534. Polson, N. G. & Scott, J. G. (2012), On the half-Cauchy prior for a global
scale parameter, Bayesian Analysis 7: 887–902 (scales in units of σ). Heyard, R., Ott, M., Salanti,
G. & Egger, M. (2022), Rethinking the funding line at the Swiss National Science Foundation,
Statistics and Public Policy 9: 110–121 (ranks from such draws).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.conjugate import Iterated, solve_wide
from review.stats.grid import Box, Grid, adapt
from review.stats.mixed import NARROW, WIDE, best, best_ratios, derivatives, fixed_ratios
from review.stats.solver import Factored, Layout, Solution, solve
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from review.stats.crossed import Crossed, Floats

# Of the half-t prior of ratios of standard deviations.
FREEDOM = 3.0
SCALE = 2.5
# Ratios below are as good as 0, above as good as no noise.
LIMITS = (np.log(1e-3), np.log(1e3))
# More draws than this altogether are kept in single precision.
SINGLE = 10_000_000
# Nodes of less probability do not count for the means.
NEGLIGIBLE = 1e-7
# With more proposals and judges than this each sd is known to some 3 %: the best ratios are taken.
MANY = 500
# How many values × draws are worked on at a time.
BATCH = 10_000_000


@dataclass(frozen=True)
class KnownJudges:
    """The prior of Heyard et al.: judges' sd known, those of quality and noise uniform.

    `sd_judge` in marks; sd_proposal and sd_residual between 0 and `largest`, in marks.
    """

    sd_judge: float = 0.5
    largest: float = 2.0


@dataclass(frozen=True)
class Checked:
    """Whether the draws may be shown.

    `halves`: split-half R̂ of the worst proposal, 1 where halves of the draws agree.
    `grid`: what half as fine a grid would change, relative to the whole; what the grid itself
    still lacks is of the order of its fourth power. `edge`: the share of
    probability at the grid's rim. `nodes`: how many nodes the grid has.
    """

    halves: float
    grid: float
    edge: float
    nodes: int

    @property
    def holds(self) -> bool:
        """Halves agree as Vehtari et al. (2021) ask, and the grid is fine and wide enough."""
        return self.halves < 1.01 and self.grid < 0.05 and self.edge < 0.005  # noqa: PLR2004


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of latent quality (mean + effect), in marks.

    `draws` (draws, n), independent, in the order of `Crossed.proposals`; single precision where
    there are many. `means` (n,) without the error of drawing; `sds` (n,) of the draws.
    """

    draws: NDArray[np.floating]
    means: Floats
    sds: Floats
    checked: Checked


@on_one_thread
def quality(
    crossed: Crossed, *, draws: int = 4000, seed: int = 0, prior: KnownJudges | None = None
) -> Posterior:
    """Draw from the posterior of what every proposal is worth.

    Where all values are the same, so are all draws. With one judge, or one value a judge, there is
    nothing to tell severity by, and quality is quality in the eyes of these judges.
    """
    layout = Layout(crossed)
    if layout.scale == 0:
        return _without_spread(layout, crossed.shape[0], draws)
    target = _Weak(layout, crossed) if prior is None else _Known(layout, crossed, prior)
    grid = adapt(target.log_density, target.box)
    drawn, means = _draw(target, grid, draws, np.random.Generator(np.random.PCG64(seed)))
    checked = Checked(_halves(drawn), grid.coarser, grid.edge, grid.weights.size)
    return Posterior(drawn, means, drawn.std(axis=0, dtype=np.float64), checked)


def _without_spread(layout: Layout, n: int, draws: int) -> Posterior:
    means = np.full(n, layout.centre)
    checked = Checked(halves=1.0, grid=0.0, edge=0.0, nodes=1)
    return Posterior(np.tile(means, (draws, 1)), means, np.zeros(n), checked)


class _Weak:
    """The prior that is taken without further ado; axes are log(sd / σ) of what is free."""

    def __init__(self, layout: Layout, crossed: Crossed) -> None:
        self.layout = layout
        self.ratios = np.zeros(2)
        self.free: list[int] = []
        if layout.columns > MANY:
            self.ratios[:] = best_ratios(layout, crossed)
            nothing = np.zeros(0)
            self.box = Box(nothing, nothing, nothing, nothing, _fineness(layout))
            return
        fixed = fixed_ratios(crossed)
        solution, _ = best(layout, fixed)
        # Where the data cannot share the spread between quality and noise, the prior does.
        fixed = {name: ratio for name, ratio in fixed.items() if ratio == 0}
        names = ("proposal", "judge") if layout.rows_are_proposals else ("judge", "proposal")
        self.free += [place for place, name in enumerate(names) if name not in fixed]
        ratios = np.array([solution.row_ratio, solution.column_ratio])[self.free]
        information = np.diag(derivatives(solution)[1])[self.free]
        low, high = (np.full(len(self.free), end) for end in LIMITS)
        # By a logarithm of sd in place of variance −log L has twice the information of −2 log L.
        reach = np.clip(5 / np.sqrt(2 * np.maximum(information, 1)), 0.0, 2.5)
        self.box = Box(np.log(np.clip(ratios, 1e-2, 1e4)) / 2, reach, low, high, _fineness(layout))

    def solve(self, point: Floats) -> Factored | Iterated:
        if self.layout.columns > WIDE:
            return solve_wide(self.layout, *self.ratios)
        return self._factored(point)

    def _factored(self, point: Floats) -> Factored:
        ratios = self.ratios.copy()
        ratios[self.free] = np.exp(2 * point)
        return solve(self.layout, *ratios)

    def log_density(self, point: Floats) -> float:
        """Of the point given all values, but for a constant; σ² is integrated over."""
        if not self.free:
            return 0.0
        solution = self._factored(point)
        freedom = len(self.layout.value) - 1
        prior = point - (FREEDOM + 1) / 2 * np.log1p((np.exp(point) / SCALE) ** 2 / FREEDOM)
        likelihood = solution.log_determinant + freedom * np.log(solution.rss)
        return float(prior.sum() - likelihood / 2)

    def sigma(self, _: Floats) -> None:
        """σ is not known at a point: σ² is rss / χ²."""


class _Known:
    """The prior of Heyard et al.; an axis each for σ and, if there are several, for proposals.

    An axis is the logit of sd / largest: a density does not end in a cliff there.
    """

    def __init__(self, layout: Layout, crossed: Crossed, prior: KnownJudges) -> None:
        self.layout = layout
        self.judge = prior.sd_judge / layout.scale
        self.largest = prior.largest / layout.scale
        nothing = np.zeros(min(crossed.shape[0], 2))
        self.box = Box(nothing, nothing + 6, nothing - 8, nothing + 12, _fineness(layout))

    def solve(self, point: Floats) -> Factored:
        proposal, noise = self._sds(point)
        ratios = ((proposal / noise) ** 2, (self.judge / noise) ** 2)
        return solve(self.layout, *(ratios if self.layout.rows_are_proposals else ratios[::-1]))

    def log_density(self, point: Floats) -> float:
        """Of the point given all values, but for a constant."""
        solution, noise = self.solve(point), self.sigma(point)
        freedom = len(self.layout.value) - 1
        likelihood = solution.log_determinant + 2 * freedom * np.log(noise)
        prior = -np.logaddexp(0, point) - np.logaddexp(0, -point)
        return float(prior.sum() - (likelihood + solution.rss / noise**2) / 2)

    def sigma(self, point: Floats) -> float:
        """σ at a point."""
        return self._sds(point)[1]

    def _sds(self, point: Floats) -> tuple[float, float]:
        *proposal, noise = self.largest / (1 + np.exp(-point))
        return float(sum(proposal)), float(noise)


def _fineness(layout: Layout) -> tuple[int, float]:
    """Where evaluations are dear, likelihoods are close to normal, for which this is plenty."""
    return (15, 0.45) if layout.columns <= NARROW else (9, 0.9)


def _draw(
    target: _Weak | _Known, grid: Grid, draws: int, rng: np.random.Generator
) -> tuple[NDArray[np.floating], Floats]:
    """Draws of quality, (draws, n), and their exact means, (n,)."""
    layout = target.layout
    n = layout.rows if layout.rows_are_proposals else layout.columns
    # Every node gets its share of the draws, rounded by one throw for all (systematic sampling).
    ends = np.floor(np.cumsum(grid.weights.ravel()) * draws + rng.random())
    ends[-1] = draws
    counts = np.diff(np.minimum(ends, draws), prepend=0).astype(int).reshape(grid.weights.shape)
    order = rng.permutation(draws)  # nodes side by side would make halves of the draws unlike
    drawn = np.empty((draws, n), dtype=np.float64 if draws * n <= SINGLE else np.float32)
    means = np.zeros(n)
    done, freedom = 0, len(layout.value) - 1
    for place in np.ndindex(grid.weights.shape):
        if not counts[place] and grid.weights[place] < NEGLIGIBLE:
            continue
        point = grid.point(place)
        solution = target.solve(point)
        means += grid.weights[place] * _qualities(solution)
        for some in _batches(int(counts[place]), layout):
            sigma = target.sigma(point) or np.sqrt(solution.rss / rng.chisquare(freedom, some))
            drawn[order[done : done + some]] = _sample(solution, np.broadcast_to(sigma, some), rng)
            done += some
    return drawn, means


def _batches(count: int, layout: Layout) -> list[int]:
    """How many draws to make at a time, so that values × draws stay within bounds."""
    size = max(1, BATCH // len(layout.value))
    whole, rest = divmod(count, size)
    return [size] * whole + [rest] * (rest > 0)


def _qualities(solution: Solution) -> Floats:
    """What is expected of each proposal given the ratios, (n,), in marks."""
    layout = solution.layout
    columns = np.sqrt(solution.column_ratio) * solution.effects[:-1]
    effects = solution.row_effects if layout.rows_are_proposals else columns
    qualities: Floats = layout.centre + layout.scale * (solution.effects[-1] + effects)
    return qualities


def _sample(
    solution: Factored | Iterated, sigmas: Floats, rng: np.random.Generator
) -> NDArray[np.floating]:
    """One draw of quality for each σ, (draws, n), in marks."""
    layout = solution.layout
    columns = solution.effects[:, None] + solution.noise(sigmas, rng)
    mean = columns[-1]
    columns = np.sqrt(solution.column_ratio) * columns[:-1]
    if layout.rows_are_proposals:
        # Given judges and the mean, proposals are independent of each other.
        met = np.add.reduceat(columns[layout.column], layout.starts, axis=0)
        kept = (solution.row_ratio * solution.kept)[:, None]
        effects = kept * (layout.by_row[:, None] * (layout.mean[:, None] - mean) - met)
        effects += np.sqrt(kept) * sigmas * rng.standard_normal(effects.shape)
    else:
        effects = columns
    qualities: Floats = layout.centre + layout.scale * (mean + effects)
    return qualities.T


def _halves(draws: NDArray[np.floating]) -> float:
    """The largest split-half R̂ (Gelman & Rubin 1992) of all proposals; 1 where nothing varies."""
    size = len(draws) // 2
    halves = np.stack([draws[:size], draws[size : 2 * size]])
    within = halves.var(axis=1, ddof=1, dtype=np.float64).mean(axis=0)
    between = halves.mean(axis=1, dtype=np.float64).var(axis=0, ddof=1)
    ratio = np.divide(between, within, out=np.zeros_like(within), where=within > 0)
    return float(np.sqrt((size - 1) / size + ratio.max()))
