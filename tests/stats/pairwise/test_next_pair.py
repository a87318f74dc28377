from __future__ import annotations

import numpy as np
import pytest

from review.stats.pairwise.next_pair import Known, coin, information, suggested
from review.stats.pairwise.orders import Compared


def everything(size: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.ones((size, size), dtype=bool)


def test_information_is_what_sampling_finds() -> None:
    known = Known(np.array([0.5, -0.3]), np.array([[0.6, 0.1], [0.1, 0.9]]), np.array([0.9]))
    dice = np.random.default_rng(0)
    gaps = dice.normal(0.8, np.sqrt(0.6 + 0.9 - 0.2), 400_000)
    chance = 0.9 / (1 + np.exp(-gaps)) + 0.1 / (1 + np.exp(gaps))

    sampled = coin(np.array([chance.mean()]))[0] - coin(chance).mean()

    assert information(known, 0.9)[0, 1] == pytest.approx(sampled, abs=2e-3)


def test_information_is_symmetric_and_nothing_on_oneself() -> None:
    known = Known.of(Compared.of(4, [[[0], [1]], [[1], [2]]]))
    bits = information(known, 0.9)

    assert bits.tolist() == bits.T.tolist()
    assert np.diag(bits).tolist() == [0] * 4
    assert (bits[np.triu_indices(4, 1)] > 0).all()


def test_a_coin_would_tell_nothing() -> None:
    known = Known.of(Compared.of(3, [[[0], [1]]]))

    assert information(known, 0.5) == pytest.approx(np.zeros((3, 3)), abs=1e-9)


def test_who_was_never_compared_is_asked_for_first() -> None:
    orders = [[[0], [1]], [[1], [2]], [[2], [0]]] * 4
    pair = next(suggested(Compared.of(4, orders), everything(4)))

    assert (pair.second, pair.compared) == (3, 0)


def test_equals_are_asked_for_before_those_far_apart() -> None:
    orders = [[[0], [1]], [[1], [2]], [[0], [2]]] * 5
    found = {(p.first, p.second): p.bits for p in suggested(Compared.of(3, orders), everything(3))}

    assert found[0, 2] < min(found[0, 1], found[1, 2])


def test_equal_pairs_go_by_how_often_they_were_compared_then_by_code() -> None:
    found = list(suggested(Compared.of(3, []), everything(3)))

    assert [(p.first, p.second, p.compared) for p in found] == [(0, 1, 0), (0, 2, 0), (1, 2, 0)]


def test_only_what_is_allowed_is_asked_for() -> None:
    allowed = everything(3)
    allowed[0, :] = False

    assert [(p.first, p.second) for p in suggested(Compared.of(3, []), allowed)] == [(1, 2)]


def test_a_careful_judge_tells_more_than_a_careless_one() -> None:
    right = [[[i], [j]] for i in range(5) for j in range(i + 1, 5)]
    wrong = [[[j], [i]] if (i + j) % 2 else [[i], [j]] for i in range(5) for j in range(i + 1, 5)]
    compared = Compared.of(5, right * 3 + wrong, [0] * 30 + [1] * 10)

    careful, careless = (next(suggested(compared, everything(5), judge)) for judge in (0, 1))

    assert careful.bits > 1.2 * careless.bits
