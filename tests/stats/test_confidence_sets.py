from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import studentized_range

from review.stats.confidence_sets import Means, confidence_sets
from review.stats.crossed import Crossed
from review.stats.mixed import fit
from review.stats.ranking import places


def complete(marks: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Crossed:
    n, m = marks.shape
    proposals = [f"p{i:03}" for i in range(n) for _ in range(m)]
    return Crossed.of(proposals, [f"j{j}" for j in range(m)] * n, marks.ravel())


def fitted(crossed: Crossed) -> Means:
    model = fit(crossed)
    return Means.of(crossed, sd_judge=model.sd_judge, sd_residual=model.sd_residual)


@pytest.mark.parametrize(("n", "m"), [(4, 3), (10, 5)])
def test_the_critical_value_is_the_studentised_range(n: int, m: int) -> None:
    marks = np.random.default_rng(1).normal(size=(n, m))
    means = Means.of(complete(marks), sd_judge=0.7, sd_residual=1.3)
    assert means.freedom == (n - 1) * (m - 1)
    found = confidence_sets(means, draws=20_000, seed=4)
    exact = studentized_range.ppf(0.9, n, means.freedom) / np.sqrt(2)
    assert found.critical == pytest.approx(exact, rel=0.02)


def test_severity_drops_out_where_the_same_judges_saw_both() -> None:
    marks = np.array([[9.0, 6.0, 8.0], [7.0, 4.0, 6.5], [3.0, 1.0, 2.0]])
    mild = confidence_sets(Means.of(complete(marks), sd_judge=0, sd_residual=0.3), seed=2)
    severe = confidence_sets(Means.of(complete(marks), sd_judge=9, sd_residual=0.3), seed=2)
    assert mild.low.tolist() == severe.low.tolist() == [1, 2, 3]
    assert mild.high.tolist() == severe.high.tolist() == [1, 2, 3]


def test_severity_counts_where_other_judges_saw_them() -> None:
    crossed = Crossed.of(["a", "a", "b", "b"], ["j1", "j2", "j3", "j4"], [9.0, 8.0, 4.0, 4.0])
    means = Means.of(crossed, sd_judge=2.0, sd_residual=1.0)
    assert means.covariance.tolist() == [[2.5, 0.0], [0.0, 2.5]]
    shared = Crossed.of(["a", "a", "b", "b"], ["j1", "j2", "j2", "j4"], [9.0, 8.0, 4.0, 4.0])
    covariance = Means.of(shared, sd_judge=2.0, sd_residual=1.0).covariance
    assert covariance.tolist() == [[2.5, 1.0], [1.0, 2.5]]


def test_nobody_is_told_apart_from_an_equal() -> None:
    means = Means(np.array([5.0, 5.0, 5.0]), np.eye(3), 6)
    found = confidence_sets(means)
    assert found.low.tolist() == found.marginal_low.tolist() == [1, 1, 1]
    assert found.high.tolist() == found.marginal_high.tolist() == [3, 3, 3]
    assert found.best(1).tolist() == [True, True, True]


def test_without_noise_all_that_differs_is_certain() -> None:
    means = Means(np.array([0.1 + 0.2, 0.3, 7.0]), np.zeros((3, 3)), 4)
    found = confidence_sets(means)
    assert found.low.tolist() == [2, 2, 1]
    assert found.high.tolist() == [3, 3, 1]
    assert found.best(1).tolist() == [False, False, True]
    assert found.best(2).tolist() == [True, True, True]


def test_stepping_down_finds_more_than_one_step() -> None:
    value = np.array([0.0, 0.0, 3.4, 20.0, 40.0])
    means = Means(value, np.eye(5), 200)
    found = confidence_sets(means, level=0.9, seed=3)
    apart = (value[2] - value[0]) / np.sqrt(2)
    assert 2.35 < apart < found.critical
    assert found.low[2] == 3
    assert found.high.tolist() == [5, 5, 3, 2, 1]


def test_a_set_for_one_is_no_wider_than_that_for_all() -> None:
    dice = np.random.default_rng(7)
    means = Means(dice.normal(size=9), 0.2 * np.eye(9), 30)
    found = confidence_sets(means, seed=1)
    assert (found.marginal_low >= found.low).all()
    assert (found.marginal_high <= found.high).all()


def test_a_factor_and_what_is_known_move_the_means_alone() -> None:
    means = Means(np.array([1.0, 2.0]), np.array([[1.0, 0.5], [0.5, 2.0]]), 3)
    moved = means.times(2.0, np.array([10.0, 0.0]))
    assert moved.value.tolist() == [12.0, 4.0]
    assert moved.covariance.tolist() == [[4.0, 2.0], [2.0, 8.0]]
    assert moved.freedom == 3


def test_one_alone_is_first() -> None:
    found = confidence_sets(Means(np.array([3.0]), np.eye(1), 2))
    assert (found.low.tolist(), found.high.tolist(), found.critical) == ([1], [1], 0.0)


def test_no_freedom_is_refused() -> None:
    with pytest.raises(ValueError, match="noise"):
        confidence_sets(Means(np.array([1.0, 2.0]), np.eye(2), 0))


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_sets_cover_true_ranks(spread: float) -> None:
    dice = np.random.default_rng(12)
    together, alone, best, runs = 0, 0.0, 0, 400
    for run in range(runs):
        true = spread * dice.normal(size=8)
        marks = true[:, None] + dice.normal(size=5) + dice.normal(size=(8, 5))
        found = confidence_sets(fitted(complete(marks)), draws=1000, seed=run)
        rank = places(true[None])[0][0]
        together += bool(((found.low <= rank) & (rank <= found.high)).all())
        alone += ((found.marginal_low <= rank) & (rank <= found.marginal_high)).mean()
        best += bool(found.best(3)[rank <= 3].all())
    assert together / runs >= 0.9 - 2 * np.sqrt(0.09 / runs)
    assert alone / runs >= 0.9
    assert best / runs >= 0.9 - 2 * np.sqrt(0.09 / runs)
