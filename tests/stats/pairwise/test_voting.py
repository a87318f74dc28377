from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.stats.pairwise import voting
from review.stats.pairwise.orders import Compared
from tests.stats.pairwise.published import SCHULZE, TENNESSEE, of_ballots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]


@st.composite
def tables(draw: st.DrawFn, least: int = 2, largest: int = 5) -> Counts:
    """How often each was placed above each other one, many of them even."""
    size = draw(st.integers(least, largest))
    cells = draw(st.lists(st.integers(0, 3), min_size=size * size, max_size=size * size))
    table = np.array(cells, np.int64).reshape(size, size)
    np.fill_diagonal(table, 0)
    return table


def copeland(table: Counts) -> Counts:
    """Copeland's numbers of a table."""
    first, second = np.triu_indices(len(table), 1)
    nobody = np.zeros(len(first), np.int64)
    above, below = table[first, second], table[second, first]
    pairs = Compared(len(table), 1, nobody, first, second, above, below, nobody)
    return voting.copeland(pairs)


def agreeing(table: Counts, order: tuple[int, ...]) -> int:
    return sum(int(table[a, b]) for n, a in enumerate(order) for b in order[n + 1 :])


def by_hand(table: Counts) -> tuple[int, list[tuple[int, ...]]]:
    """The most votes that an order agrees with, and every such order."""
    orders = list(permutations(range(len(table))))
    most = max(agreeing(table, order) for order in orders)
    return most, [order for order in orders if agreeing(table, order) == most]


# ------------------------------------------------------------------------------- published answers


def test_kemeny_gives_the_published_order_of_tennessee() -> None:
    letters, compared = of_ballots(TENNESSEE)

    found = voting.kemeny(compared.preferred())

    assert "".join(letters[i] for i in found.order) == "NCKM"
    assert (found.agreeing, found.is_only) == (393, True)
    assert dict(zip(letters, found.above, strict=True)) == {"N": 3, "C": 2, "K": 1, "M": 0}


def test_schulze_gives_the_published_order_of_45_voters() -> None:
    letters, compared = of_ballots(SCHULZE)

    won = voting.schulze(compared.preferred())

    assert dict(zip(letters, won.tolist(), strict=True)) == {
        "E": 4,
        "A": 2,
        "C": 0,
        "B": -2,
        "D": -4,
    }


def test_copeland_counts_majorities_of_tennessee() -> None:
    letters, compared = of_ballots(TENNESSEE)

    won = voting.copeland(compared)

    assert dict(zip(letters, won.tolist(), strict=True)) == {"N": 3, "C": 1, "K": -1, "M": -3}


# ---------------------------------------------------------------------------------- by all orders


@settings(max_examples=80, deadline=None)
@given(tables())
def test_kemeny_is_the_mean_over_all_best_orders(table: Counts) -> None:
    most, orders = by_hand(table)
    last = len(table) - 1

    found = voting.kemeny(table)

    assert found.agreeing == most
    assert found.order in orders
    assert found.others == len(orders) - 1
    assert list(found.above) == [
        Fraction(sum(last - order.index(i) for order in orders), len(orders))
        for i in range(len(table))
    ]


@settings(max_examples=6, deadline=None)
@given(tables(6, 6))
def test_kemeny_of_six_is_the_best_of_all_orders(table: Counts) -> None:
    most, orders = by_hand(table)

    found = voting.kemeny(table)

    assert (found.agreeing, found.others) == (most, len(orders) - 1)


@settings(max_examples=25, deadline=None)
@given(tables(3, 6))
def test_programme_agrees_with_subsets(table: Counts) -> None:
    subsets = voting._by_subsets(table)  # noqa: SLF001 -- chosen by size
    programme = voting._by_programme(table)  # noqa: SLF001 -- as above

    assert programme.agreeing == subsets.agreeing == agreeing(table, programme.order)
    assert programme.is_only == subsets.is_only
    places = [len(table) - 1 - programme.order.index(i) for i in range(len(table))]
    assert list(programme.above) == places


