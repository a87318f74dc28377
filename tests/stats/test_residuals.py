from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np
import pytest

from review.stats import residuals as module
from review.stats.crossed import Crossed
from review.stats.mixed import fit
from review.stats.residuals import Smoother, ratios, residuals
from tests.stats.drawing import drawn

if TYPE_CHECKING:
    from collections.abc import Sequence


def by_inverse(crossed: Crossed, of_proposals: float, of_judges: float) -> np.ndarray:
    """I - H from the covariance of all values, written out."""
    n, m = crossed.shape
    proposals, judges = np.eye(n)[crossed.proposal], np.eye(m)[crossed.judge]
    covariance = np.eye(len(crossed)) + of_judges**2 * judges @ judges.T
    fixed = proposals if of_proposals == inf else np.ones((len(crossed), 1))
    if of_proposals != inf:
        covariance += of_proposals**2 * proposals @ proposals.T
    inverse = np.linalg.inv(covariance)
    known = inverse @ fixed
    kept: np.ndarray = inverse - known @ np.linalg.inv(fixed.T @ known) @ known.T
    return kept


@pytest.mark.parametrize(
    "spreads", [(1.3, 0.8), (inf, 0.8), (0.0, 0.5), (1.0, 0.0), (inf, 0.0), (0.0, 0.0)]
)
def test_smoother_is_what_the_covariance_says(
    spreads: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROOM", 20)  # several pieces
    crossed = drawn(1, 9, 5, 3)
    smoother, expected = Smoother(crossed, *spreads), by_inverse(crossed, *spreads)
    np.testing.assert_allclose(smoother.residual(crossed.value), expected @ crossed.value)
    np.testing.assert_allclose(1 - smoother.leverage, np.diag(expected))
    two = np.column_stack([crossed.value, crossed.value**2])
    np.testing.assert_allclose(smoother.residual(two), expected @ two, atol=1e-9)


def test_residuals_are_those_of_the_fitted_model() -> None:
    crossed = drawn(2, 30, 6, 4)
    mixed = fit(crossed)
    fitted = (
        mixed.mean + mixed.proposal_effects[crossed.proposal] + mixed.judge_effects[crossed.judge]
    )
    np.testing.assert_allclose(residuals(crossed, mixed).raw, crossed.value - fitted, atol=1e-6)


def test_expected_is_what_a_fit_without_the_value_says() -> None:
    crossed = drawn(3, 12, 5, 4)
    mixed = fit(crossed)
    found = residuals(crossed, mixed)
    row = 7
    others = crossed.take(np.arange(len(crossed)) != row)
    without = Smoother(others, *ratios(mixed))
    effects = others.value - without.residual(others.value)  # mean + q + b of each other value
    table = np.full(crossed.shape, np.nan)
    table[others.proposal, others.judge] = effects
    # The fitted part is a sum over proposal and judge: complete the table from a square of it.
    i, j = crossed.proposal[row], crossed.judge[row]
    known = [
        table[i, b] + table[a, j] - table[a, b]
        for a in range(crossed.shape[0])
        for b in range(crossed.shape[1])
        if not np.isnan(table[i, b] + table[a, j] + table[a, b])
    ]
    assert found.expected[row] == pytest.approx(known[0])


def test_single_far_mark_stands_out() -> None:
    crossed = drawn(4, 40, 6, 6)
    value = crossed.value.copy()
    value[17] -= 4
    moved = Crossed(crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, value)
    found = residuals(moved, fit(moved))
    assert int(np.argmin(found.p)) == 17
    assert found.standardised[17] < -5
    assert found.p[17] < 1e-6


@pytest.mark.parametrize("shrunk", [True, False])
def test_p_values_are_even_where_nothing_is_unusual(shrunk: bool) -> None:  # noqa: FBT001
    shapes: Sequence[tuple[int, int, int]] = [(50, 7, 7), (50, 12, 3)]
    p = np.concatenate(
        [
            residuals(crossed, fit(crossed), shrunk=shrunk).p
            for seed in range(10)
            for shape in shapes
            for crossed in [drawn(seed, *shape)]
        ]
    )
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.012)
    assert np.mean(p) == pytest.approx(0.5, abs=0.02)


def test_labels_play_no_part() -> None:
    crossed = drawn(5, 20, 5, 3)
    order = np.random.default_rng(0).permutation(len(crossed))
    again = Crossed.of(
        [f"q{99 - crossed.proposal[i]:02}" for i in order],
        [f"k{9 - crossed.judge[i]}" for i in order],
        crossed.value[order],
    )
    found, other = residuals(crossed, fit(crossed)), residuals(again, fit(again))
    np.testing.assert_allclose(other.standardised, found.standardised[order], rtol=1e-4)
