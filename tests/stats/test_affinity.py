from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from review.stats.affinity import Affinity, affinity
from review.stats.mixed import fit
from review.stats.residuals import residuals
from tests.stats.drawing import drawn, moved

if TYPE_CHECKING:
    from review.stats.crossed import Crossed


def own_of(crossed: Crossed) -> np.ndarray:
    """Every sixth proposal is a judge's own."""
    own: np.ndarray = crossed.proposal % 6 == crossed.judge
    return own


def found_in(crossed: Crossed, own: np.ndarray) -> Affinity | None:
    return affinity(crossed.judge, residuals(crossed, fit(crossed), shrunk=False), own)


def favoured(seed: int, more: float) -> tuple[Crossed, np.ndarray]:
    crossed = drawn(seed, 48, 6, 4)
    own = own_of(crossed)
    return moved(crossed, more * own), own


def test_effect_is_that_of_a_regression() -> None:
    """Least squares with a column for each proposal, each judge, and own; judges barely shrunk."""
    crossed, own = favoured(1, 1.0)
    mixed = fit(crossed)
    ratio = mixed.sd_residual / mixed.sd_judge
    proposals, judges = np.eye(48)[crossed.proposal], np.eye(6)[crossed.judge]
    table = np.column_stack([proposals, judges, own.astype(float)])
    prior = np.column_stack([np.zeros((6, 48)), ratio * np.eye(6), np.zeros(6)])
    by_hand = np.linalg.lstsq(
        np.vstack([table, prior]), np.concatenate([crossed.value, np.zeros(6)])
    )[0][-1]
    found = found_in(crossed, own)
    assert found is not None
    assert found.effect == pytest.approx(by_hand)
    assert found.low < 1.0 < found.high
    assert (found.own, found.others) == (int(own.sum()), int((~own).sum()))
    assert found.test(np.random.default_rng(0)).p <= 0.001


def test_effect_moves_by_what_is_added() -> None:
    """With spreads held, adding so much to every own mark adds so much to the effect."""
    crossed, own = favoured(2, 0.0)
    more, _ = favoured(2, 0.7)
    mixed = fit(crossed)
    effects = [
        affinity(each.judge, residuals(each, mixed, shrunk=False), own) for each in (crossed, more)
    ]
    assert effects[0] is not None
    assert effects[1] is not None
    assert effects[1].effect - effects[0].effect == pytest.approx(0.7)


def test_one_judge_may_be_asked_alone() -> None:
    crossed, own = favoured(3, 1.5)
    found = found_in(crossed, own & (crossed.judge == 2))
    assert found is not None
    assert found.judges == 1
    assert found.own + found.others == crossed.by_judge[2]
    assert found.effect == pytest.approx(1.5, abs=0.7)


def test_nobody_with_own_proposals_tells_nothing() -> None:
    crossed = drawn(4, 20, 4, 3)
    assert found_in(crossed, np.zeros(len(crossed), dtype=bool)) is None


def test_judge_of_own_proposals_alone_tells_nothing() -> None:
    crossed = drawn(4, 20, 4, 3)
    assert found_in(crossed, crossed.judge == 1) is None


def test_proposals_marked_by_their_own_people_alone_tell_nothing() -> None:
    """Their quality explains whatever they got."""
    crossed = drawn(5, 20, 4, 4)
    assert found_in(crossed, crossed.proposal < 5) is None


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    mixed = fit(drawn(99, 48, 6, 4))
    hits = []
    for seed in range(120):
        crossed, own = favoured(100 + seed, 0.5)
        found = affinity(crossed.judge, residuals(crossed, mixed, shrunk=False), own)
        assert found is not None
        hits.append(found.low <= 0.5 <= found.high)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.04)


@pytest.mark.slow
def test_level_is_kept_when_nothing_is_there() -> None:
    mixed = fit(drawn(99, 48, 6, 4))
    p = []
    for seed in range(120):
        crossed = drawn(3000 + seed, 48, 6, 6 if seed % 2 else 4)
        left = residuals(crossed, mixed, shrunk=False)
        own = crossed.proposal % 8 == crossed.judge
        rng = np.random.default_rng(seed)
        for mine in (own, own & (crossed.judge == 0), own & (crossed.judge == 3)):
            found = affinity(crossed.judge, left, mine)
            if found is not None:
                p.append(found.test(rng).p)
    assert len(p) > 300
    assert np.mean(np.array(p) < 0.05) <= 0.06
