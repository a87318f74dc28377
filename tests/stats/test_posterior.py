"""Draws of quality: published, against integrals, and how often intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln

from benchmarks.coverage import DESIGNS, Design, coverage, ranks
from review.stats import posterior
from review.stats.crossed import Crossed
from review.stats.mixed import fit
from review.stats.posterior import FREEDOM, SCALE, Checked, KnownJudges, quality
from tests.stats.two_way import Full, drawn, mock_panel


def test_published_ranks_come_out() -> None:
    """Heyard et al.: ERforResearch's mock panel, as its authors' sampler gives it."""
    found = quality(mock_panel(), draws=20_000, prior=KnownJudges(0.5, 2.0))
    assert found.checked.holds
    expected = ranks(found.draws).mean(axis=0)
    sucra = (15 - expected) / 14
    published = [0.90, 0.78, 0.78, 0.78, 0.71, 0.63, 0.55, 0.55, 0.47, 0.40, 0.33, 0.25]
    published += [0.15, 0.14, 0.09]
    assert sucra == pytest.approx(published, abs=0.02)
    assert expected[:6] == pytest.approx([2.44, 4.06, 4.09, 4.12, 5.08, 6.19], abs=0.2)
    assert expected[-1] == pytest.approx(13.7, abs=0.2)


def reference(data: Crossed) -> np.ndarray:
    """Means of quality by a plain sum over a wide and fine grid of the full model."""
    n, _ = data.shape
    freedom = len(data) - 1
    total, means = 0.0, np.zeros(n)
    for log_t in np.ndindex(40, 40):
        t = np.exp(-5 + 0.25 * np.array(log_t))
        full = Full(data, *t**2)
        weight = -(full.log_determinant + freedom * np.log(full.rss)) / 2
        weight += gammaln(freedom / 2)
        prior = t * (1 + (t / SCALE) ** 2 / FREEDOM) ** (-(FREEDOM + 1) / 2)
        mass = np.exp(weight) * prior.prod()
        total += mass
        means += mass * (full.mean + full.effects[:n])
    return means / total


@pytest.mark.parametrize(("n", "m"), [(6, 3), (3, 6)])
def test_means_are_integrals_over_the_ratios(n: int, m: int) -> None:
    data = drawn(n, m, 0.8, seed=2)
    found = quality(data)
    assert found.means == pytest.approx(reference(data), abs=2e-3)
    assert found.checked.holds
    error = found.sds / np.sqrt(len(found.draws))
    assert np.abs((found.draws.mean(axis=0) - found.means) / error).max() < 4


def test_much_data_leave_what_the_fit_says() -> None:
    data = drawn(400, 60, 0.3, seed=1)
    found, fitted = quality(data, draws=2000), fit(data)
    assert found.means == pytest.approx(fitted.qualities, abs=5e-3)
    # Beyond the standard error of a proposal's effect there is that of the mean.
    own = found.draws - found.draws.mean(axis=1, keepdims=True)
    assert own.std(axis=0).mean() == pytest.approx(fitted.proposal_se.mean(), rel=0.05)
    assert found.sds.mean() > fitted.proposal_se.mean()


@pytest.mark.parametrize(("n", "m"), [(30, 6), (6, 30)])
def test_draws_have_the_spread_of_the_model(n: int, m: int) -> None:
    """With the sds as good as known: V⁻¹'s own conditional variance, from the full model."""
    data = drawn(n, m, seed=3)
    found = quality(data, draws=8000)
    fitted = fit(data)
    a, c = (np.array([fitted.sd_proposal, fitted.sd_judge]) / fitted.sd_residual) ** 2
    full = Full(data, a, c)
    # Var(μ + q | y) = Var(q) + Var(μ) + 2 Cov, with μ flat: C of Henderson's equations.
    ones = np.ones((len(data), 1))
    design = np.hstack([full.z[:, : data.shape[0]], full.z[:, data.shape[0] :], ones])
    ridge = np.diag([1.0] * sum(data.shape) + [0.0])
    spread = np.linalg.inv(design.T @ design + ridge)
    rows = np.hstack([np.sqrt(a) * np.eye(n), np.zeros((n, m)), np.ones((n, 1))])
    sds = fitted.sd_residual * np.sqrt(np.diag(rows @ spread @ rows.T))
    assert found.sds == pytest.approx(sds, rel=0.25)


