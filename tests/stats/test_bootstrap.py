from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from review.stats import bootstrap as module
from review.stats.bootstrap import PLENTY, bootstrap
from review.stats.crossed import Crossed


def test_drawn_means_are_those_of_drawn_judges() -> None:
    marks = {"a": (9.0, 6.0, 3.0), "b": (5.0, 5.0, 8.0)}
    crossed = Crossed.of(
        [p for p in marks for _ in range(3)], ["j1", "j2", "j3"] * 2,
        [v for row in marks.values() for v in row],
    )  # fmt: skip
    found = bootstrap(crossed, draws=3000, seed=1)
    exact = {
        tuple(round(float(np.mean([marks[p][j] for j in panel])), 9) for p in marks)
        for panel in product(range(3), repeat=3)
    }
    assert {tuple(row) for row in found.means.round(9).tolist()} == exact
    assert len(exact) == found.different == 10
    assert found.undrawn == 0
    assert found.shrinkage == pytest.approx(np.sqrt(2 / 3))
    assert found.means.mean(axis=0).tolist() == pytest.approx([6.0, 6.0], abs=0.1)


def test_whose_judges_are_not_drawn_keeps_its_mean() -> None:
    crossed = Crossed.of(["a", "b", "b"], ["j1", "j1", "j2"], [7.0, 4.0, 2.0])
    found = bootstrap(crossed, draws=2000, seed=2)
    assert set(found.means[:, 0].tolist()) == {7.0}
    assert set(found.means[:, 1].tolist()) == {4.0, 3.0, 2.0}
    assert found.undrawn == pytest.approx(0.25 / 2, abs=0.02)
    assert (found.different, found.shrinkage) == (1, 0.0)


def test_bootstrap_does_not_depend_on_how_much_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(4)
    crossed = Crossed.of([f"p{i}" for i in range(5) for _ in range(4)], ["a", "b", "c", "d"] * 5,
                         dice.normal(size=20))  # fmt: skip
    whole = bootstrap(crossed, draws=50, seed=3).means
    monkeypatch.setattr(module, "CHUNK", 40)
    assert np.allclose(bootstrap(crossed, draws=50, seed=3).means, whole)


def test_there_are_plenty_of_panels_of_many_judges() -> None:
    crossed = Crossed.of(["a"] * 40, [f"j{j}" for j in range(40)], np.arange(40.0))
    assert bootstrap(crossed, draws=10).different == PLENTY
