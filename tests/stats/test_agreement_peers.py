"""Agreement as other people's libraries compute it."""

from __future__ import annotations

import numpy as np
import pytest

from review.stats.alpha import LEVELS, alpha
from review.stats.concordance import concordance
from review.stats.icc import FORMS, icc
from tests.stats.agreement_tables import crossed

pytestmark = [
    pytest.mark.peer,
    pytest.mark.filterwarnings("ignore"),  # theirs
]


def marks(n: int, m: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    table = 6 + random.normal(0, 1, (n, 1)) + random.normal(0, 0.7, m) + random.normal(0, 1, (n, m))
    return np.clip(np.round(2 * table) / 2, 0, 10)


@pytest.mark.parametrize("seed", range(3))
def test_intraclass_correlations_are_those_of_pingouin(seed: int) -> None:
    pandas, pingouin = pytest.importorskip("pandas"), pytest.importorskip("pingouin")
    table = marks(12, 4, seed)
    frame = pandas.DataFrame(table).melt(ignore_index=False).reset_index()
    theirs = pingouin.intraclass_corr(frame, targets="index", raters="variable", ratings="value")
    ours = icc(crossed(table.tolist()))
    assert ours is not None
    found = [ours.forms[name] for name in FORMS]
    assert [form.value for form in found] == pytest.approx(theirs["ICC"].tolist(), abs=1e-9)
    bounds = [bound for form in found for bound in (form.low, form.high)]
    assert bounds == pytest.approx(np.concatenate(theirs["CI95"].to_list()).tolist(), abs=0.0051)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("seed", range(3))
def test_alpha_is_that_of_krippendorff(level: str, seed: int) -> None:
    krippendorff = pytest.importorskip("krippendorff")
    table = marks(15, 4, seed)
    table[np.random.default_rng(seed).uniform(size=table.shape) < 0.2] = np.nan
    theirs = krippendorff.alpha(table.T, level_of_measurement=level)
    rows = [[None if np.isnan(v) else v for v in row] for row in table.tolist()]
    assert alpha(crossed(rows), level) == pytest.approx(theirs, abs=1e-9)  # type: ignore[arg-type]


def test_w_of_orders_without_ties_is_that_of_friedmans_test() -> None:
    """chi² = m (n - 1) W is Friedman's statistic."""
    from scipy.stats import friedmanchisquare  # noqa: PLC0415

    table = np.random.default_rng(8).normal(size=(9, 8)) + np.arange(9)[:, None] / 3
    theirs = friedmanchisquare(*table)
    ours = concordance(crossed(table.tolist()))
    assert ours is not None
    assert ours.chi2 == pytest.approx(theirs.statistic)
    assert ours.p == pytest.approx(theirs.pvalue)
