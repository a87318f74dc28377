from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from review.stats.prizes import give


@st.composite
def fields(draw: st.DrawFn) -> tuple[list[float], list[int], int]:
    n = draw(st.integers(1, 7))
    values = draw(st.permutations(range(n)))
    barred = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    holders = draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    shown = [-np.inf if out else float(v) for v, out in zip(values, barred, strict=True)]
    return shown, holders, draw(st.integers(0, 8))


@given(fields())
def test_prizes_go_down_the_order_past_those_who_have_one(
    field: tuple[list[float], list[int], int],
) -> None:
    values, holders, seats = field
    expected: list[int] = []
    having: set[int] = set()
    for i in sorted(range(len(values)), key=lambda i: -values[i]):
        if values[i] == -np.inf or len(expected) == seats or holders[i] in having:
            continue
        expected.append(i)
        having |= {holders[i]} - {-1}
    [won] = give(np.array([values]), np.array(holders), 3, [seats])
    assert np.flatnonzero(won[0]).tolist() == sorted(expected)


def test_tiers_add_up() -> None:
    value = np.array([[3.0, 2.0, 1.0], [1.0, 3.0, 2.0]])
    first, both = give(value, np.array([-1, 0, 0]), 1, [1, 2])
    assert first.tolist() == [[True, False, False], [False, True, False]]
    assert both.tolist() == [[True, True, False], [True, True, False]]


def test_equals_share_a_prize() -> None:
    [won] = give(np.array([[2.0, 2.0, 1.0]]), np.array([-1, -1, -1]), 0, [1])
    assert won.tolist() == [[True, True, False]]
