from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from review.stats import together as module
from review.stats.mixed import fit
from review.stats.residuals import residuals
from review.stats.together import Together
from tests.stats.drawing import bound, drawn

if TYPE_CHECKING:
    from review.stats.crossed import Crossed


def looked_at(crossed: Crossed) -> Together:
    left = residuals(crossed, fit(crossed), shrunk=False)
    return Together(crossed, left.smoother, left.raw / np.sqrt(1 - left.leverage))


def test_pairs_are_correlated_as_numpy_does() -> None:
    crossed = drawn(1, 30, 6, 4)
    found = looked_at(crossed)
    left = residuals(crossed, fit(crossed), shrunk=False).raw
    table = np.full(crossed.shape, np.nan)
    table[crossed.proposal, crossed.judge] = left
    expected = {}
    for a, b in combinations(range(6), 2):
        both = ~np.isnan(table[:, a] + table[:, b])
        if both.sum() >= 8:
            expected[a, b] = (int(both.sum()), np.corrcoef(table[both, a], table[both, b])[0, 1])
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert pairs == list(expected)
    assert found.shared.tolist() == [count for count, _ in expected.values()]
    np.testing.assert_allclose(found.correlation, [r for _, r in expected.values()])


def test_chance_gives_what_a_complete_design_must() -> None:
    found = looked_at(drawn(2, 60, 5, 5)).pairs(np.random.default_rng(0))
    assert found.by_chance.mean() == pytest.approx(-0.25, abs=0.01)
    np.testing.assert_allclose(found.by_chance, -0.25, atol=0.08)


def test_bound_judges_are_found_as_a_pair_and_as_a_block() -> None:
    crossed = bound(3, 50, 9, (2, 5, 6), 1.0)
    together = looked_at(crossed)
    pairs = together.pairs(np.random.default_rng(0), 9_999)
    best = np.argsort(pairs.by_chance - pairs.correlation)[:3]
    assert {(int(pairs.first[k]), int(pairs.second[k])) for k in best} == {(2, 5), (2, 6), (5, 6)}
    assert (pairs.p[best] <= 0.001).all()
    assert (pairs.draws[best] == 9_999).all()
    block = together.block(np.random.default_rng(0), pairs.by_chance, 9_999)
    assert block.judges == (2, 5, 6)
    assert block.correlation > 0.3 > block.by_chance
    assert (block.test.p, block.test.deals, block.test.exact) == (1e-4, 9_999, False)


def test_usual_judges_are_no_block() -> None:
    together = looked_at(drawn(4, 40, 6, 6))
    pairs = together.pairs(np.random.default_rng(0))
    assert together.may_have_blocks
    assert together.block(np.random.default_rng(0), pairs.by_chance).test.p > 0.05


def test_too_few_proposals_in_common_are_no_pair() -> None:
    together = looked_at(drawn(5, 7, 4, 4))
    assert (len(together), together.left_out, together.may_have_blocks) == (0, 0, False)


def test_judge_who_never_varies_is_correlated_with_nobody() -> None:
    crossed = drawn(6, 20, 3, 3)
    together = looked_at(crossed)
    still = np.where(crossed.judge == 0, 1.0, crossed.value)
    assert together._correlations(still[:, None])[:2, 0].tolist() == [0.0, 0.0]  # noqa: SLF001


def test_pairs_with_most_in_common_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    crossed = drawn(7, 40, 5, 3)
    every = looked_at(crossed)
    monkeypatch.setattr(module, "_MOST_ROWS", int(np.sort(every.shared)[-2:].sum()))
    some = looked_at(crossed)
    assert some.left_out == len(every) - 2
    assert sorted(some.shared) == sorted(every.shared)[-2:]


def test_side_without_a_pair_is_no_block() -> None:
    """One judge against all others: the block is on the other side."""
    crossed = bound(9, 60, 6, (0, 1, 2, 3, 4), 1.5)
    together = looked_at(crossed)
    pairs = together.pairs(np.random.default_rng(0))
    block = together.block(np.random.default_rng(0), pairs.by_chance)
    assert set(block.judges) <= {0, 1, 2, 3, 4}


@pytest.mark.slow
def test_pairs_and_blocks_keep_the_level_when_nothing_is_there() -> None:
    p, blocks = [], []
    for seed in range(100):
        together = looked_at(drawn(1000 + seed, 30, 6, 6 if seed % 2 else 5))
        pairs = together.pairs(np.random.default_rng(seed))
        p.append(pairs.p)
        blocks.append(together.block(np.random.default_rng(seed + 7), pairs.by_chance).test.p)
    assert np.mean(np.concatenate(p) < 0.05) <= 0.06
    assert np.mean(np.array(blocks) < 0.05) <= 0.06
