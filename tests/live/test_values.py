"""What one ballot amounts to is what the rubric reports."""

from __future__ import annotations

from decimal import Decimal

import pytest

from review.live.values import Weighing
from review.model.rubric import Rubric
from review.store.marks import Cell

RUBRIC = {
    "id": "r",
    "title": {"en": "R"},
    "scorer": "weighted_mean",
    "ties": ["share"],
    "scale": {"min": Decimal(1), "max": Decimal(5), "step": Decimal("0.5")},
    "criteria": [
        {"id": "need", "weight": Decimal(3)},
        {"id": "team", "weight": Decimal(1)},
        {"id": "remark", "counts": False},
    ],
}


@pytest.mark.parametrize(("report", "value"), [
    ("own", "3.75"),  # (3 × 4 + 1 × 3) / 4
    ("sum", "15.00"),  # 3 × 4 + 1 × 3
    ("percent", "68.75"),  # (3 × 75 + 1 × 50) / 4
])  # fmt: skip
def test_value_of_a_ballot_is_as_the_rubric_reports(report: str, value: str) -> None:
    weighing = Weighing.of(Rubric.model_validate({**RUBRIC, "report": report}))
    found = weighing.numerator({"need": Cell("4"), "team": Cell("3.0")})
    assert found is not None
    assert weighing.shown(found) == Decimal(value)
    assert str(weighing.shown(found)) == value


def test_value_lacks_where_a_mark_does() -> None:
    weighing = Weighing.of(Rubric.model_validate(RUBRIC))
    assert weighing.numerator({"need": Cell("4")}) is None
    assert weighing.numerator({"need": Cell("4"), "team": Cell(None, "abstain")}) is None
