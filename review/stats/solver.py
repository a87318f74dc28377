"""Henderson's equations of a two-way mixed model, with the longer side eliminated.

The model is y = μ + row + column + e. Rows are whichever of proposals and judges there are more
of: as no value belongs to two rows, they drop out of the equations exactly (a Schur complement),
and what is left is as wide as the shorter side. With the ratios of variances a = σ²_row / σ² and
c = σ²_column / σ², and columns in units of their own standard deviation, so that c may be 0, what
is left is `K u = g` with K = [[I + c Z'WZ, √c Z'W1], [√c 1'WZ, 1'W1]] and
W = (I + a RR')⁻¹ = I − R diag(a / (1 + a r)) R'.

Henderson, C. R. (1975), Best linear unbiased estimation and prediction under a selection model,
Biometrics 31: 423–447. Bates, D., Mächler, M., Bolker, B. & Walker, S. (2015), Fitting linear
mixed-effects models using lme4, Journal of Statistical Software 67(1), §3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from review.stats.crossed import Codes, Crossed, Floats

# Up to how many numbers the tables of pairs that are kept between evaluations may hold.
KEPT = 20_000_000
# From which share of filled cells on a full table is faster than lists of pairs.
FULL = 0.1


def counted(codes: Codes, weights: Floats, size: int) -> Floats:
    """The sum of the weights of each code, (size,)."""
    return np.asarray(np.bincount(codes, weights=weights, minlength=size), dtype=np.float64)


class Layout:
    """Who gave what to whom, by row, and the sums over pairs that the equations need.

    `value` is centred on its mean `centre` and divided by its standard deviation `scale`, so that
    sums of squares keep their digits.
    """

    def __init__(self, crossed: Crossed) -> None:
        from scipy.sparse import coo_array  # noqa: PLC0415 -- costs a tenth of a second

        n, m = crossed.shape
        self.rows_are_proposals = n >= m
        row, column = crossed.proposal, crossed.judge
        if not self.rows_are_proposals:
            row, column = column, row
        self.rows, self.columns = max(n, m), min(n, m)
        self.by_row: Codes = np.bincount(row, minlength=self.rows).astype(np.int64)
        self.by_column: Codes = np.bincount(column, minlength=self.columns).astype(np.int64)
        self.starts: Codes = np.concatenate(([0], np.cumsum(self.by_row)[:-1]))
        # Counting is faster than sorting.
        table = coo_array(
            (np.arange(1, len(row) + 1), (row, column)), shape=(self.rows, self.columns)
        ).tocsr()
        order = table.data - 1
        self.row: Codes = row[order]
        self.column: Codes = column[order]
        self.centre = float(crossed.value.mean())
        centred = crossed.value[order] - self.centre
        self.scale = float(np.sqrt(np.mean(centred * centred)))
        self.value: Floats = centred / self.scale if self.scale else centred
        self.mean: Floats = self.to_rows(self.value) / self.by_row
        self.within: Floats = self.value - self.mean[self.row]

    def to_rows(self, values: Floats) -> Floats:
        """Sums over the values of each row: (N,) → (rows,)."""
        sums: Floats = np.add.reduceat(values, self.starts)
        return sums

    def to_columns(self, values: Floats) -> Floats:
        """Sums over the values of each column: (N,) → (columns,)."""
        return counted(self.column, values, self.columns)

    @cached_property
    def full(self) -> Floats | None:
        """The table of who met whom, (rows, columns), where it is not mostly empty."""
        if len(self.value) < FULL * self.rows * self.columns:
            return None
        table = np.zeros((self.rows, self.columns))
        table[self.row, self.column] = 1.0
        return table

    @cached_property
    def pairs(self) -> tuple[Codes, Codes]:
        """Of every two values in a row: the place in a columns × columns table, and the row.

        Both of shape (pairs,); ordered by row, each pair once.
        """
        places, rows = [], []
        for count in np.unique(self.by_row[self.by_row > 1]):
            chosen = np.flatnonzero(self.by_row == count)
            columns = self.column[self.starts[chosen][:, None] + np.arange(count)]
            first, second = np.triu_indices(int(count), k=1)
            places.append((columns[:, first] * self.columns + columns[:, second]).ravel())
            rows.append(np.repeat(chosen, len(first)))
        none = np.empty(0, dtype=np.int64)
        return np.concatenate([none, *places]), np.concatenate([none, *rows])

    @cached_property
    def _grams(self) -> list[tuple[int, Floats]] | None:
        """Per count of values in a row: one such row, and who met whom how often in all of them.

        None where that were too much to keep.
        """
        _, first = np.unique(self.by_row, return_index=True)
        if len(first) * self.columns**2 > KEPT:
            return None
        return [(row, self._gram((self.by_row == self.by_row[row]) * 1.0)) for row in first]

    def _gram(self, weights: Floats) -> Floats:
        if self.full is not None:
            return (self.full * weights[:, None]).T @ self.full
        places, rows = self.pairs
        size = self.columns
        # Each pair once, above the diagonal.
        half = counted(places, weights[rows], size * size).reshape(size, size)
        gram = half + half.T
        gram[np.diag_indices(size)] = self.to_columns(weights[self.row])
        return gram

    def gram(self, weights: Floats) -> Floats:
        """Σ over rows of w_i A_i A_i', (columns, columns).

        `weights` (rows,) have to depend on nothing but how many values a row has.
        """
        if self._grams is None:
            return self._gram(weights)
        total = np.zeros((self.columns, self.columns))
        for row, gram in self._grams:
            total += weights[row] * gram
        return total

    def quadratic(self, table: Floats) -> Floats:
        """A_i' T A_i of every row, (rows,), for a symmetric T of shape (columns, columns)."""
        if self.full is not None:
            full: Floats = ((self.full @ table) * self.full).sum(axis=1)
            return full
        places, rows = self.pairs
        between = counted(rows, table.ravel()[places], self.rows)
        return 2 * between + self.to_rows(np.diag(table)[self.column])


