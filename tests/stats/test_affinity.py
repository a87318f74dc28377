from __future__ import annotations

import numpy as np
import pytest

from review.stats.affinity import Stratum, affinity


def stratum(values: list[float], own: int) -> Stratum:
    marks = np.array(values)
    return Stratum(marks, marks / 2, np.arange(len(values)) < own)


def test_effect_is_the_gap_in_marks_with_student_interval() -> None:
    """A t-test by hand: means 3 and 1, pooled variance 1, error sqrt(1/2 + 1/3), 3 degrees."""
    found = affinity([stratum([3.5, 2.5, 0, 1, 2], 2)], np.random.default_rng(0))
    assert found is not None
    assert (found.own, found.others) == (2, 3)
    pooled = (0.5 + 2) / 3
    error = 3.182446 * np.sqrt(pooled * (1 / 2 + 1 / 3))
    expected = [2, 2 - error, 2 + error, 0.2]
    measured = [found.effect, found.low, found.high, found.test.p]
    np.testing.assert_allclose(measured, expected, rtol=1e-5)
    assert (found.test.deals, found.test.exact) == (10, True)


def test_judges_together_are_held_against_themselves() -> None:
    """A severe judge with many own proposals does not look like disaffection."""
    severe = stratum([-2, -2.2, -1.8, -2, -2.1], 4)
    lenient = stratum([2, 2.1, 1.9, 2, 2.2], 1)
    found = affinity([severe, lenient], np.random.default_rng(0))
    assert found is not None
    assert abs(found.effect) < 0.15
    assert found.test.p > 0.3


def test_effect_is_weighted_by_what_each_judge_can_tell() -> None:
    first, second = stratum([1, 0, 0, 0], 1), stratum([2, 2, 0, 0], 2)
    found = affinity([first, second], np.random.default_rng(0))
    assert found is not None
    assert found.effect == pytest.approx((0.75 * 1 + 1 * 2) / 1.75)


@pytest.mark.parametrize("own", [0, 3])
def test_judges_without_both_kinds_tell_nothing(own: int) -> None:
    assert affinity([stratum([1, 2, 3], own)], np.random.default_rng(0)) is None


def test_two_marks_tell_no_spread() -> None:
    assert affinity([stratum([1, 2], 1)], np.random.default_rng(0)) is None
