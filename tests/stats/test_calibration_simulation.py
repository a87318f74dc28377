"""What calibration is worth and when it is warned of: the simulation of the benchmark, shorter."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.calibration import METHODS, at_random, crossed, draw, in_panels, mean, simulate
from review.stats import mixed
from review.stats.confounding import confounded

RUNS = 120


@pytest.mark.slow
def test_calibration_finds_more_of_the_best_where_judges_differ() -> None:
    found = simulate(at_random, 1.0, RUNS, 1, ("mean", "additive", "calibrated"))
    assert found.recall["calibrated"] >= found.recall["mean"] + 0.05
    assert found.recall["additive"] >= found.recall["mean"] + 0.05
    assert found.warned <= 0.05


@pytest.mark.slow
def test_calibration_costs_little_where_judges_do_not_differ() -> None:
    found = simulate(at_random, 0.0, RUNS, 2, ("mean", "calibrated"))
    assert found.recall["calibrated"] >= found.recall["mean"] - 0.02
    assert found.warned <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("severity", [0.0, 1.0])
def test_confounded_panels_cost_calibration_its_worth_and_are_warned_of(severity: float) -> None:
    found = simulate(in_panels, severity, RUNS // 2, 3, ("mean", "calibrated"))
    assert found.recall["calibrated"] < found.recall["mean"] - 0.2
    assert found.warned >= 0.95


def test_simulation_draws_what_it_says() -> None:
    dice = np.random.default_rng(0)
    drawn = draw(at_random, 1.0, dice)
    assert drawn.crossed.by_judge.tolist() == [10] * 12
    assert drawn.crossed.by_proposal.tolist() == [3] * 40
    assert drawn.recall(drawn.quality) == 1
    panels = draw(in_panels, 0.0, dice)
    assert sorted(np.bincount(panels.crossed.components).tolist()) == [10] * 4
    best = panels.crossed.components[np.argsort(-panels.quality)]
    assert [len(set(best[i : i + 10].tolist())) for i in range(0, 40, 10)] == [1] * 4


def test_every_method_of_the_simulation_scores_every_proposal() -> None:
    drawn = draw(at_random, 0.5, np.random.default_rng(1))
    assert {name: np.isfinite(method(drawn.crossed)).all() for name, method in METHODS.items()} == (
        dict.fromkeys(METHODS, True)
    )


def test_judges_who_exchange_ballots_are_no_panels() -> None:
    dice = np.random.default_rng(2)
    judge = in_panels(dice.normal(size=40), dice, exchanged=0.5)
    assert not confounded(crossed(judge, np.zeros(len(judge)))).found


def test_without_differences_between_judges_calibrated_is_the_order_of_the_mean() -> None:
    dice = np.random.default_rng(3)
    drawn = draw(at_random, 0.0, dice)
    level = mean(drawn.crossed)
    same = crossed(drawn.crossed.judge, level[drawn.crossed.proposal])
    assert np.argsort(mixed.fit(same).qualities).tolist() == np.argsort(level).tolist()
