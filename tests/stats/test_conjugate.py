"""Conjugate gradients, against the same equations factored."""

from __future__ import annotations

import numpy as np
import pytest

from review.stats import conjugate
from review.stats.conjugate import Equations, solve_wide
from review.stats.solver import Layout, solve
from tests.stats.two_way import drawn


@pytest.mark.parametrize(("n", "m"), [(40, 25), (25, 40)])
@pytest.mark.parametrize(("a", "c"), [(1.0, 0.5), (0.0, 2.0), (3.0, 0.0)])
def test_solution_is_that_of_the_factor(n: int, m: int, a: float, c: float) -> None:
    layout = Layout(drawn(n, m, 0.2))
    found, exact = solve_wide(layout, a, c), solve(layout, a, c)
    assert found.effects == pytest.approx(exact.effects, abs=1e-8)
    assert found.rss == pytest.approx(exact.rss)
    assert found.row_effects == pytest.approx(exact.row_effects, abs=1e-8)


def test_few_steps_are_enough_where_all_is_mixed_well() -> None:
    layout = Layout(drawn(4000, 400, 0.0125))
    found = solve_wide(layout, 1.0, 0.5)
    assert found.steps <= 25
    assert found.effects == pytest.approx(solve(layout, 1.0, 0.5).effects, abs=1e-8)


def test_many_right_sides_are_solved_at_once() -> None:
    layout = Layout(drawn(40, 25, 0.2))
    right = np.random.default_rng(1).standard_normal((layout.columns + 1, 6))
    right[:, 2] = 0
    equations = Equations(layout, 1.0, 0.5)
    effects, _ = equations.solve(right)
    assert equations.times(effects) == pytest.approx(right, abs=1e-7)
    assert effects[:, 2].tolist() == [0] * len(right)


def test_steps_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conjugate, "STEPS", 2)
    found = solve_wide(Layout(drawn(40, 25, 0.2)), 1.0, 0.5)
    assert found.steps == 2


def test_noise_has_the_spread_of_the_inverse() -> None:
    layout = Layout(drawn(12, 6, 0.6))
    sigmas = np.full(40_000, 1.5)
    inverse = solve(layout, 1.0, 0.5).inverse * 1.5**2
    for found in (solve_wide(layout, 1.0, 0.5), solve(layout, 1.0, 0.5)):
        noise = found.noise(sigmas, np.random.default_rng(1))
        assert np.cov(noise) == pytest.approx(inverse, abs=0.03 * inverse.max())
