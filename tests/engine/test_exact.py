from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.engine.exact import BITS, guard, half_up, half_up_div, largest, rounded
from review.errors import HeadroomError

LIMIT = 2**BITS - 1
NUMERATORS = st.integers(-LIMIT, LIMIT)
DENOMINATORS = st.integers(1, LIMIT) | st.integers(1, 12)
HALVES = st.builds(
    lambda q, d: (q * 2 + 1) * d, st.integers(-(2**28), 2**28), st.integers(1, 2**30)
)


def by_decimal(n: int, d: int) -> int:
    with localcontext(prec=60):
        return int((Decimal(n) / Decimal(d)).to_integral_value(ROUND_HALF_UP))


def on_frame(pairs: list[tuple[int, int]]) -> list[int]:
    frame = pl.DataFrame(pairs, {"n": pl.Int64, "d": pl.Int64}, orient="row")
    everywhere = nw.from_native(frame).select(q=half_up_div(nw.col("n"), nw.col("d"))).to_native()
    here = frame.select(q=rounded(pl.col("n"), pl.col("d")))
    assert everywhere.equals(here)
    return here["q"].to_list()


@given(st.lists(st.tuples(NUMERATORS, DENOMINATORS), min_size=1, max_size=50))
def test_half_up_div_rounds_as_decimal_does(pairs: list[tuple[int, int]]) -> None:
    assert on_frame(pairs) == [by_decimal(n, d) for n, d in pairs]


@given(st.lists(st.tuples(HALVES, st.integers(1, 2**30)), min_size=1, max_size=50))
def test_half_up_div_takes_halves_away_from_zero(pairs: list[tuple[int, int]]) -> None:
    halves = [(n, 2 * d) for n, d in pairs]
    assert on_frame(halves) == [by_decimal(n, d) for n, d in halves]


@pytest.mark.parametrize(
    ("n", "d"),
    [
        (1, 2), (-1, 2), (3, 2), (-3, 2), (0, 7), (2**61, 3), (-(2**61), 3), (2**61 + 1, 2),
        (-(2**61) - 1, 2), (LIMIT, 1), (-LIMIT, 1), (LIMIT, LIMIT), (-LIMIT, LIMIT),
        (LIMIT // 2, LIMIT), (LIMIT // 2 + 1, LIMIT), (-(LIMIT // 2) - 1, LIMIT), (LIMIT, 10**9),
        (2**53 + 1, 1), (-(2**53) - 1, 1), (3 * (2**53 + 1), 3),
    ],
)  # fmt: skip
def test_half_up_div_is_right_at_the_edges(n: int, d: int) -> None:
    assert on_frame([(n, d)]) == [by_decimal(n, d)]


def test_half_up_div_takes_a_number_as_divisor() -> None:
    frame = pl.DataFrame({"n": [-15, -5, 5, 15]})
    everywhere = nw.from_native(frame).select(q=half_up_div(nw.col("n"), 10)).to_native()
    assert everywhere["q"].to_list() == [-2, -1, 1, 2]
    assert frame.select(q=rounded(pl.col("n"), 10))["q"].to_list() == [-2, -1, 1, 2]


@given(st.integers(), st.integers(1))
def test_half_up_of_integers_rounds_as_decimal_does(n: int, d: int) -> None:
    with localcontext(prec=100 + len(str(n))):
        expected = (Decimal(n) / Decimal(d)).to_integral_value(ROUND_HALF_UP)
    assert half_up(n, d) == int(expected)


def test_largest_is_of_absolute_values_by_round() -> None:
    frame = pl.DataFrame({"round": ["a", "a", "b", "c"], "value": [3, -7, 2, None]})
    assert largest(frame, "value") == {"a": 7, "b": 2, "c": 0}


def test_guard_lets_pass_what_fits() -> None:
    guard("ballot", {"a": LIMIT, "b": 0})


def test_guard_names_the_first_round_and_what_does_not_fit() -> None:
    with pytest.raises(HeadroomError) as found:
        guard("ballot", {"b": 2**70, "a": LIMIT + 1, "c": 1})
    assert found.value.message.params["round"] == "a"
    assert str(found.value) == (
        "round “a”: each ballot does not fit 64-bit exact arithmetic"
        " (63 bits are needed, 62 are there)"
    )
