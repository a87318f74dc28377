"""Bradley-Terry, Davidson and Plackett-Luce: published answers, likelihoods, peers, properties."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.stats.pairwise import bradley_terry, davidson, plackett_luce
from review.stats.pairwise.orders import Compared
from review.stats.pairwise.plackett_luce import Choices
from review.stats.pairwise.settle import NotSettledError, climbed, settled
from tests.stats.pairwise.published import BASEBALL, CITATIONS, PUDDING, of_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from review.stats.pairwise.orders import Order

    Floats = NDArray[np.float64]


def circle(size: int) -> list[Order]:
    """Comparisons that make a way round through everybody."""
    return [[[i], [(i + 1) % size]] for i in range(size)]


# ------------------------------------------------------------------------------- published answers


def test_bradley_terry_gives_the_published_worths_of_journals() -> None:
    names, orders = of_pairs(CITATIONS)
    compared = Compared.of(len(names), orders)

    x = bradley_terry.log_worths(compared)
    errors = bradley_terry.standard_errors(compared, x, names.index("Biometrika"))

    assert names == ["Biometrika", "Comm Statist", "JASA", "JRSS-B"]
    assert x - x[0] == pytest.approx([0, -2.9491, -0.4796, 0.2690], abs=5e-4)
    assert errors == pytest.approx([0, 0.1025, 0.0606, 0.0708], abs=5e-4)
    assert x.mean() == pytest.approx(0, abs=1e-12)


def test_bradley_terry_gives_the_published_worths_of_teams() -> None:
    names, orders = of_pairs(BASEBALL)

    x = bradley_terry.log_worths(Compared.of(len(names), orders))

    assert dict(zip(names, x - x[names.index("Baltimore")], strict=True)) == pytest.approx(
        {
            "Baltimore": 0, "Boston": 1.108, "Cleveland": 0.684, "Detroit": 1.436,
            "Milwaukee": 1.581, "New York": 1.248, "Toronto": 1.294,
        },
        abs=5e-4,
    )  # fmt: skip


def test_davidson_gives_the_published_worths_of_puddings() -> None:
    names, orders = of_pairs(PUDDING)

    found = davidson.fit(Compared.of(len(names), orders))

    assert found.worths == pytest.approx([0.1388, 0.1730, 0.1617, 0.1654, 0.1587, 0.2024], abs=5e-5)
    assert found.draw == pytest.approx(0.7468, abs=5e-5)


# ------------------------------------------------------------------------------------- likelihoods


def best(log_likelihood: Callable[[Floats], float], size: int) -> Floats:
    """The maximum by a general optimiser."""
    from scipy.optimize import minimize  # noqa: PLC0415 -- as the code does

    def cost(x: Floats) -> float:
        return -log_likelihood(x)

    return np.asarray(minimize(cost, np.zeros(size), method="BFGS", options={"gtol": 1e-9}).x)


def test_prior_is_wins_and_losses_against_an_average_one() -> None:
    compared = Compared.of(3, [[[0], [1]], [[0], [1]], [[1], [2]]])

    def log_likelihood(x: Floats) -> float:
        won = 2 * -np.logaddexp(0, x[1] - x[0]) - np.logaddexp(0, x[2] - x[1])
        return float(won - 0.5 * (np.logaddexp(0, x) + np.logaddexp(0, -x)).sum())

    expected = best(log_likelihood, 3)
    x = bradley_terry.log_worths(compared, prior=0.5)
    assert x == pytest.approx(expected - expected.mean(), abs=1e-5)


def test_davidson_maximises_its_likelihood_with_a_prior() -> None:
    orders: list[Order] = [[[0], [1]], [[0, 1]], [[1], [2]], [[1], [2]], [[0, 2]]]

    def log_likelihood(state: Floats) -> float:
        x, draw = state[:3], state[3]
        total = -0.5 * float((np.logaddexp(0, x) + np.logaddexp(0, -x)).sum())
        for order in orders:
            i, j = (item for group in order for item in group)
            level = draw + (x[i] + x[j]) / 2
            whole = np.logaddexp(np.logaddexp(x[i], x[j]), level)
            total += (level if len(order) == 1 else x[i]) - whole
        return float(total)

    expected = best(log_likelihood, 4)
    found = davidson.fit(Compared.of(3, orders), prior=0.5)
    assert found.x == pytest.approx(expected[:3] - expected[:3].mean(), abs=1e-5)
    assert np.log(found.draw) == pytest.approx(expected[3], abs=1e-5)


def test_plackett_luce_maximises_its_likelihood() -> None:
    orders = [[[0], [1], [2], [3]], [[3], [1], [0]], [[2], [0]], [[1], [3], [2], [0]]]

    def log_likelihood(x: Floats) -> float:
        flat = [[group[0] for group in order] for order in orders]
        total = sum(
            x[order[t]] - np.log(np.exp(x[order[t:]]).sum())
            for order in flat
            for t in range(len(order))
        )
        return float(total - 0.5 * (np.logaddexp(0, x) + np.logaddexp(0, -x)).sum())

    expected = best(log_likelihood, 4)
    x = plackett_luce.log_worths(Choices.of(4, orders), prior=0.5)
    assert x == pytest.approx(expected - expected.mean(), abs=1e-5)


def test_tied_choices_are_of_what_is_left_on_average() -> None:
    choices = Choices.of(4, [[[0, 1], [2, 3]]])
    p = np.array([1.0, 2.0, 3.0, 4.0])

    # out of all; out of half of the first two and the others; out of the last two; the last is none
    assert choices.sums(p).tolist() == [10, 8.5, 7]
    assert choices.wins().tolist() == [1, 1, 0.5, 0.5]
    assert choices.chances(choices.sums(p)) == pytest.approx(
        [1 / 10 + 0.5 / 8.5] * 2 + [1 / 10 + 1 / 8.5 + 1 / 7] * 2
    )


# ------------------------------------------------------------------------------------- properties


def test_plackett_luce_is_bradley_terry_on_orders_of_two() -> None:
    names, orders = of_pairs(PUDDING)

    pairs = bradley_terry.log_worths(Compared.of(len(names), orders))
    choices = plackett_luce.log_worths(Choices.of(len(names), orders))

    assert choices == pytest.approx(pairs, abs=1e-9)


def test_davidson_is_bradley_terry_without_draws() -> None:
    names, orders = of_pairs(BASEBALL)
    compared = Compared.of(len(names), orders)

    found = davidson.fit(compared)

    assert found.draw == 0
    assert found.x.tolist() == bradley_terry.log_worths(compared).tolist()


def test_davidson_of_draws_alone_makes_all_equal() -> None:
    found = davidson.fit(Compared.of(3, [[[0, 1]], [[1, 2]]]))

    assert (found.x.tolist(), found.draw) == ([0, 0, 0], float("inf"))


FITS: list[Callable[[Sequence[Order]], Floats]] = [
    lambda orders: bradley_terry.log_worths(Compared.of(5, orders)),
    lambda orders: davidson.fit(Compared.of(5, orders)).x,
    lambda orders: plackett_luce.log_worths(Choices.of(5, orders)),
]
comparisons = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()).filter(lambda c: c[0] != c[1]),
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(comparisons, st.permutations(range(5)))
def test_worths_follow_their_items_whatever_the_order_of_comparisons(
    chosen: list[tuple[int, int, bool]], names: list[int]
) -> None:
    orders = circle(5) + [[[i, j]] if level else [[i], [j]] for i, j, level in chosen]
    renamed = [[[names[i] for i in group] for group in order] for order in reversed(orders)]

    for fit in FITS:
        x, other = fit(orders), fit(renamed)
        assert other[names] == pytest.approx(x, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(comparisons, st.integers(0, 4))
def test_one_more_win_lowers_nobody_who_wins(
    chosen: list[tuple[int, int, bool]], winner: int
) -> None:
    orders = circle(5) + [[[i], [j]] for i, j, _ in chosen]
    x = bradley_terry.log_worths(Compared.of(5, orders))
    y = bradley_terry.log_worths(Compared.of(5, [*orders, [[winner], [(winner + 1) % 5]]]))

    assert (y[winner] - y >= x[winner] - x - 1e-9).all()


def test_every_order_once_makes_all_equal() -> None:
    orders = [[[i] for i in order] for order in permutations(range(4))]

    assert plackett_luce.log_worths(Choices.of(4, orders)) == pytest.approx([0] * 4, abs=1e-12)


# ------------------------------------------------------------------------------------------ peers


@pytest.mark.peer
def test_choix_finds_the_same_worths() -> None:
    choix = pytest.importorskip("choix")
    dice = np.random.default_rng(2)
    pairs = [tuple(map(int, dice.choice(8, 2, replace=False))) for _ in range(90)]
    compared = Compared.of(8, [[[i], [j]] for i, j in pairs])
    orders = [dice.permutation(8).tolist() for _ in range(25)]

    assert bradley_terry.log_worths(compared) == pytest.approx(
        choix.ilsr_pairwise(8, pairs, alpha=0), abs=1e-6
    )
    assert plackett_luce.log_worths(Choices.of(8, [[[i] for i in o] for o in orders])) == (
        pytest.approx(choix.ilsr_rankings(8, orders), abs=1e-6)
    )


# --------------------------------------------------------------------------------------- settling


def test_worths_that_do_not_settle_are_told() -> None:
    names, orders = of_pairs(BASEBALL)

    with pytest.raises(NotSettledError):
        bradley_terry.log_worths(Compared.of(len(names), orders), most=3)


def test_extrapolation_that_makes_things_worse_is_taken_back() -> None:
    # A step that slows down as it comes near: an extrapolation goes too far.
    def step(x: Floats) -> Floats:
        return np.where(x > 1, x - 1, x / 2)

    found = settled(step, lambda x: -float(np.abs(x).max()), np.array([9.7]))

    assert found == pytest.approx([0], abs=1e-10)


def test_step_that_goes_too_far_is_halved() -> None:
    # Far from its top this is nearly straight: Newton would leap across.
    def objective(x: Floats) -> float:
        return float(2 * x.sum() - np.logaddexp(0, 8 * (x - 3)).sum())

    def gradient(x: Floats) -> Floats:
        return 2 - 8 / (1 + np.exp(-8 * (x - 3)))

    found = climbed(gradient, objective, np.array([2.0, 2.2]), scale=8)

    assert gradient(found) == pytest.approx([0, 0], abs=1e-7)


def test_way_along_which_nothing_changes_is_not_gone() -> None:
    def gradient(x: Floats) -> Floats:
        return np.array([1 - x[0], 0.0])

    found = climbed(gradient, lambda x: float(x[0] - x[0] ** 2 / 2), np.zeros(2), scale=1)

    assert found.tolist() == pytest.approx([1, 0])


def test_straight_slope_has_no_top() -> None:
    with pytest.raises(NotSettledError):
        climbed(np.ones_like, lambda x: float(x.sum()), np.zeros(1), scale=1, most=9)


def test_ring_of_many_is_as_exact_as_a_few() -> None:
    """Steps get small long before one is there: nothing that creeps would do."""
    size = 400
    there = [[[i], [i + 1]] for i in range(size - 1)]
    back = [[[i + 1], [i]] for i in range(size - 1)]

    x = bradley_terry.log_worths(Compared.of(size, [*there, *there, *back]))

    assert np.diff(x) == pytest.approx(np.full(size - 1, -np.log(2)), abs=1e-9)