def circular(size: int) -> Counts:
    """Everybody beats the next half of a circle."""
    table = np.zeros((size, size), np.int64)
    for i in range(size):
        for step in range(1, (size + 1) // 2):
            table[i, (i + step) % size] = 1 + i * step % 3
    return table


def test_large_circles_are_put_in_order_with_proof() -> None:
    table = circular(17)

    found = voting.kemeny(table)

    assert agreeing(table, found.order) == found.agreeing
    swapped = [(*found.order[:n], b, a, *found.order[n + 2 :])
               for n, (a, b) in enumerate(pairwise(found.order))]  # fmt: skip
    assert max(agreeing(table, order) for order in swapped) <= found.agreeing


def test_several_best_orders_of_a_large_circle_are_told() -> None:
    found = voting.kemeny(np.zeros((17, 17), np.int64))

    assert (found.agreeing, found.others, found.is_only) == (0, None, False)


def test_circles_that_are_too_large_are_refused() -> None:
    with pytest.raises(voting.TooManyError):
        voting.kemeny(np.zeros((51, 51), np.int64))


def test_paths_of_too_many_are_refused() -> None:
    with pytest.raises(voting.TooManyError):
        voting.schulze(np.zeros((2001, 2001), np.int64))


def test_many_that_majorities_put_in_order_need_no_search() -> None:
    size = 120
    table = np.triu(np.ones((size, size), np.int64), 1)

    found = voting.kemeny(table)

    assert found.order == tuple(range(size))
    assert found.is_only
    assert found.above[0] == size - 1


def widest(table: Counts, a: int, b: int) -> int:
    """The strength of the strongest path, by walking all of them."""
    others = [i for i in range(len(table)) if i not in {a, b}]
    paths = ((a, *middle, b) for n in range(len(others) + 1) for middle in permutations(others, n))
    strength = np.where(table > table.T, table, 0)
    return max(min(int(strength[i, j]) for i, j in pairwise(path)) for path in paths)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_schulze_compares_the_strongest_of_all_paths(table: Counts) -> None:
    size = len(table)
    path = {(a, b): widest(table, a, b) for a, b in permutations(range(size), 2)}
    beats = {(a, b) for a, b in path if path[a, b] > path[b, a]}

    won = voting.schulze(table).tolist()

    assert won == [
        sum(a == i for a, _ in beats) - sum(b == i for _, b in beats) for i in range(size)
    ]
    assert all(won[a] > won[b] for a, b in beats)


# ------------------------------------------------------------------------------------- properties


@settings(max_examples=80, deadline=None)
@given(tables())
def test_who_beats_everybody_is_first_whatever_the_rule(table: Counts) -> None:
    beats = (table > table.T).sum(axis=1)
    for winner in np.flatnonzero(beats == len(table) - 1).tolist():
        others = [i for i in range(len(table)) if i != winner]
        for scores in (copeland(table), voting.schulze(table), voting.kemeny(table).above):
            assert all(scores[winner] > scores[i] for i in others)


@settings(max_examples=60, deadline=None)
@given(tables(4, 4), st.permutations(range(4)))
def test_scores_follow_their_items(table: Counts, names: list[int]) -> None:
    renamed = np.zeros_like(table)
    renamed[np.ix_(names, names)] = table

    for rule in (copeland, voting.schulze, lambda t: voting.kemeny(t).above):
        there = rule(renamed)
        assert [there[name] for name in names] == list(rule(table))


def test_identical_judges_give_their_order() -> None:
    table = Compared.of(6, [[[3], [1], [5], [0], [4], [2]]] * 3).preferred()

    assert voting.kemeny(table).order == (3, 1, 5, 0, 4, 2)
    assert np.argsort(-voting.schulze(table)).tolist() == [3, 1, 5, 0, 4, 2]
    assert np.argsort(-copeland(table)).tolist() == [3, 1, 5, 0, 4, 2]
