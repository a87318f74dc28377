"""The two-way mixed model of judging, y = μ + q_proposal + b_judge + e, fitted by REML.

q ~ N(0, sd_proposal²), b ~ N(0, sd_judge²), e ~ N(0, sd_residual²). The predictions of q and b are
BLUPs: means over what a proposal got and a judge gave, corrected for each other and shrunk. With
no difference between judges this is the plain mean, shrunk.

Patterson, H. D. & Thompson, R. (1971), Recovery of inter-block information when block sizes are
unequal, Biometrika 58: 545–554. Gilmour, A. R., Thompson, R. & Cullis, B. R. (1995), Average
information REML, Biometrics 51: 1440–1450. Henderson, C. R. (1953), Estimation of variance and
covariance components, Biometrics 9: 226–252 (method 1, where the search starts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.conjugate import solve_wide
from review.stats.solver import Factored, Layout, Solution, solve
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from review.stats.crossed import Crossed, Floats

# Ratios of variances to that of the residual: what is smaller counts as 0, what is larger as
# marks without any noise.
SMALLEST = 1e-8
LARGEST = 1e6
# A gain in −2 log L that is not worth another step: a hundredth of a hundredth of what is noise.
ENOUGH = 1e-7
# The longest step, in logarithms of ratios.
STRIDE = 3.0
# After so many steps the search ends.
MOST = 100
# From so many proposals and so many judges on, no table of either by either is made.
WIDE = 3000
# Up to how many columns looking around before the search costs nothing.
NARROW = 50


@dataclass(frozen=True, eq=False)
class Mixed:
    """A fitted model; everything in marks, in the order of `Crossed.proposals` and `.judges`.

    `proposal_effects` (n,) and `judge_effects` (m,): what is to be added to `mean`; a judge's
    effect is positive if the judge is lenient. `proposal_se`, `judge_se`: their standard errors,
    given the mean and the standard deviations (lme4's `condVar`).

    `criterion`: −2 log restricted likelihood; None where all values are the same, or where both
    proposals and judges are too many for it.
    `parts`: into how many parts that no judge connects the proposals fall. Above 1, proposals of
    different parts are compared as if every part had got a fair share of good proposals and of
    lenient judges.
    `assumed`: which standard deviations the data say nothing about. "proposal": as every
    proposal has one value, quality and noise are taken to share the spread evenly. "judge": with
    one judge, or one value a judge, severity is taken to be 0.
    """

    mean: float
    sd_proposal: float
    sd_judge: float
    sd_residual: float
    proposal_effects: Floats
    judge_effects: Floats
    proposal_se: Floats
    judge_se: Floats
    criterion: float | None
    parts: int
    assumed: frozenset[str]
    iterations: int

    @property
    def boundary(self) -> frozenset[str]:
        """Which standard deviations are best at their limit.

        "proposal", "judge" at 0; "residual" where marks are quality + severity without any noise.
        """
        spread = max(self.sd_proposal, self.sd_judge)
        found = {
            "proposal": self.sd_proposal == 0,
            "judge": self.sd_judge == 0,
            "residual": self.sd_residual**2 * LARGEST <= spread**2 * 1.001,
        }
        return frozenset(name for name, holds in found.items() if holds)

    @property
    def qualities(self) -> Floats:
        """What each proposal would get from a judge neither lenient nor severe, (n,)."""
        return self.mean + self.proposal_effects


@on_one_thread
def fit(crossed: Crossed) -> Mixed:
    """Fit the model; `crossed` needs at least one value, and none may be NaN.

    Costs an inverse of a matrix as wide as there are proposals or judges, whichever are fewer,
    some three to ten times. Where these are more than `WIDE`, effects are exact given ratios of
    variances that are those of a part of the values (`best_ratios`); a standard error is then that
    of one effect as if the others of its side were known, and there is no criterion.
    """
    assumed = _assumed(crossed)
    layout = Layout(crossed)
    parts = int(crossed.components.max()) + 1
    if layout.scale == 0:
        return _without_spread(crossed, assumed, parts)
    if layout.columns > WIDE:
        row_ratio, column_ratio = best_ratios(layout, crossed)
        return _wide(solve_wide(layout, row_ratio, column_ratio), assumed, parts)
    solution, iterations = best(layout, fixed_ratios(crossed))
    a, c = solution.row_ratio, solution.column_ratio
    # Given μ: the inverse of the equations without its row.
    inverse, border = solution.inverse[:-1, :-1], solution.inverse[:-1, -1]
    table = inverse - np.outer(border, border) / solution.inverse[-1, -1]
    kept = a * solution.kept
    variances = kept + kept * kept * c * layout.quadratic(table), c * np.diag(table)
    return _mixed(solution, variances, assumed, parts, (solution.criterion, iterations))


def best_ratios(layout: Layout, crossed: Crossed) -> tuple[float, float]:
    """The best ratios of variances of rows and columns, by a part of the columns if need be.

    Of more than `WIDE` columns every second, third … is taken, with all its values. What that
    cannot tell counts as it does for the whole.
    """
    if layout.columns > WIDE:
        side = crossed.judge if layout.rows_are_proposals else crossed.proposal
        part = crossed.take(side % -(-layout.columns // WIDE) == 0)
        fixed, layout = fixed_ratios(part) | fixed_ratios(crossed), Layout(part)
    else:
        fixed = fixed_ratios(crossed)
    solution, _ = best(layout, fixed)
    return solution.row_ratio, solution.column_ratio


def _assumed(crossed: Crossed) -> frozenset[str]:
    _, m = crossed.shape
    alone = {"proposal": crossed.by_proposal.max() == 1, "judge": m == 1}
    alone["judge"] |= bool(crossed.by_judge.max() == 1)
    return frozenset(name for name, holds in alone.items() if holds)


def fixed_ratios(crossed: Crossed) -> dict[str, float]:
    """The ratios of variances, by "proposal" and "judge", that the data say nothing about."""
    n, _ = crossed.shape
    fixed = {"proposal": 0.0 if n == 1 else 1.0, "judge": 0.0}
    unknown = _assumed(crossed) | ({"proposal"} if n == 1 else set())
    return {name: fixed[name] for name in unknown}


def _without_spread(crossed: Crossed, assumed: frozenset[str], parts: int) -> Mixed:
    n, m = crossed.shape
    mean = float(crossed.value[0])
    nothing = np.zeros(n), np.zeros(m), np.zeros(n), np.zeros(m)
    return Mixed(mean, 0.0, 0.0, 0.0, *nothing, None, parts, assumed, 0)


def _wide(solution: Solution, assumed: frozenset[str], parts: int) -> Mixed:
    layout, kept = solution.layout, solution.row_ratio * solution.kept
    own = layout.by_column - layout.to_columns(kept[layout.row])
    columns = solution.column_ratio / (1 + solution.column_ratio * own)
    rows = kept + kept * kept * layout.to_rows(columns[layout.column])
    return _mixed(solution, (rows, columns), assumed, parts, (None, 0))


def _mixed(
    solution: Solution,
    variances: tuple[Floats, Floats],
    assumed: frozenset[str],
    parts: int,
    search: tuple[float | None, int],
) -> Mixed:
    layout = solution.layout
    a, c = solution.row_ratio, solution.column_ratio
    sigma = np.sqrt(solution.rss / (len(layout.value) - 1)) * layout.scale
    row_se, column_se = (sigma * np.sqrt(variance) for variance in variances)
    effects = np.sqrt(c) * solution.effects[:-1] * layout.scale
    rows = float(np.sqrt(a) * sigma), solution.row_effects * layout.scale, row_se
    columns = float(np.sqrt(c) * sigma), effects, column_se
    proposals, judges = (rows, columns) if layout.rows_are_proposals else (columns, rows)
    return Mixed(
        mean=layout.centre + layout.scale * float(solution.effects[-1]),
        sd_proposal=proposals[0],
        sd_judge=judges[0],
        sd_residual=float(sigma),
        proposal_effects=proposals[1],
        judge_effects=judges[1],
        proposal_se=proposals[2],
        judge_se=judges[2],
        criterion=search[0],
        parts=parts,
        assumed=assumed,
        iterations=search[1],
    )


def best(layout: Layout, fixed: dict[str, float]) -> tuple[Factored, int]:
    """The solution with the least criterion, and after how many steps it was found.

    Average-information steps on the logarithms of the ratios; `fixed` holds ratios by "proposal"
    and "judge". Where the criterion falls on and on, as with fewer values than there are unknowns,
    the search ends after `MOST` steps.
    """
    names = ("proposal", "judge") if layout.rows_are_proposals else ("judge", "proposal")
    free = np.array([name not in fixed for name in names])
    ratios = _start(layout, np.array([fixed.get(name, np.nan) for name in names]))
    here = solve(layout, *ratios)
    for count in range(MOST):
        ratios = np.array([here.row_ratio, here.column_ratio])
        slopes, information = derivatives(here)
        leaves = free & (ratios == 0) & (slopes < 0)
        if leaves.any():
            here = solve(layout, *np.where(leaves, _faint(layout), ratios))
            continue
        ends = (ratios <= SMALLEST) & (slopes >= 0) | (ratios >= LARGEST) & (slopes <= 0)
        step = _step(ratios * slopes, information, free & ~ends)
        tried = _ahead(here, ratios, step) if -(ratios * slopes) @ step > ENOUGH else ()
        there = next((each for each in tried if each.criterion < here.criterion), here)
        if there is here:
            return _without_traces(here, free), count
        here = there
    return here, MOST


def _without_traces(here: Factored, free: NDArray[np.bool_]) -> Factored:
    """The same with 0 for ratios that cannot be told from 0, where that is no worse."""
    ratios = np.array([here.row_ratio, here.column_ratio])
    for place in np.flatnonzero(free & (ratios > 0) & (ratios < _faint(here.layout))):
        there = solve(here.layout, *np.where(np.arange(2) == place, 0.0, ratios))
        if there.criterion <= here.criterion + ENOUGH:
            here, ratios[place] = there, 0.0
    return here


def _step(slopes: Floats, information: Floats, free: NDArray[np.bool_]) -> Floats:
    """Where the least criterion is expected, or a stride in its direction."""
    step = np.zeros(2)
    some = np.flatnonzero(free)
    matrix = information[np.ix_(some, some)] + 1e-9 * np.eye(some.size)
    step[some] = np.linalg.solve(matrix, -slopes[some])
    if np.abs(step).max() > STRIDE:
        # Cut short on one axis alone, a step of both might lead upwards.
        step[some] = -slopes[some] / np.diag(matrix)
    return np.clip(step, -STRIDE, STRIDE)


def _ahead(here: Factored, ratios: Floats, step: Floats) -> Iterator[Factored]:
    """What to try: 0 for a ratio that wants to vanish, then the step, its half, and so on."""
    vanishing = step <= -STRIDE
    if vanishing.any():
        there = solve(here.layout, *np.where(vanishing, 0.0, ratios))
        if (derivatives(there)[0][vanishing] >= 0).all():
            yield there
    steps = (step / 2**halvings for halvings in range(20))
    least = SMALLEST * (ratios > 0)
    yield from (
        solve(here.layout, *np.clip(ratios * np.exp(each), least, LARGEST)) for each in steps
    )


def derivatives(solution: Factored) -> tuple[Floats, Floats]:
    """Of the criterion, for the ratios of rows and of columns.

    Its slopes by the ratios themselves, (2,), which tell at 0 whether 0 is best; and its average
    information about their logarithms, (2, 2), doubled as −2 log L is.
    """
    layout, inverse = solution.layout, solution.inverse
    freedom = len(layout.value) - 1
    noise = solution.rss / freedom
    a, c = solution.row_ratio, solution.column_ratio
    kept, columns = solution.kept, solution.effects[:-1]
    squares = np.array([_square(solution.row_scores), _square(solution.column_scores)])
    traces = np.array([_row_trace(solution), _column_trace(solution)])

    # Working variates are those of Gilmour et al.: each ratio times its part of V P y.
    rows = a * solution.row_scores
    right = np.append(
        np.sqrt(c) * layout.to_columns((kept * rows)[layout.row]),
        (layout.by_row * kept * rows).sum(),
    )
    across = inverse @ right
    own = np.array([a, c]) * squares
    information = np.empty((2, 2))
    information[0, 0] = rows @ (layout.by_row * kept * rows) - right @ across
    information[0, 1] = information[1, 0] = across[:-1] @ columns
    information[1, 1] = columns @ columns - columns @ inverse[:-1, :-1] @ columns
    information = information / noise - np.outer(own, own) / (noise * solution.rss)
    return traces - squares / noise, information


def _square(vector: Floats) -> float:
    return float(vector @ vector)


def _row_trace(solution: Factored) -> float:
    """tr(R'PR)."""
    layout, inverse = solution.layout, solution.inverse
    count, c = layout.by_row, solution.column_ratio
    explained = count * count * inverse[-1, -1]
    if c > 0:
        border = layout.to_rows(inverse[:-1, -1][layout.column])
        explained += c * layout.quadratic(inverse[:-1, :-1]) + 2 * np.sqrt(c) * count * border
    return float((count * solution.kept - solution.kept**2 * explained).sum())


def _column_trace(solution: Factored) -> float:
    """tr(Z'PZ)."""
    layout, c = solution.layout, solution.column_ratio
    if c > 0:
        return float((layout.columns - np.trace(solution.inverse[:-1, :-1])) / c)
    lost = layout.to_columns((solution.row_ratio * solution.kept)[layout.row])
    mean = layout.to_columns(solution.kept[layout.row])
    return float((layout.by_column - lost).sum() - mean @ mean * solution.inverse[-1, -1])


def _start(layout: Layout, ratios: Floats) -> Floats:
    """Where to begin with the ratios that are NaN: at the best of a few and of the moments."""
    starts = [_moments(layout)]
    if layout.columns <= NARROW:
        starts += [
            np.array([a, c]) for a in 10.0 ** np.arange(-2, 4) for c in 10.0 ** np.arange(-2, 4)
        ]
    starts = [np.where(np.isnan(ratios), start, ratios) for start in starts]
    if len(starts) == 1:
        return starts[0]
    return min(starts, key=lambda start: solve(layout, *start).criterion)


def _faint(layout: Layout) -> Floats:
    """Ratios that could just be told from 0, (2,)."""
    sizes = np.array([layout.rows, layout.columns])
    ratios: Floats = np.sqrt(sizes) / len(layout.value)
    return ratios


def _moments(layout: Layout) -> Floats:
    """Ratios that match sums of squares to what is expected of them (Henderson's method 1)."""
    total, n, m = len(layout.value), layout.rows, layout.columns
    columns = layout.to_columns(layout.value) / layout.by_column
    rows_met = _square(layout.by_row.astype(np.float64)) / total
    columns_met = _square(layout.by_column.astype(np.float64)) / total
    expected = np.array(
        [
            [total - 1, total - rows_met, total - columns_met],
            [n - 1, total - rows_met, n - columns_met],
            [m - 1, m - rows_met, total - columns_met],
        ]
    )
    found = np.array(
        [
            _square(layout.value),
            layout.by_row @ layout.mean**2,
            layout.by_column @ columns**2,
        ]
    )
    noise, *found = np.linalg.lstsq(expected, found)[0]
    ratios: Floats = np.minimum(np.array(found) / max(noise, 1e-3), 1e3)
    ratios[ratios < SMALLEST] = 0
    return ratios
