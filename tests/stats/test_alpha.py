"""Krippendorff's alpha: published, and by its definition pair by pair."""

from __future__ import annotations

from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats import alpha as module
from review.stats.alpha import LEVELS, alpha
from tests.stats.agreement_tables import UNITS, by_judge, crossed

if TYPE_CHECKING:
    from review.stats.alpha import Level
    from review.stats.crossed import Crossed

PUBLISHED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}


@pytest.mark.parametrize("level", LEVELS)
def test_published_values_come_out(level: Level) -> None:
    assert alpha(by_judge(UNITS), level) == pytest.approx(PUBLISHED[level], abs=5e-4)


def defined(table: Crossed, level: Level) -> float | None:
    """By coincidences of all pairs of values within a unit (Krippendorff 2011)."""
    units = [table.value[table.proposal == p].tolist() for p in range(len(table.proposals))]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted({value for unit in units for value in unit})
    counts = {v: sum(unit.count(v) for unit in units) for v in values}

    def distance(c: float, k: float) -> float:
        if level == "nominal":
            return float(c != k)
        if level == "interval":
            return float((c - k) ** 2)
        if level == "ratio":
            return ((c - k) / (c + k)) ** 2 if c + k else 0.0
        low, high = sorted((c, k))
        between = sum(counts[v] for v in values if low <= v <= high)
        return float((between - (counts[c] + counts[k]) / 2) ** 2)

    observed = sum(distance(*pair) / (len(u) - 1) for u in units for pair in permutations(u, 2))
    expected = sum(counts[c] * counts[k] * distance(c, k) for c, k in product(values, values))
    return 1 - (sum(counts.values()) - 1) * observed / expected if expected else None


@given(
    st.lists(st.lists(st.none() | st.integers(0, 5), min_size=3, max_size=3), min_size=2),
    st.sampled_from(LEVELS),
)
def test_alpha_is_what_the_definition_says(table: list[list[int | None]], level: Level) -> None:
    if not any(value is not None for row in table for value in row):
        return
    found = alpha(crossed(table), level)
    assert found == pytest.approx(defined(crossed(table), level), abs=1e-9)


def test_blocks_of_values_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = crossed(np.random.default_rng(4).uniform(0, 10, (9, 4)).tolist())
    whole = alpha(table, "ratio")
    monkeypatch.setattr(module, "BLOCK", 5)
    assert alpha(table, "ratio") == pytest.approx(whole, abs=1e-12)


def test_nothing_is_told_where_nothing_is_shared_or_all_is_equal() -> None:
    assert alpha(crossed([(1, None), (None, 2)])) is None
    assert alpha(crossed([(3, 3), (3, 3), (4, None)])) is None


def test_ratio_takes_no_negative_marks() -> None:
    table = crossed([(-1, 2), (3, 4)])
    assert alpha(table, "ratio") is None
    assert alpha(table, "interval") is not None


def test_agreement_is_1_and_chance_is_0_on_average() -> None:
    assert {alpha(crossed([(1, 1), (2, 2), (5, 5)]), level) for level in LEVELS} == {1.0}
    pairs = list(combinations(range(1, 7), 2)) + [(i, i) for i in range(1, 7)]
    drawn = crossed(np.random.default_rng(1).choice(np.array(pairs).ravel(), (400, 3)).tolist())
    assert alpha(drawn) == pytest.approx(0, abs=0.06)
