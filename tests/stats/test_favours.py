from __future__ import annotations

import numpy as np
import pytest

from review.stats.favours import Side, favour


def side(values: list[float], of_other: int) -> Side:
    marks = np.array(values)
    return Side(marks, marks, np.arange(len(values)) < of_other)


def test_favours_returned_are_told_in_marks_and_counted() -> None:
    first, second = side([3, 0, 1, -1], 1), side([2, -1, 0, 1, 1], 1)
    found = favour(first, second, np.random.default_rng(0))
    assert (found.to_second, found.to_first) == (3, 2)
    assert found.p == pytest.approx(1 / 4 * 1 / 5)


def test_favour_that_is_not_returned_is_nothing_unusual() -> None:
    first, second = side([3, 0, 1, -1], 1), side([-1, 2, 0, 1, 1], 1)
    found = favour(first, second, np.random.default_rng(0))
    assert found.p == pytest.approx(1.0)
