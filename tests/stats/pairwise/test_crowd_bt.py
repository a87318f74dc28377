from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from review.stats.pairwise import crowd_bt
from review.stats.pairwise.orders import Compared
from review.stats.pairwise.settle import NotSettledError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Votes = list[tuple[int, int, int]]


def compared(votes: Votes, size: int) -> Compared:
    """Votes (judge, winner, loser)."""
    return Compared.of(size, [[[i], [j]] for _, i, j in votes], [k for k, _, _ in votes])


def drawn(reliability: list[float], size: int = 8, votes: int = 100, seed: int = 3) -> Votes:
    """Votes on items of worth 0, 1, 2 … by judges who are right so often."""
    dice = np.random.default_rng(seed)
    found: Votes = []
    for judge, care in enumerate(reliability):
        for _ in range(votes):
            i, j = (int(n) for n in dice.choice(size, 2, replace=False))
            chance = 1 / (1 + np.exp(-float(i - j)))
            first = dice.random() < (care * chance + (1 - care) * (1 - chance))
            found.append((judge, i, j) if first else (judge, j, i))
    return found


def log_posterior(votes: Votes, x: Floats, eta: Floats) -> float:
    total = 9 * float(np.log(eta).sum()) - float(x @ x) / 2
    for judge, i, j in votes:
        p = 1 / (1 + np.exp(x[j] - x[i]))
        total += float(np.log(eta[judge] * p + (1 - eta[judge]) * (1 - p)))
    return total


def test_mode_is_a_maximum_of_the_posterior() -> None:
    votes = drawn([0.95, 0.9, 0.6], size=5, votes=30)
    found = crowd_bt.fit(compared(votes, 5))
    at_mode = log_posterior(votes, found.x, found.reliability)

    dice = np.random.default_rng(1)
    for _ in range(200):
        x = found.x + dice.normal(0, 0.02, 5)
        eta = np.clip(found.reliability + dice.normal(0, 0.02, 3), 0.01, 1 - 1e-9)
        assert log_posterior(votes, x, eta) <= at_mode + 1e-9


def test_one_vote_moves_worths_towards_what_one_step_of_gavel_says() -> None:
    """Gavel's update from its prior: mean ± (α/(α+β) - 1/2), which is our slope there."""
    alpha, beta = crowd_bt.CARE
    slope = alpha / (alpha + beta) - 0.5
    variance = 1 + alpha * beta / (alpha + beta) ** 2 - 0.25
    assert (slope, variance) == pytest.approx((0.409091, 0.832645), abs=5e-7)

    x = crowd_bt.fit(compared([(0, 0, 1)], 2)).x

    # The mode is where the slope of the likelihood is what the prior pulls back.
    p = 1 / (1 + np.exp(x[1] - x[0]))
    assert 0 < x[0] < slope
    assert x[0] == pytest.approx(1 - p, abs=1e-9)  # a judge of one vote is taken to be right
    assert x[1] == -x[0]


def test_order_of_votes_changes_nothing() -> None:
    votes = drawn([0.9, 0.8, 0.5], votes=40)
    one, other = crowd_bt.fit(compared(votes, 8)), crowd_bt.fit(compared(votes[::-1], 8))

    assert one.x.tolist() == other.x.tolist()
    assert one.reliability.tolist() == other.reliability.tolist()


def test_judge_who_flips_a_coin_is_found_and_the_order_too() -> None:
    found = crowd_bt.fit(compared(drawn([1.0, 1.0, 0.5]), 8))

    assert np.argsort(found.x).tolist() == list(range(8))
    assert found.reliability[2] < 0.7
    assert found.reliability[:2].min() > 0.9


def test_draw_is_half_a_comparison_each_way() -> None:
    found = crowd_bt.fit(Compared.of(3, [[[0, 1]], [[0], [2]], [[1], [2]]], [0, 0, 1]))

    assert found.x[0] == pytest.approx(found.x[1], abs=0.2)
    assert found.x[2] < 0


def test_nothing_compared_leaves_the_prior() -> None:
    assert crowd_bt.fit(Compared.of(3, [])).x.tolist() == [0, 0, 0]


def test_steps_that_are_not_enough_are_told() -> None:
    with pytest.raises(NotSettledError):
        crowd_bt.fit(compared(drawn([0.9]), 8), most=3)


def test_many_items_are_fitted_without_a_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    votes = drawn([0.95, 0.9, 0.6])
    expected = crowd_bt.fit(compared(votes, 8))

    monkeypatch.setattr(crowd_bt, "DENSE", 0)
    found = crowd_bt.fit(compared(votes, 8))

    assert found.x == pytest.approx(expected.x, abs=1e-8)
    assert found.reliability == pytest.approx(expected.reliability, abs=1e-8)
