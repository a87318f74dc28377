"""The two-way mixed model: published, in full, at its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats import mixed
from review.stats.crossed import Crossed
from review.stats.mixed import best, derivatives, fit
from review.stats.solver import Layout, solve
from tests.stats.two_way import Full, drawn, mock_panel, penicillin

if TYPE_CHECKING:
    from review.stats.mixed import Mixed


def ratios(fitted: Mixed) -> tuple[float, float]:
    variance = fitted.sd_residual**2
    return fitted.sd_proposal**2 / variance, fitted.sd_judge**2 / variance


def test_published_fit_comes_out() -> None:
    fitted = fit(penicillin())
    assert fitted.criterion == pytest.approx(330.9, abs=0.05)
    found = (fitted.mean, fitted.sd_proposal, fitted.sd_judge, fitted.sd_residual)
    assert found == pytest.approx((22.9722, 0.8467, 1.9316, 0.5499), abs=5e-4)
    samples = [2.1871, -1.0105, 1.9379, -0.0969, -0.0138, -3.0037]
    assert fitted.judge_effects == pytest.approx(samples, abs=5e-4)
    assert (fitted.parts, fitted.assumed, fitted.boundary) == (1, frozenset(), frozenset())
    assert fitted.qualities == pytest.approx(22.9722 + fitted.proposal_effects, abs=5e-4)


@pytest.mark.peer
@pytest.mark.parametrize("data", [penicillin(), mock_panel(), drawn(15, 6, 0.6), drawn(6, 15, 0.6)])
def test_fit_agrees_with_statsmodels(data: Crossed) -> None:
    from statsmodels.regression import mixed_linear_model as peers  # noqa: PLC0415 -- slow

    n, m = data.shape
    tables = [[np.eye(n)[data.proposal]], [np.eye(m)[data.judge]]]
    names = [[[f"q{i}" for i in range(n)]], [[f"b{j}" for j in range(m)]]]
    model = peers.MixedLM(
        data.value,
        np.ones((len(data), 1)),
        groups=np.ones(len(data)),
        exog_vc=peers.VCSpec(["proposal", "judge"], names, tables),
    )
    peer = model.fit(reml=True)
    proposal, judge = np.sqrt(peer.vcomp)
    fitted = fit(data)
    theirs = (peer.fe_params[0], proposal, judge, np.sqrt(peer.scale))
    found = (fitted.mean, fitted.sd_proposal, fitted.sd_judge, fitted.sd_residual)
    assert found == pytest.approx(theirs, rel=2e-3)
    effects = np.concatenate([fitted.proposal_effects, fitted.judge_effects])
    assert effects == pytest.approx(peer.random_effects[1.0].to_numpy(), abs=5e-3)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(("n", "m", "share"), [(10, 4, 1.0), (14, 5, 0.5), (4, 12, 0.6)])
def test_fit_is_that_of_the_full_model(n: int, m: int, share: float, seed: int) -> None:
    data = drawn(n, m, share, sds=(1.0, (0.0, 0.4, 2.0)[seed % 3], 1.0), seed=seed)
    fitted = fit(data)
    full = Full(data, *ratios(fitted))
    assert fitted.criterion == pytest.approx(full.criterion)
    assert (fitted.mean, fitted.sd_residual) == pytest.approx((full.mean, full.sigma))
    effects = np.concatenate([fitted.proposal_effects, fitted.judge_effects])
    errors = np.concatenate([fitted.proposal_se, fitted.judge_se])
    assert effects == pytest.approx(full.effects, abs=1e-8)
    assert errors == pytest.approx(full.errors, abs=1e-8)
    # Nothing anywhere is better.
    grid = [0.0, *np.exp(np.linspace(-6, 6, 13))]
    others = min(Full(data, a, c).criterion for a in grid for c in grid)
    assert fitted.criterion is not None
    assert fitted.criterion <= others + 1e-6


@pytest.mark.parametrize(("a", "c"), [(1.0, 0.5), (0.0, 2.0), (2.0, 0.0), (0.0, 0.0)])
def test_derivatives_are_those_of_the_criterion(a: float, c: float) -> None:
    layout = Layout(drawn(12, 5, 0.6))
    slopes, information = derivatives(solve(layout, a, c))
    step = 1e-6
    for place, slope in enumerate(slopes):
        up, down = np.array([a, c]), np.array([a, c])
        up[place] += step
        down[place] = max(down[place] - step, 0.0)
        rise = solve(layout, *up).criterion - solve(layout, *down).criterion
        assert rise / (up - down)[place] == pytest.approx(slope, rel=1e-3, abs=1e-4)
    assert np.linalg.eigvalsh(information).min() >= -1e-9


def test_average_information_is_the_average_of_observed_and_expected() -> None:
    """At the best ratios, in the large, it is the curvature of the criterion."""
    layout = Layout(drawn(120, 60, 0.5))
    solution, _ = best(layout, {})
    _, information = derivatives(solution)
    at = np.log([solution.row_ratio, solution.column_ratio])

    def value(*shift: float) -> float:
        return solve(layout, *np.exp(at + shift)).criterion

    step = 1e-2
    curvature = (value(step, 0) + value(-step, 0) - 2 * value(0, 0)) / step**2
    assert information[0, 0] == pytest.approx(curvature, rel=0.1)
    curvature = (value(0, step) + value(0, -step) - 2 * value(0, 0)) / step**2
    assert information[1, 1] == pytest.approx(curvature, rel=0.1)


def test_judges_alike_leave_the_shrunken_mean() -> None:
    values = [[1.0, 2.0, 1.5], [4.0, 3.0, 3.5], [6.0, 6.5, 7.0], [2.0, 2.5, 1.5]]
    data = Crossed.of(list("aaabbbcccddd"), list("xyzxyzxyzxyz"), np.ravel(values))
    fitted = fit(data)
    assert fitted.boundary == {"judge"}
    assert fitted.judge_effects.tolist() == [0, 0, 0]
    means = np.mean(values, axis=1)
    shrunk = fitted.proposal_effects / (means - means.mean())
    assert shrunk == pytest.approx(np.full(4, shrunk[0]))
    assert 0.9 < shrunk[0] < 1


def test_proposals_alike_are_all_worth_the_mean() -> None:
    values = [[1.0, 5.0, 3.0], [1.5, 4.5, 3.0], [0.5, 5.5, 3.0]]
    fitted = fit(Crossed.of(list("aaabbbccc"), list("xyzxyzxyz"), np.ravel(values)))
    assert fitted.boundary == {"proposal"}
    assert fitted.qualities == pytest.approx([3, 3, 3])


def test_marks_without_noise_are_taken_as_such() -> None:
    fitted = fit(Crossed.of(list("aabbcc"), list("xyxyxy"), [1.0, 2, 3, 4, 5, 6]))
    assert fitted.boundary == {"residual"}
    assert fitted.qualities == pytest.approx([1.5, 3.5, 5.5], abs=1e-4)
    assert fitted.judge_effects == pytest.approx([-0.5, 0.5], abs=1e-4)


def test_values_all_the_same_have_no_spread() -> None:
    fitted = fit(Crossed.of(list("aabb"), list("xyxy"), [3.0] * 4))
    assert (fitted.mean, fitted.criterion) == (3, None)
    assert fitted.boundary == {"proposal", "judge", "residual"}
    assert fitted.qualities.tolist() == [3, 3]
    assert fitted.judge_effects.tolist() == fitted.judge_se.tolist() == [0, 0]


def test_one_judge_has_no_severity_and_spread_is_shared() -> None:
    fitted = fit(Crossed.of(list("abcd"), list("xxxx"), [3.0, 5, 4, 8]))
    assert fitted.assumed == {"proposal", "judge"}
    assert fitted.sd_proposal == pytest.approx(fitted.sd_residual)
    assert fitted.qualities == pytest.approx([4, 5, 4.5, 6.5])
    assert fitted.judge_effects.tolist() == [0]


def test_one_ballot_each_shares_what_judges_leave() -> None:
    fitted = fit(Crossed.of(list("abcdef"), list("xxyyzz"), [3.0, 5, 4, 8, 1, 2]))
    assert fitted.assumed == {"proposal"}
    assert fitted.parts == 3
    assert fitted.sd_proposal == pytest.approx(fitted.sd_residual)
    assert fitted.sd_judge > 0


def test_one_proposal_is_worth_its_mean() -> None:
    fitted = fit(Crossed.of(list("aaaa"), list("wxyz"), [3.0, 5, 4, 8]))
    assert fitted.assumed == {"judge"}
    assert fitted.boundary == {"proposal", "judge"}
    assert fitted.qualities.tolist() == [5]


def test_parts_that_no_judge_connects_are_counted() -> None:
    data = Crossed.of(list("aabbccdd"), list("wxwxyzyz"), [1.0, 2, 4, 3, 5, 9, 5, 7])
    fitted = fit(data)
    assert fitted.parts == 2
    assert np.isfinite(fitted.proposal_se).all()


def test_search_ends_where_the_criterion_falls_on_and_on() -> None:
    """Eight values for three proposals and seven judges: any noise could be none."""
    proposals, judges = list("aaabbbcc"), list("tuvvwxxz")
    fitted = fit(Crossed.of(proposals, judges, [1.0, 3, 2, 8, 9, 7, 2, 1]))
    assert fitted.iterations <= mixed.MOST
    assert np.isfinite(fitted.qualities).all()


def test_search_ends_after_so_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(14, 5, 0.5)
    whole = fit(data)
    monkeypatch.setattr(mixed, "MOST", 1)
    cut = fit(data)
    assert (cut.iterations, whole.iterations > 1) == (1, True)
    assert cut.qualities == pytest.approx(whole.qualities, abs=0.2)


def test_few_steps_are_enough_for_many_values() -> None:
    data = drawn(4000, 200, 0.03, seed=1)
    fitted = fit(data)
    assert fitted.iterations <= 4
    found = (fitted.sd_proposal, fitted.sd_judge, fitted.sd_residual)
    assert found == pytest.approx((1.0, 0.7, 1.0), abs=0.08)


def test_traces_of_severity_are_found_among_many_values() -> None:
    data = drawn(4000, 200, 0.03, sds=(1.0, 0.05, 1.0), seed=3)
    fitted = fit(data)
    assert fitted.iterations <= 12
    assert fitted.sd_judge == pytest.approx(0.05, abs=0.03)


def test_judges_alike_are_found_so_among_many_values() -> None:
    found = [fit(drawn(1000, 80, 0.06, sds=(1.0, 0.0, 1.0), seed=seed)) for seed in range(6)]
    assert {each.sd_judge == 0 for each in found} == {True, False}
    # A trace is kept where without it the criterion were worse.
    faint = fit(drawn(300, 40, 0.1, sds=(1.0, 0.0, 1.0), seed=6))
    assert 0 < faint.sd_judge < 0.04
    assert max(each.sd_judge for each in found) < 0.2


@given(st.permutations(range(6)), st.floats(-50, 50), st.floats(0.1, 20))
def test_judges_marks_and_scale_change_what_they_should(
    order: list[int], shift: float, factor: float
) -> None:
    data = drawn(10, 6, 0.7, seed=4)
    names = np.array(data.judges)[order]
    again = fit(
        Crossed.of(
            [data.proposals[i] for i in data.proposal],
            [str(names[j]) for j in data.judge],
            shift + factor * data.value,
        )
    )
    fitted = fit(data)
    assert again.qualities == pytest.approx(shift + factor * fitted.qualities, rel=1e-3, abs=1e-3)
    assert again.judge_effects[order] == pytest.approx(
        factor * fitted.judge_effects, rel=1e-2, abs=1e-2
    )


def test_adding_to_a_judge_changes_no_order_where_everybody_marks_everything() -> None:
    data = drawn(12, 5, seed=6)
    more = Crossed(
        data.proposals, data.judges, data.proposal, data.judge, data.value + 3 * (data.judge == 2)
    )
    orders = [np.argsort(fit(each).qualities).tolist() for each in (data, more)]
    assert orders[0] == orders[1]


def test_wide_panels_are_fitted_by_a_part_of_the_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(900, 120, 0.05, seed=5)
    exact = fit(data)
    monkeypatch.setattr(mixed, "WIDE", 60)
    found = fit(data)
    assert (found.criterion, found.iterations) == (None, 0)
    sds = [(each.sd_proposal, each.sd_judge, each.sd_residual) for each in (found, exact)]
    assert sds[0] == pytest.approx(sds[1], abs=0.12)
    assert np.corrcoef(found.judge_effects, exact.judge_effects)[0, 1] > 0.99
    assert found.judge_se == pytest.approx(exact.judge_se, rel=0.25)
    assert found.proposal_se == pytest.approx(exact.proposal_se, rel=0.15)


def test_wide_panels_may_be_short_of_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """More judges than proposals: proposals are the columns."""
    data = drawn(60, 300, 0.1, seed=5)
    exact = fit(data)
    monkeypatch.setattr(mixed, "WIDE", 40)
    found = fit(data)
    assert found.qualities == pytest.approx(exact.qualities, abs=0.25)


def test_severity_that_explains_just_what_chance_would_is_none() -> None:
    """Where the mean squares of judges and of noise are equal the best is 0, and barely so."""
    fitted = fit(Crossed.of(list("aabbcc"), list("xyxyxy"), [1e9 + x for x in (1, 1, 3, 3, 6, 7)]))
    assert fitted.boundary == {"judge"}
    assert fitted.judge_effects.tolist() == [0, 0]
