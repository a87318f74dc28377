"""Intraclass correlations: published, by components of variance, at their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.stats.icc import FORMS, harmonic, icc
from review.stats.mixed import fit
from tests.stats.agreement_tables import TARGETS, crossed

if TYPE_CHECKING:
    from review.stats.icc import Icc


def of(found: Icc | None) -> Icc:
    assert found is not None
    return found


def test_published_values_come_out() -> None:
    forms = of(icc(crossed(TARGETS))).forms
    assert list(forms) == list(FORMS)
    published = dict(zip(FORMS, (0.1657, 0.2898, 0.7148, 0.4428, 0.6201, 0.9093), strict=True))
    values = {name: form.value for name, form in forms.items()}
    assert values == pytest.approx(published, abs=5e-4)
    assert {form.method for form in forms.values()} == {"anova"}


def test_intervals_are_those_of_mcgraw_and_wong() -> None:
    """As R's psych::ICC prints them for the same table."""
    forms = of(icc(crossed(TARGETS))).forms
    bounds = {name: (form.low, form.high) for name, form in forms.items()}
    expected = {
        "1,1": (-0.133, 0.723),
        "2,1": (0.019, 0.761),
        "3,1": (0.342, 0.946),
        "1,k": (-0.884, 0.912),
        "2,k": (0.071, 0.927),
        "3,k": (0.676, 0.986),
    }
    assert {name: pytest.approx(each, abs=5e-4) for name, each in expected.items()} == bounds


def test_wider_confidence_gives_wider_intervals() -> None:
    usual, sure = (of(icc(crossed(TARGETS), level=level)).forms for level in (0.9, 0.99))
    for name in FORMS:
        one, other = usual[name], sure[name]
        assert other.low < one.low < one.value < one.high < other.high  # type: ignore[operator]


def test_components_of_variance_give_the_same_where_there_are_no_gaps() -> None:
    table = crossed(TARGETS)
    fitted = fit(table)
    q, b, e = fitted.sd_proposal**2, fitted.sd_judge**2, fitted.sd_residual**2
    forms = of(icc(table)).forms
    assert q / (q + b + e) == pytest.approx(forms["2,1"].value, abs=1e-4)
    assert q / (q + (b + e) / 4) == pytest.approx(forms["2,k"].value, abs=1e-4)
    assert q / (q + e / 4) == pytest.approx(forms["3,k"].value, abs=1e-4)


def test_gaps_are_met_by_components_of_variance() -> None:
    table = crossed([(None, *TARGETS[0][1:]), *TARGETS[1:]])
    fitted = fit(table)
    found = of(icc(table, fitted))
    assert found == icc(table)
    q, b, e = fitted.sd_proposal**2, fitted.sd_judge**2, fitted.sd_residual**2
    assert found.k == pytest.approx(6 / (5 / 4 + 1 / 3))
    assert found.forms["2,1"].value == pytest.approx(q / (q + b + e))
    assert found.forms["3,k"].value == pytest.approx(q / (q + e / found.k))
    methods = {name: form.method for name, form in found.forms.items()}
    assert methods == {name: "anova" if name.startswith("1") else "reml" for name in FORMS}
    assert {form.low for form in found.forms.values()} == {None}


def test_one_way_forms_do_not_ask_who_judged() -> None:
    """With as many marks each the one-way forms are those of the table, intervals and all."""
    whole = of(icc(crossed(TARGETS))).forms
    others = np.full((6, 8), None, dtype=object)
    for i, row in enumerate(TARGETS):
        start = i % 5
        others[i, start : start + 4] = row
    apart = of(icc(crossed(others.tolist()))).forms
    for name in ("1,1", "1,k"):
        assert apart[name].value == pytest.approx(whole[name].value)
        assert (apart[name].low, apart[name].high) == pytest.approx(
            (whole[name].low, whole[name].high)
        )


def test_equal_judges_agree_for_certain() -> None:
    forms = of(icc(crossed([(i, i, i) for i in range(5)]))).forms
    assert {(form.value, form.low, form.high) for form in forms.values()} == {(1.0, 1.0, 1.0)}


def test_judges_that_differ_by_a_constant_agree_on_the_order() -> None:
    forms = of(icc(crossed([(i, i + 2, i + 5) for i in range(5)]))).forms
    assert forms["3,1"].value == 1.0
    assert forms["2,1"].value == pytest.approx(2.5 / (2.5 + 19 / 3))
    assert (forms["2,1"].low, forms["2,1"].high) == (None, None)


def test_proposals_of_equal_means_have_no_lower_bound() -> None:
    forms = of(icc(crossed([(1, 3), (3, 1), (2, 2)]))).forms
    assert forms["3,k"].value is None
    assert (forms["3,k"].low, forms["3,k"].high) == (None, None)
    assert forms["3,1"].value == pytest.approx(-1)


@pytest.mark.parametrize(
    "table",
    [[(1, 2, 3)], [(1,), (2,)], [(1, None), (None, 2)]],
    ids=["one proposal", "one judge", "nothing shared"],
)
def test_nothing_is_told_without_two_of_each(table: list[tuple[int | None, ...]]) -> None:
    assert icc(crossed(table)) is None


def test_equal_marks_have_no_correlation() -> None:
    for table in ([(5, 5), (5, 5)], [(5, 5, None), (5, 5, 5)]):
        forms = of(icc(crossed(table))).forms
        assert {form.value for form in forms.values()} == {None}
        assert {form.low for form in forms.values()} == {None}


TABLES = st.lists(
    st.lists(st.integers(0, 10), min_size=3, max_size=3), min_size=3, max_size=7
).filter(lambda rows: len({tuple(row) for row in rows}) > 1)


@given(TABLES, st.permutations(range(3)), st.integers(1, 5))
def test_who_is_who_and_where_the_scale_starts_do_not_matter(
    rows: list[list[int]], order: list[int], more: int
) -> None:
    usual = of(icc(crossed(rows))).forms
    moved = [[more * row[j] + more for j in order] for row in reversed(rows)]
    other = of(icc(crossed(moved))).forms
    for name in FORMS:
        one, two = usual[name], other[name]
        assert (one.value is None) == (two.value is None)
        if one.value is not None:
            assert two.value == pytest.approx(one.value, abs=1e-6)


@given(TABLES, st.integers(1, 5))
def test_a_stricter_judge_changes_no_agreement_on_the_order(
    rows: list[list[int]], less: int
) -> None:
    usual = of(icc(crossed(rows))).forms
    stricter = of(icc(crossed([[row[0] - less, *row[1:]] for row in rows]))).forms
    for name in ("3,1", "3,k"):
        assert (usual[name].value is None) == (stricter[name].value is None)
        if usual[name].value is not None:
            assert stricter[name].value == pytest.approx(usual[name].value, abs=1e-6)


def test_harmonic_mean_weighs_the_proposals_with_few_marks() -> None:
    assert harmonic(np.array([1, 1, 4])) == pytest.approx(3 / 2.25)