def test_same_seed_gives_the_same_draws() -> None:
    data = drawn(8, 4)
    first, again, other = (quality(data, draws=50, seed=seed).draws for seed in (1, 1, 2))
    assert (first == again).all()
    assert not (first == other).any()


def test_too_few_draws_do_not_hold() -> None:
    assert not quality(drawn(30, 5), draws=40).checked.holds


@pytest.mark.parametrize(
    ("halves", "grid", "edge"), [(1.02, 0.0, 0.0), (1.0, 0.1, 0.0), (1.0, 0.0, 0.1)]
)
def test_each_check_can_fail(halves: float, grid: float, edge: float) -> None:
    assert not Checked(halves, grid, edge, 9).holds
    assert Checked(1.0, 0.0, 0.0, 9).holds


def test_values_all_the_same_are_certain() -> None:
    found = quality(Crossed.of(list("aabb"), list("xyxy"), [3.0] * 4), draws=10)
    assert found.draws.tolist() == [[3, 3]] * 10
    assert (found.means.tolist(), found.sds.tolist()) == ([3, 3], [0, 0])
    assert found.checked.holds


LIMITS = {
    "one judge": (list("abcd"), list("xxxx"), [3.0, 5, 4, 8]),
    "one ballot each": (list("abcdef"), list("xxyyzz"), [3.0, 5, 4, 8, 1, 2]),
    "a judge for each": (list("abcd"), list("wxyz"), [3.0, 5, 4, 8]),
    "two values": (list("ab"), list("xx"), [3.0, 5]),
    "one proposal": (list("aaaa"), list("wxyz"), [3.0, 5, 4, 8]),
    "no noise": (list("aabbcc"), list("xyxyxy"), [1.0, 2, 3, 4, 5, 6]),
    "two parts": (list("aabbccdd"), list("wxwxyzyz"), [1.0, 2, 4, 3, 5, 9, 5, 7]),
}


@pytest.mark.parametrize("prior", [None, KnownJudges(0.5, 5.0)])
@pytest.mark.parametrize("name", LIMITS)
def test_little_data_give_finite_draws_in_the_order_of_marks(
    name: str, prior: KnownJudges | None
) -> None:
    data = Crossed.of(*LIMITS[name])
    found = quality(data, prior=prior)
    assert np.isfinite(found.draws).all()
    assert found.checked.edge < 0.005
    if name in {"one judge", "a judge for each", "two values"}:
        assert np.argsort(found.means).tolist() == np.argsort(data.value).tolist()


def test_many_draws_are_kept_in_single_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    data = drawn(12, 5)
    double = quality(data, draws=300)
    monkeypatch.setattr(posterior, "SINGLE", 100)
    monkeypatch.setattr(posterior, "BATCH", 100)  # no more than a draw or two at a time
    single = quality(data, draws=300)
    assert [each.draws.dtype.itemsize for each in (double, single)] == [8, 4]
    assert single.means.tolist() == double.means.tolist()
    assert single.sds == pytest.approx(double.sds, rel=0.3)


def test_wide_panels_need_few_nodes() -> None:
    found = quality(drawn(300, 60, 0.08, seed=1), draws=500)
    assert found.checked.nodes <= 400
    assert found.checked.grid < 0.02


@pytest.mark.parametrize("wide", [10**6, 30])
def test_many_proposals_and_judges_are_drawn_at_the_best_ratios(
    wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawn(300, 60, 0.08, seed=1)
    exact = quality(data, draws=2000)
    monkeypatch.setattr(posterior, "MANY", 20)
    monkeypatch.setattr(posterior, "WIDE", wide)
    found = quality(data, draws=2000)
    assert found.checked.nodes == 1
    assert found.means == pytest.approx(exact.means, abs=0.05)
    assert found.sds == pytest.approx(exact.sds, rel=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("design", DESIGNS[:3], ids=lambda design: design.name)
def test_intervals_hold_what_they_should(design: Design) -> None:
    """A quarter of what `python -m benchmarks.coverage` simulates; see docs for its figures.

    Qualities of one competition share the panel's own severity, hence the wide error.
    """
    found = coverage(design, 100, seed=1)
    print(f"{design.name}: {found.row()}")  # noqa: T201 -- the widths are what is asked for
    error = found.quality.std(ddof=1) / np.sqrt(len(found.quality))
    assert abs(found.quality.mean() - 0.9) < 0.03 + 2 * error
    assert found.rank.mean() > 0.87
    assert found.checked == 1
