"""What is told of each judge, held against plain ways to the same numbers."""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest
from scipy.stats import linregress, t

from review.stats import judges as module
from review.stats.crossed import Crossed
from review.stats.judges import deviations, drifts, likeness, offsets, spreads, use
from review.stats.mixed import Mixed, fit
from tests.stats.agreement_tables import TARGETS, crossed


def simulated(n: int = 12, m: int = 5, gaps: float = 0.3, seed: int = 2) -> Crossed:
    random = np.random.default_rng(seed)
    marks = (
        6 + random.normal(0, 1, (n, 1)) + random.normal(0, 0.7, m) + random.normal(0, 0.6, (n, m))
    )
    there = random.uniform(size=(n, m)) >= gaps
    marks[~there] = np.nan
    return crossed([[None if np.isnan(v) else v for v in row] for row in marks.tolist()])


def design(table: Crossed) -> tuple[np.ndarray, np.ndarray]:
    n, m = table.shape
    rows = np.arange(len(table))
    quality, severity = np.zeros((len(table), n)), np.zeros((len(table), m))
    quality[rows, table.proposal] = 1
    severity[rows, table.judge] = 1
    return quality, severity


def predicted(table: Crossed, fitted: Mixed, values: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """What the kept rows make expected of all, by generalised least squares."""
    quality, severity = design(table)
    between = (
        fitted.sd_proposal**2 * quality @ quality.T + fitted.sd_judge**2 * severity @ severity.T
    )
    whole = between + fitted.sd_residual**2 * np.eye(len(table))
    inverse = np.linalg.inv(whole[np.ix_(kept, kept)])
    mean = inverse.sum(axis=0) @ values[kept] / inverse.sum()
    return np.asarray(mean + between[:, kept] @ inverse @ (values[kept] - mean))


def test_offsets_are_blups_against_their_mean_with_the_error_of_that() -> None:
    table = simulated()
    fitted = fit(table)
    n, m = table.shape
    quality, severity = design(table)
    x = np.hstack([np.ones((len(table), 1)), quality, severity])
    noise = fitted.sd_residual**2
    prior = [0, *[noise / fitted.sd_proposal**2] * n, *[noise / fitted.sd_judge**2] * m]
    covariance = noise * np.linalg.inv(x.T @ x + np.diag(prior))[n + 1 :, n + 1 :]
    contrast = np.eye(m) - 1 / m
    errors = np.sqrt(np.diag(contrast @ covariance @ contrast))
    reach = t.ppf(0.975, len(table) - n - m + 1)
    found = offsets(table, fitted)
    effects = fitted.judge_effects - fitted.judge_effects.mean()
    assert [each.value for each in found] == pytest.approx(effects.tolist())
    assert [each.high for each in found] == pytest.approx((effects + reach * errors).tolist())
    assert [each.low for each in found] == pytest.approx((effects - reach * errors).tolist())


def test_offsets_of_a_complete_table_are_differences_of_means() -> None:
    """Shrunk, but by little: strict judges below, generous ones above."""
    found = offsets(crossed(TARGETS), fit(crossed(TARGETS)))
    means = np.array(TARGETS).mean(axis=0)
    assert [each.value for each in found] == pytest.approx((means - means.mean()).tolist(), abs=0.1)
    assert [each.excludes_zero for each in found] == [True] * 4
    assert sum(each.value for each in found) == pytest.approx(0, abs=1e-9)


def test_judges_without_a_difference_have_none() -> None:
    table = crossed([(1, 3), (3, 1), (2, 2), (1, 1)])
    assert {(each.value, each.low, each.high) for each in offsets(table, fit(table))} == {(0, 0, 0)}
    assert not offsets(table, fit(table))[0].excludes_zero


def test_hosts_of_judges_are_taken_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    table = simulated()
    fitted = fit(table)
    monkeypatch.setattr(module, "DENSE_JUDGES", 2)
    n, m = table.shape
    reach = t.ppf(0.975, len(table) - n - m + 1)
    widths = [(each.high - each.low) / 2 for each in offsets(table, fitted)]
    assert widths == pytest.approx((reach * fitted.judge_se).tolist())


def test_spread_is_the_standard_deviation_of_a_judges_marks() -> None:
    table = crossed([(1, None), (4, 7)])
    assert spreads(table) == [pytest.approx(sqrt(4.5)), None]


def test_likeness_leaves_the_judge_out() -> None:
    table = np.array(TARGETS, dtype=float)
    expected = [
        np.corrcoef(table[:, j], np.delete(table, j, axis=1).mean(axis=1))[0, 1] for j in range(4)
    ]
    found = likeness(crossed(TARGETS))
    assert [value for value, _ in found] == pytest.approx(expected)
    assert {shared for _, shared in found} == {6}


def test_likeness_needs_three_shared_proposals_that_differ() -> None:
    assert likeness(crossed([(1, 2), (2, 3), (3, None)])) == [(None, 2), (None, 2)]
    assert likeness(crossed([(5, 2), (5, 3), (5, 4)])) == [(None, 3), (None, 3)]


def test_use_of_the_scale() -> None:
    found = use(np.array([0.0, 0.5, 0.55, 1.0]))
    assert (found.low, found.high, found.bottom, found.top) == (0, 1, 0.25, 0.25)
    assert found.entropy == pytest.approx(1.5)
    assert use(np.array([0.7, 0.7])).entropy == 0
    assert use(np.arange(10) / 10).entropy == pytest.approx(log2(10))


def test_deviations_are_from_what_all_others_make_expected() -> None:
    table = simulated()
    fitted = fit(table)
    found = deviations(table, fitted)
    rows = np.arange(len(table))
    alone = [
        table.value[row] - predicted(table, fitted, table.value, np.delete(rows, row))[row]
        for row in rows
    ]
    assert found.residual == pytest.approx(np.array(alone), abs=1e-6)
    plain = table.value - predicted(table, fitted, table.value, rows)
    assert found.z == pytest.approx(
        np.sqrt(found.residual * plain) * np.sign(plain) / fitted.sd_residual
    )


def test_unusual_marks_come_farthest_first() -> None:
    table = simulated(gaps=0)
    value = table.value.copy()
    value[7] += 4
    value[20] -= 6
    changed = Crossed(table.proposals, table.judges, table.proposal, table.judge, value)
    found = deviations(changed, fit(changed)).unusual()
    assert found.tolist()[:2] == [20, 7]


def test_nothing_is_unusual_where_nothing_is_left_over_or_expected() -> None:
    for table in (crossed([(1, 1), (1, 1)]), crossed([(1, 1, None), (1, 1, 1)])):
        found = deviations(table, fit(table))
        assert np.isnan(found.z).all()
        assert found.unusual(0).tolist() == []


def test_drift_is_the_slope_over_the_order_of_marks() -> None:
    random = np.random.default_rng(5)
    residual = random.normal(0, 0.3, 20) - 0.1 * np.repeat(np.arange(10), 2)
    proposals = [f"p{i}" for i in range(10) for _ in range(2)]
    table = Crossed.of(proposals, ["j0", "j1"] * 10, residual)
    moment = np.where(table.judge == 0, 100.0 * np.repeat(np.arange(10), 2), np.nan)
    first, second = drifts(table, residual, moment)
    assert second is None
    assert first is not None
    line = linregress(np.arange(10), residual[::2])
    assert first.slope.value == pytest.approx(line.slope)
    reach = t.ppf(0.975, 8) * line.stderr
    assert (first.slope.low, first.slope.high) == pytest.approx(
        (line.slope - reach, line.slope + reach)
    )
    assert first.change.value == pytest.approx(9 * line.slope)
    assert first.p == pytest.approx(line.pvalue)
    assert (first.marks, first.change.excludes_zero) == (10, True)


def test_drift_needs_eight_moments() -> None:
    table = crossed([(i, i) for i in range(10)])
    moment = np.where(table.judge == 0, np.minimum(table.proposal, 6), table.proposal).astype(float)
    straight = np.where(table.judge == 1, table.proposal, 0).astype(float)
    first, second = drifts(table, straight, moment)
    assert first is None
    assert second is not None
    assert second.slope.value == pytest.approx(1)
    assert second.p == 0
    _, none = drifts(table, np.zeros(20), moment)
    assert none is not None
    assert none.p == 1
