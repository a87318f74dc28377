"""The same equations as in `review.stats.solver` where both sides are too long for a table.

Conjugate gradients, preconditioned by the diagonal (Jacobi): one pass over the values a step, and
some fifteen steps where judges and proposals are mixed well. Hestenes, M. R. & Stiefel, E. (1952),
Methods of conjugate gradients for solving linear systems, Journal of Research of the National
Bureau of Standards 49: 409–436.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from review.stats.solver import Solution, right_side

if TYPE_CHECKING:
    from review.stats.crossed import Floats
    from review.stats.solver import Layout

# How small the residual has to become, relative to the right side, and in how many steps.
TOLERANCE = 1e-10
STEPS = 2000


class Equations:
    """K of the equations as something to multiply with, never written down."""

    def __init__(self, layout: Layout, row_ratio: float, column_ratio: float) -> None:
        from scipy.sparse import csc_array, csr_array  # noqa: PLC0415 -- costs a tenth of a second

        size = len(layout.value)
        starts, ones = np.append(layout.starts, size), np.ones(size)
        self.layout, self.row_ratio, self.column_ratio = layout, row_ratio, column_ratio
        self.table = csr_array((ones, layout.column, starts), shape=(layout.rows, layout.columns))
        self.values = csc_array(
            (ones, layout.column, np.arange(size + 1)), shape=(layout.columns, size)
        ).tocsr()
        self.kept = 1 / (1 + row_ratio * layout.by_row)
        own = layout.by_column - self.table.T @ (row_ratio * self.kept)
        self.diagonal: Floats = np.append(1 + column_ratio * own, layout.by_row @ self.kept)

    def times(self, effects: Floats) -> Floats:
        """K u for every column of u, (columns + 1, any)."""
        layout, root = self.layout, np.sqrt(self.column_ratio)
        columns, mean = root * effects[:-1], effects[-1]
        sums = self.kept[:, None] * (self.table @ columns + layout.by_row[:, None] * mean)
        met = layout.by_column[:, None] * (columns + mean)
        product = np.empty_like(effects)
        product[:-1] = effects[:-1] + root * (met - self.row_ratio * (self.table.T @ sums))
        product[-1] = sums.sum(axis=0)
        return product

    def solve(self, right: Floats) -> tuple[Floats, int]:
        """K⁻¹ of every column of the right side, (columns + 1, any), and after how many steps."""
        effects = np.zeros_like(right)
        residual = right.copy()
        step = scaled = residual / self.diagonal[:, None]
        size = (residual * scaled).sum(axis=0)
        least = TOLERANCE**2 * size.max()
        for count in range(STEPS):
            if size.max() <= least:
                return effects, count
            product = self.times(step)
            length = _ratio(size, (step * product).sum(axis=0))
            effects += length * step
            residual -= length * product
            scaled = residual / self.diagonal[:, None]
            before, size = size, (residual * scaled).sum(axis=0)
            step = scaled + _ratio(size, before) * step
        return effects, STEPS

    def noise(self, sigmas: Floats, rng: np.random.Generator) -> Floats:
        """Draws of N(0, σ² K), (columns + 1, draws)."""
        layout, draws = self.layout, len(sigmas)
        values = rng.standard_normal((len(layout.value), draws)) * sigmas
        # W½ = I − R diag((1 − √kept) / r) R'.
        share = (1 - np.sqrt(self.kept)) / layout.by_row
        sums = np.add.reduceat(values, layout.starts, axis=0)
        values -= (share[:, None] * sums)[layout.row]
        noise = np.empty((layout.columns + 1, draws))
        noise[:-1] = rng.standard_normal((layout.columns, draws)) * sigmas
        noise[:-1] += np.sqrt(self.column_ratio) * (self.values @ values)
        noise[-1] = values.sum(axis=0)
        return noise


def _ratio(over: Floats, under: Floats) -> Floats:
    """Over ÷ under, 0 ÷ 0 being 0: a column that is solved stays as it is."""
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0)


@dataclass(frozen=True, eq=False)
class Iterated(Solution):
    """A solution with its equations, should there be more to solve."""

    equations: Equations
    steps: int

    def noise(self, sigmas: Floats, rng: np.random.Generator) -> Floats:
        """Draws of N(0, σ² K⁻¹), (columns + 1, draws)."""
        return self.equations.solve(self.equations.noise(sigmas, rng))[0]


def solve_wide(layout: Layout, row_ratio: float, column_ratio: float) -> Iterated:
    """Solve the equations at these ratios of variances."""
    equations = Equations(layout, row_ratio, column_ratio)
    right, total = right_side(layout, row_ratio, column_ratio)
    effects, steps = equations.solve(right[:, None])
    rss = float(total - right @ effects[:, 0])
    return Iterated(layout, row_ratio, column_ratio, effects[:, 0], rss, equations, steps)
