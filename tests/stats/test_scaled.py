"""Least-square calibration: exact without noise, steady, and honest where it cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from review.stats import additive
from review.stats.crossed import Crossed
from review.stats.scaled import UndeterminedError, fit
from tests.stats.drawing import drawn


def lines(
    seed: int, noise: float = 0.0
) -> tuple[Crossed, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """40 proposals, 12 judges with scales of their own, 3 ballots each; and the truth."""
    crossed = drawn(seed, 40, 12, 3)
    dice = np.random.default_rng(seed)
    quality = dice.normal(size=40)
    slope, offset = dice.uniform(0.4, 2.5, 12), dice.normal(size=12)
    value = slope[crossed.judge] * quality[crossed.proposal] + offset[crossed.judge]
    value += noise * dice.normal(size=len(value))
    marks = Crossed(crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, value)
    return marks, quality


@pytest.mark.parametrize("seed", range(5))
def test_scales_are_found_exactly_without_noise(seed: int) -> None:
    """Its published property: perfect calibration from linear judges without noise."""
    marks, quality = lines(seed)
    found = fit(marks, least=2)
    assert not found.average.any()
    assert np.corrcoef(found.quality, quality)[0, 1] == pytest.approx(1, abs=5e-7)
    assert np.corrcoef(additive.fit(marks).quality, quality)[0, 1] < 0.999


def test_average_judge_keeps_the_scale() -> None:
    found = fit(lines(7, noise=0.3)[0])
    assert found.slope.mean() == pytest.approx(1)
    assert found.offset.mean() == pytest.approx(0, abs=1e-9)


def test_scales_are_the_best_that_lines_can_do() -> None:
    """No step away from the answer along the constraints makes the judges agree better."""
    marks, _ = lines(8, noise=0.4)
    found = fit(marks, least=2)

    def disagreement(slope: object, offset: object) -> float:
        brought = slope[marks.judge] * marks.value + offset[marks.judge]  # type: ignore[index]
        mean = np.bincount(marks.proposal, weights=brought) / marks.by_proposal
        return float(((brought - mean[marks.proposal]) ** 2).sum())

    best = disagreement(found.slope, found.offset)
    dice = np.random.default_rng(0)
    for _ in range(50):
        way = dice.normal(size=(2, 12)) * 0.01
        way -= way.mean(axis=1, keepdims=True)
        assert disagreement(found.slope + way[0], found.offset + way[1]) >= best


def test_judges_with_too_few_marks_get_the_average_slope() -> None:
    marks, _ = lines(9, noise=0.2)
    least = int(np.sort(marks.by_judge)[3]) + 1
    found = fit(marks, least=least)
    assert found.average.tolist() == (marks.by_judge < least).tolist()
    assert found.slope[found.average] == pytest.approx(1)
    assert found.slope.mean() == pytest.approx(1)


def test_if_no_judge_has_a_slope_severity_alone_is_calibrated() -> None:
    marks, _ = lines(10, noise=0.2)
    assert fit(marks, least=1000).quality == pytest.approx(additive.fit(marks).quality)


def test_contrary_judge_is_flat_and_one_of_like_marks_average() -> None:
    n = 12
    truth = np.linspace(0, 10, n)
    rows = [
        (f"p{i:02}", j, truth[i] + a) for i in range(n) for j, a in (("a", 0), ("b", 1), ("c", -1))
    ]
    rows += [(f"p{i:02}", "contrary", 10 - truth[i]) for i in range(n)]
    rows += [(f"p{i:02}", "same", 4.0) for i in range(n)]
    found = fit(Crossed.of(*zip(*rows, strict=True)))
    assert found.average.tolist() == [False, False, False, False, True]
    assert found.slope[3] == pytest.approx(0, abs=1e-9)
    assert (found.slope >= 0).all()
    assert np.argsort(found.quality).tolist() == list(range(n))


def test_identical_marks_stay_what_they_are() -> None:
    crossed = drawn(11, 12, 6, 3)
    flat = Crossed(
        crossed.proposals, crossed.judges, crossed.proposal, crossed.judge, np.full(36, 7.0)
    )
    assert fit(flat).quality == pytest.approx(np.full(12, 7.0))


def test_scales_do_not_depend_on_the_order_of_rows_or_names() -> None:
    marks, _ = lines(12, noise=0.3)
    again = marks.take(np.random.default_rng(1).permutation(len(marks)))
    assert fit(again).quality == pytest.approx(fit(marks).quality, abs=1e-9)
    last = len(marks.judges) - 1
    other = Crossed(marks.proposals, marks.judges, marks.proposal, last - marks.judge, marks.value)
    assert fit(other).quality == pytest.approx(fit(marks).quality, abs=1e-9)


def test_scales_are_refused_where_no_chain_connects() -> None:
    with pytest.raises(UndeterminedError, match="no chain of judges"):
        fit(Crossed.of(["a", "b"], ["x", "y"], [3, 5]))


def pairs(dice: np.random.Generator, bridge: int) -> Crossed:
    """Two pairs of judges with ten proposals each, of which one judge of a pair marks `bridge`."""
    rows = [(f"p{i}", judge, dice.normal()) for i in range(10) for judge in "ab"]
    rows += [(f"q{i}", judge, dice.normal()) for i in range(10) for judge in "cd"]
    rows += [(f"p{i}", "c", dice.normal()) for i in range(bridge)]
    return Crossed.of(*zip(*rows, strict=True))


def test_judge_of_one_bridging_mark_is_brought_along() -> None:
    marks = pairs(np.random.default_rng(3), 1)
    late = [*zip(marks.proposals, "e", [1.0], strict=False)]
    rows = [
        (marks.proposals[p], marks.judges[j], v)
        for p, j, v in zip(marks.proposal, marks.judge, marks.value, strict=True)
    ]
    found = fit(Crossed.of(*zip(*rows, *late, strict=True)))
    assert found.average.tolist() == [False, False, False, False, True]
    assert found.slope[4] == pytest.approx(1)


def test_scales_are_refused_where_nothing_holds_them() -> None:
    """Two judges share their proposals with people who marked one each: any slopes will do."""
    rows = [(f"{judge}{i}", judge, float(i)) for judge in "ad" for i in range(3)]
    rows += [(f"{judge}{i}", f"with {judge}{i}", 1.0) for judge in "ad" for i in range(3)]
    with pytest.raises(UndeterminedError, match="scales"):
        fit(Crossed.of(*zip(*rows, ("a0", "d", 5.0), strict=True)), least=2)