@dataclass(frozen=True, eq=False)
class Solution:
    """The equations at one pair of ratios, solved, in units of `Layout.scale`."""

    layout: Layout
    row_ratio: float
    column_ratio: float
    effects: Floats  # (columns + 1,): columns in units of their own sd, then μ
    rss: float  # what is left, y'Py

    @property
    def kept(self) -> Floats:
        """1 / (1 + a r): the share of its own mean that each row does not keep, (rows,)."""
        kept: Floats = 1 / (1 + self.row_ratio * self.layout.by_row)
        return kept

    @cached_property
    def row_effects(self) -> Floats:
        """What is expected of every row, (rows,)."""
        return self.row_ratio * self.row_scores

    @cached_property
    def row_scores(self) -> Floats:
        """R'Py, (rows,)."""
        layout = self.layout
        columns = np.sqrt(self.column_ratio) * self.effects[:-1]
        rest = layout.by_row * (layout.mean - self.effects[-1])
        scores: Floats = self.kept * (rest - layout.to_rows(columns[layout.column]))
        return scores

    @cached_property
    def column_scores(self) -> Floats:
        """Z'Py, (columns,)."""
        layout = self.layout
        columns = np.sqrt(self.column_ratio) * self.effects[:-1]
        explained = self.row_effects[layout.row] + columns[layout.column]
        return layout.to_columns(layout.value - self.effects[-1] - explained)


@dataclass(frozen=True, eq=False)
class Factored(Solution):
    """A solution with the factor of its equations, and what that tells."""

    factor: Floats  # lower triangular, (columns + 1, columns + 1); μ comes last
    log_determinant: float  # log |V| + log |1'V⁻¹1|, with σ² = 1

    @property
    def criterion(self) -> float:
        """−2 log restricted likelihood, with σ² at its best: methods for REML."""
        freedom = len(self.layout.value) - 1
        spread = np.log(2 * np.pi * self.rss / freedom) + 2 * np.log(self.layout.scale)
        return float(self.log_determinant + freedom * (1 + spread))

    @cached_property
    def inverse(self) -> Floats:
        """K⁻¹, (columns + 1, columns + 1)."""
        from scipy.linalg.lapack import dpotri  # noqa: PLC0415 -- costs a tenth of a second

        if self.column_ratio == 0:
            return np.diag(1 / self.factor.diagonal() ** 2)
        # LAPACK fills one half, and leaves 0 in the other.
        half, _ = dpotri(self.factor, lower=1)
        diagonal = half.diagonal().copy()
        half += half.T
        np.fill_diagonal(half, diagonal)
        whole: Floats = half
        return whole

    def noise(self, sigmas: Floats, rng: np.random.Generator) -> Floats:
        """Draws of N(0, σ² K⁻¹), (columns + 1, draws)."""
        from scipy.linalg import solve_triangular  # noqa: PLC0415 -- costs a tenth of a second

        noise = rng.standard_normal((len(self.effects), len(sigmas))) * sigmas
        return solve_triangular(self.factor, noise, lower=True, trans="T", check_finite=False)


def right_side(layout: Layout, row_ratio: float, column_ratio: float) -> tuple[Floats, float]:
    """g, (columns + 1,), and y'Wy."""
    shrunk = layout.mean / (1 + row_ratio * layout.by_row)
    right = np.empty(layout.columns + 1)
    right[:-1] = layout.to_columns(layout.within + shrunk[layout.row])
    right[:-1] *= np.sqrt(column_ratio)
    right[-1] = (layout.by_row * shrunk).sum()
    total = layout.within @ layout.within + (layout.by_row * layout.mean) @ shrunk
    return right, float(total)


def solve(layout: Layout, row_ratio: float, column_ratio: float) -> Factored:
    """Factor and solve the equations at these ratios of variances."""
    from scipy.linalg import cholesky, solve_triangular  # noqa: PLC0415 -- costs a tenth of a second

    width = layout.columns
    kept = 1 / (1 + row_ratio * layout.by_row)
    root = np.sqrt(column_ratio)
    table = np.zeros((width + 1, width + 1))
    if column_ratio > 0:
        table[:-1, :-1] = layout.gram(-column_ratio * row_ratio * kept)
        table[-1, :-1] = table[:-1, -1] = root * layout.to_columns(kept[layout.row])
    table.flat[: -1 : width + 2] += 1 + column_ratio * layout.by_column
    table[-1, -1] = (layout.by_row * kept).sum()

    right, total = right_side(layout, row_ratio, column_ratio)
    if column_ratio > 0:
        factor = cholesky(table, lower=True, check_finite=False, overwrite_a=True)
    else:
        factor = np.sqrt(table)
    half = solve_triangular(factor, right, lower=True, check_finite=False)
    effects = solve_triangular(factor, half, lower=True, trans="T", check_finite=False)
    tiny = np.finfo(np.float64).eps * len(layout.value)
    return Factored(
        layout,
        row_ratio,
        column_ratio,
        effects,
        max(float(total - half @ half), tiny),
        factor,
        float(np.log1p(row_ratio * layout.by_row).sum() + 2 * np.log(factor.diagonal()).sum()),
    )
