from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from review.model.rubric import Rubric
from review.rehearsal.sheets import sheet_of, text_of


def rubric(**scale: Any) -> Rubric:
    return Rubric.model_validate({"id": "r", "scale": scale, "criteria": [{"id": "need"}]})


@pytest.mark.parametrize(
    ("scale", "first", "last", "count"),
    [
        ({"min": 0, "max": 10, "step": 0.5}, ["0", "0.5", "1"], "10", 21),
        ({"min": 0, "max": 10}, ["0", "0.5", "1"], "10", 21),
        ({"min": 1, "max": 5, "decimals": 0}, ["1", "2", "3"], "5", 5),
        ({"min": 0, "max": 100, "step": 1}, ["0", "5", "10"], "100", 21),
    ],
)
def test_sheet_offers_marks_on_the_scale(
    scale: dict[str, Any], first: list[str], last: str, count: int
) -> None:
    sheet = sheet_of(rubric(**scale))
    marks = sheet.marks["need"]
    assert (list(marks[:3]), marks[-1], len(marks)) == (first, last, count)
    assert (sheet.criteria, sheet.odd["need"]) == (("need",), [])


def test_sheet_has_odd_marks_where_the_scale_has_room() -> None:
    sheet = sheet_of(rubric(min=0, max=10, decimals=3))
    odd = sheet.odd["need"]
    assert odd[0] == "0.001"
    assert not set(odd) & set(sheet.marks["need"])
    assert {len(mark.partition(".")[2]) for mark in odd} == {3}
    assert all(0 < Decimal(mark) < 10 for mark in odd)


def test_text_has_no_more_digits_than_needed() -> None:
    texts = [text_of(Decimal(number)) for number in ("8", "8.50", "10", "100.0", "-0.10", "1E+1")]
    assert texts == ["8", "8.5", "10", "100", "-0.1", "10"]
