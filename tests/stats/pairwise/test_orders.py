from __future__ import annotations

import numpy as np

from review.stats.pairwise.orders import Compared
from review.stats.pairwise.plackett_luce import Choices


def rows(compared: Compared) -> list[tuple[int, ...]]:
    columns = (compared.judge, compared.first, compared.second,
               compared.above, compared.below, compared.level)  # fmt: skip
    return [tuple(map(int, row)) for row in zip(*columns, strict=True)]


def test_pairs_of_rankings_are_counted_by_judge() -> None:
    compared = Compared.of(4, [[[2], [0, 3], [1]], [[1], [0]], [[0], [1]], [[1, 0]]], [0, 1, 1, 0])

    assert rows(compared) == [
        (0, 0, 1, 1, 0, 1),
        (0, 0, 2, 0, 1, 0),
        (0, 0, 3, 0, 0, 1),
        (0, 1, 2, 0, 1, 0),
        (0, 1, 3, 0, 1, 0),
        (0, 2, 3, 1, 0, 0),
        (1, 0, 1, 1, 1, 0),
    ]


def test_pooled_pairs_forget_the_judge() -> None:
    compared = Compared.of(3, [[[0], [1]], [[1], [0]], [[2, 1]]], [0, 1, 2])

    assert rows(compared.pooled) == [(0, 0, 1, 1, 1, 0), (0, 1, 2, 0, 0, 1)]
    assert compared.pooled.total.tolist() == [2, 1]


def test_preferred_counts_who_was_placed_above_whom() -> None:
    compared = Compared.of(3, [[[0], [1], [2]], [[1], [0]]])

    assert compared.preferred().tolist() == [[0, 1, 1], [1, 0, 1], [0, 0, 0]]


def test_nothing_compared_is_no_pair() -> None:
    assert rows(Compared.of(3, [])) == []
    assert rows(Compared.of(0, [])) == []


def test_components_need_a_way_up_and_down() -> None:
    orders = [[[3], [0]], [[0], [1]], [[1], [0]], [[2, 1]]]

    assert Compared.of(4, orders).components.tolist() == [0, 0, 0, 1]
    assert Choices.of(4, orders).components.tolist() == [0, 0, 0, 1]


def test_components_of_choices_are_those_of_pairs() -> None:
    dice = np.random.default_rng(4)
    for _ in range(60):
        size = int(dice.integers(2, 7))
        orders = []
        for _ in range(int(dice.integers(1, 5))):
            chosen = dice.permutation(size)[: int(dice.integers(2, size + 1))].tolist()
            cuts = sorted(set(dice.integers(1, len(chosen) + 1, 3).tolist()))
            groups = [chosen[a:b] for a, b in zip([0, *cuts], [*cuts, len(chosen)], strict=True)]
            orders.append([group for group in groups if group])
        named = {i for order in orders for group in order for i in group}
        codes = {i: n for n, i in enumerate(sorted(named))}
        coded = [[[codes[i] for i in group] for group in order] for order in orders]

        of_pairs = Compared.of(len(codes), coded).components
        assert Choices.of(len(codes), coded).components.tolist() == of_pairs.tolist()
