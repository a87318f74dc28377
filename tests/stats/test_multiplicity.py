from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats.multiplicity import benjamini_hochberg

#: Benjamini & Hochberg 1995, table 1: fifteen hypotheses about thrombolysis.
THROMBOLYSIS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
    0.6528, 0.7590, 1.0000,
]  # fmt: skip

PROBABILITIES = st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=40).map(
    np.array
)


def test_published_example_rejects_the_four_smallest() -> None:
    adjusted = benjamini_hochberg(np.array(THROMBOLYSIS))
    assert list(adjusted <= 0.05) == [True] * 4 + [False] * 11
    np.testing.assert_allclose(adjusted[:4], [0.0015, 0.003, 0.0095, 0.035625])


def test_nothing_to_test_gives_nothing() -> None:
    assert benjamini_hochberg(np.array([])).shape == (0,)


@given(PROBABILITIES)
def test_adjusted_values_are_no_smaller_and_keep_the_order(p: np.ndarray) -> None:
    adjusted = benjamini_hochberg(p)
    assert (adjusted >= p * (1 - 1e-12)).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()


@pytest.mark.peer
@given(PROBABILITIES)
def test_adjusted_values_are_those_of_statsmodels(p: np.ndarray) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    expected = multitest.multipletests(p, method="fdr_bh")[1]
    np.testing.assert_allclose(benjamini_hochberg(p), expected, rtol=1e-12, atol=0)
