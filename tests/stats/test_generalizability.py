"""Generalizability: what it must equal, and how many judges are enough."""

from __future__ import annotations

import pytest

from review.stats.generalizability import Components, coefficients, components, generalizability
from review.stats.icc import icc
from review.stats.mixed import fit
from tests.stats.agreement_tables import TARGETS, crossed


def test_complete_tables_give_the_intraclass_correlations() -> None:
    table = crossed(TARGETS)
    found, forms = generalizability(table), icc(table)
    assert found is not None
    assert forms is not None
    assert found.panel.judges == 4
    assert found.panel.e_rho2 == pytest.approx(forms.forms["3,k"].value)
    assert found.panel.phi == pytest.approx(forms.forms["2,k"].value)
    assert found.study[0].e_rho2 == pytest.approx(forms.forms["3,1"].value)
    assert found.study[0].phi == pytest.approx(forms.forms["2,1"].value)
    assert [each.judges for each in found.study] == list(range(1, 16))


def test_needed_judges_are_the_fewest_that_reach_it() -> None:
    found = generalizability(crossed(TARGETS))
    assert found is not None
    for target, needed in found.needed.items():
        for judges, name in zip(needed, ("e_rho2", "phi"), strict=True):
            assert judges is not None
            assert getattr(coefficients(found.components, judges), name) >= target
            if judges > 1:
                assert getattr(coefficients(found.components, judges - 1), name) < target


def test_gaps_are_met_by_components_of_variance() -> None:
    table = crossed([(None, *TARGETS[0][1:]), *TARGETS[1:]])
    fitted = fit(table)
    found = components(table, fitted)
    assert found == components(table)
    assert found == Components(
        fitted.sd_proposal**2, fitted.sd_judge**2, fitted.sd_residual**2, "reml"
    )


def test_proposals_without_a_difference_need_no_number_of_judges() -> None:
    found = generalizability(crossed([(1, 3), (3, 1), (2, 2)]))
    assert found is not None
    assert found.components.proposal == 0
    assert set(found.needed.values()) == {(None, None)}
    assert found.panel.e_rho2 == 0


def test_nothing_is_told_of_equal_marks_or_one_judge() -> None:
    found = generalizability(crossed([(5, 5), (5, 5)]))
    assert found is not None
    assert (found.panel.e_rho2, found.panel.phi) == (None, None)
    assert generalizability(crossed([(1,), (2,)])) is None
