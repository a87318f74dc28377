"""Whether judges are confounded with groups of proposals: designs where the answer is known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import f_oneway

from review.stats import confounding
from review.stats.additive import incidence
from review.stats.confounding import apart, confounded, deal, moves, smallest_factor
from review.stats.crossed import Crossed
from tests.stats.drawing import drawn


def of(pairs: list[tuple[str, str]], values: list[float] | None = None) -> Crossed:
    proposals, judges = zip(*pairs, strict=True)
    return Crossed.of(proposals, judges, values or [0.0] * len(pairs))


def panels(bridges: int = 0, sizes: int = 3, count: int = 4, proposals: int = 10) -> Crossed:
    """Panels that mark proposals of their own; so many judges also mark one of the next panel."""
    pairs = [
        (f"p{panel}{i}", f"j{panel}{j}")
        for panel in range(count)
        for i in range(proposals)
        for j in range(sizes)
    ]
    pairs += [(f"p{(b + 1) % count}0", f"j{b % count}{b // count}") for b in range(bridges)]
    return of(pairs)


@pytest.mark.parametrize(
    ("blocks", "factor"),
    [
        # Balanced incomplete blocks of k of v treatments: every factor is v(k - 1) / (k(v - 1)).
        (list(combinations("abcd", 2)), 4 * 1 / (2 * 3)),
        (list(combinations("abcde", 3)), 5 * 2 / (3 * 4)),
        (["abd", "bce", "cdf", "deg", "efa", "fgb", "gac"], 7 * 2 / (3 * 6)),
        (["abc", "abc"], 1),
        (["ab", "cd"], 0),
        (["a"], 1),
        (["abc"], 1),
    ],
)
def test_smallest_factor_is_that_of_the_design(blocks: list[str], factor: float) -> None:
    pairs = [(f"p{i}", judge) for i, block in enumerate(blocks) for judge in block]
    assert smallest_factor(incidence(of(pairs))) == pytest.approx(factor)


@pytest.mark.parametrize("shape", [(120, 90, 4), (90, 120, 6)])
def test_smallest_factor_of_many_judges_is_the_same(
    shape: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = incidence(drawn(1, *shape))
    exact = smallest_factor(marked)
    monkeypatch.setattr(confounding, "DENSE", 20)
    assert smallest_factor(marked) == pytest.approx(exact, abs=2e-3)


def test_many_judges_that_are_not_connected_have_factor_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confounding, "DENSE", 20)
    assert smallest_factor(incidence(panels(count=20, proposals=4))) == 0


@given(st.integers(0, 200), st.sampled_from([(40, 12, 3), (10, 7, 3), (6, 5, 4), (30, 40, 2)]))
def test_dealing_keeps_everybodys_number_of_ballots(seed: int, shape: tuple[int, int, int]) -> None:
    crossed = drawn(seed, *shape)
    judge = deal(crossed, np.random.default_rng(seed))
    assert np.bincount(judge).tolist() == crossed.by_judge.tolist()
    assert len(set(zip(crossed.proposal.tolist(), judge.tolist(), strict=True))) == len(crossed)


def test_dealing_a_full_table_gives_up_on_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confounding, "_TRIES", 1)
    crossed = drawn(0, 6, 6, 6)
    judge = deal(crossed, np.random.default_rng(0))
    assert np.bincount(judge).tolist() == [6] * 6


def test_panels_are_found_and_told_apart() -> None:
    found = confounded(panels())
    assert (found.found, found.factor, found.p, found.dealings) == (True, 0, 0.01, 99)
    assert found.groups.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert found.usual is not None
    assert 0.4 < found.usual < 0.6


def test_panels_with_a_few_bridges_are_found_and_told_apart() -> None:
    found = confounded(panels(bridges=4))
    assert found.found
    assert 0 < found.factor < 0.2
    assert found.groups.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_panels_of_more_judges_than_proposals_are_found() -> None:
    found = confounded(panels(bridges=2, sizes=12, count=2, proposals=9))
    assert found.found
    assert found.groups.tolist() == [0] * 12 + [1] * 12


def test_panels_of_very_many_judges_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confounding, "DENSE", 20)
    found = confounded(panels(bridges=6, sizes=10, count=3, proposals=30))
    assert found.found
    assert found.groups.tolist() == [0] * 10 + [1] * 10 + [2] * 10


def test_a_complete_table_needs_no_dealing() -> None:
    found = confounded(drawn(1, 20, 6, 6))
    assert (found.found, found.p, found.dealings, found.usual) == (False, 1, 0, None)
    assert found.groups.tolist() == [0] * 6


def test_dealing_stops_early_where_judges_are_mixed() -> None:
    found = confounded(drawn(5, 40, 20, 2))
    assert (found.found, found.p, found.dealings) == (False, 1, 5)


def test_one_ballot_each_is_not_confounded_more_than_by_chance() -> None:
    """No dealing is better than another: only the graph itself can be complained of."""
    crossed = of([(f"p{i}", f"j{i % 4}") for i in range(20)])
    found = confounded(crossed)
    assert (found.found, found.factor, found.usual) == (False, 0, 0)


def test_a_large_design_is_dealt_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confounding, "WORK", 360)
    found = confounded(panels())
    assert (found.found, found.dealings, found.p) == (True, 3, 0.25)


@settings(max_examples=10)
@given(st.permutations(range(124)))
def test_what_is_found_does_not_depend_on_the_order_of_rows(order: list[int]) -> None:
    crossed = panels(bridges=4)
    found = confounded(crossed.take(np.array(order)), dealings=5)
    assert found.factor == pytest.approx(confounded(crossed, dealings=5).factor)
    assert found.groups.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_groups_are_apart_where_judges_of_one_group_agree() -> None:
    crossed = panels(count=2)
    groups = np.array([0, 0, 0, 1, 1, 1])
    dice = np.random.default_rng(1)

    def of_marks(gap: float) -> confounding.Apart:
        value = 5 + gap * groups[crossed.judge] + 0.1 * dice.normal(size=len(crossed))
        return apart(
            Crossed(crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, value),
            groups,
        )

    unlike, alike = of_marks(2), of_marks(0)
    assert unlike.means == pytest.approx([5, 7], abs=0.1)
    assert unlike.p is not None
    assert unlike.p < 1e-4
    assert alike.p is not None
    assert alike.p > 0.05


def test_difference_of_groups_is_analysis_of_variance() -> None:
    """Judges' means 1 2 3 against 2 4 6: F = 6 / 2.5 with 1 and 4 degrees of freedom."""
    crossed = of([("p", f"j{j}") for j in range(6)], [1, 2, 3, 2, 4, 6])
    found = apart(crossed, np.array([0, 0, 0, 1, 1, 1]))
    assert found.p == pytest.approx(f_oneway([1, 2, 3], [2, 4, 6]).pvalue)


@pytest.mark.parametrize(
    ("values", "groups", "p"),
    [
        ([1, 2], [0, 1], None),
        ([1, 2, 3], [0, 0, 0], None),
        ([4, 4, 4, 4], [0, 0, 1, 1], None),
        ([4, 4, 6, 6], [0, 0, 1, 1], 0),
    ],
)
def test_groups_without_spread_are_not_tested(
    values: list[float], groups: list[int], p: float | None
) -> None:
    crossed = of([("p", f"j{j}") for j in range(len(values))], values)
    assert apart(crossed, np.array(groups)).p == p


def test_moves_count_places() -> None:
    found = moves(np.array([9.0, 8, 7, 7, 5]), np.array([5.0, 8, 7, 7, 9]))
    assert (found.moved, found.most, found.places) == (2, 0, -4)
    nothing = moves(np.array([2.0, 1]), np.array([20.0, 10]))
    assert (nothing.moved, nothing.most, nothing.places) == (0, 0, 0)
