from __future__ import annotations

import numpy as np
import pytest

from review.stats.line import candidates, one_more
from review.stats.ranking import Ranking


def test_candidates_are_those_in_doubt_nearest_first() -> None:
    assert candidates(np.array([1.0, 0.9, 0.45, 0.99, 0.0, 0.3])).tolist() == [2, 5, 1]


def test_a_ballot_helps_as_much_as_by_brute_force() -> None:
    """Two proposals, one place, normal posteriors: E max of two normals, by a sum over values."""
    dice = np.random.default_rng(6)
    mean, sd, variance = np.array([0.2, 0.0]), np.array([1.0, 0.5]), 0.64
    draws = mean + sd * dice.standard_normal((40_000, 2))
    found = one_more(Ranking.of(draws), 1, draws, variance, np.array([0, 1]))
    from scipy.stats import norm  # noqa: PLC0415 -- as everywhere

    for i in (0, 1):
        spread = sd[i] ** 2 / np.sqrt(sd[i] ** 2 + variance)  # of the mean after one more value
        left = np.sqrt(sd[i] ** 2 - spread**2 + sd[1 - i] ** 2)
        at = np.linspace(-6, 6, 20_001)
        chance = norm.cdf((mean[i] + spread * at - mean[1 - i]) / left)
        weight = norm.pdf(at) * (at[1] - at[0])
        better = float((weight * np.maximum(chance, 1 - chance)).sum())
        now = norm.cdf(abs(mean[0] - mean[1]) / np.hypot(*sd))
        assert found[i] == pytest.approx(better - now, abs=0.01)
    assert found[0] > found[1] > 0


def test_a_ballot_never_harms_and_helps_more_the_less_noise_there_is() -> None:
    dice = np.random.default_rng(9)
    draws = np.linspace(1, 0, 9) + 0.3 * dice.standard_normal((4000, 9))
    ranking = Ranking.of(draws)
    asked = candidates(ranking.top(4))
    gains = [one_more(ranking, 4, draws, v, asked) for v in (0.0, 0.05, 0.5, 50.0)]
    assert all((gain >= 0).all() for gain in gains)
    assert [gain.sum() for gain in gains] == sorted((g.sum() for g in gains), reverse=True)
    assert gains[-1].max() < 0.02


def test_a_ballot_tells_nothing_where_nothing_is_open() -> None:
    draws = np.tile([3.0, 2.0, 1.0], (50, 1)) + np.random.default_rng(1).random((50, 1))
    ranking = Ranking.of(draws)
    assert one_more(ranking, 2, draws, 1.0, np.array([0, 1])).tolist() == [0.0, 0.0]
