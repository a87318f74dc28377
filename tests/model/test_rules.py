"""What competition.toml and rubrics may say, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from review.model.competition import Round
from review.model.rubric import Rubric
from review.model.types import decimals_of, scaled

CRITERIA = [{"id": "a"}]


def parts_of(**keys: object) -> list[tuple[str, str]]:
    round_ = Round.model_validate({"id": "r", "rubric": "x", **keys})
    return [(part.from_, str(part.times)) for part in round_.made_of]


def test_score_is_the_round_s_own_where_no_parts_are_named() -> None:
    assert parts_of() == [("own", "1")]


def test_own_marks_count_once_where_they_are_there_and_not_named() -> None:
    penalty = {"from": "fact:overtime", "times": "-0.5"}
    assert parts_of(marks="m.csv", parts=[penalty]) == [("own", "1"), ("fact:overtime", "-0.5")]
    assert parts_of(parts=[penalty]) == [("fact:overtime", "-0.5")]
    own = {"from": "own", "times": "0.6"}
    assert parts_of(marks="m.csv", parts=[penalty, own]) == [
        ("fact:overtime", "-0.5"),
        ("own", "0.6"),
    ]


@pytest.mark.parametrize(
    ("model", "keys", "place"),
    [
        (Round, {"shortlist": 3}, "shortlist"),
        (Rubric, {"scorer": 3}, "scorer"),
        (Rubric, {"title": {"en": 3}}, "title"),
        (Rubric, {"title": {}}, "title"),
    ],
)
def test_value_of_the_wrong_kind_is_refused_at_its_key(
    model: type[Round | Rubric], keys: dict[str, object], place: str
) -> None:
    rest = {"id": "x", "rubric": "y"} if model is Round else {"id": "x", "criteria": CRITERIA}
    with pytest.raises(ValidationError) as refused:
        model.model_validate({**rest, **keys})
    assert [error["loc"][0] for error in refused.value.errors()] == [place]


def test_decimals_are_counted_without_trailing_zeros_however_long_the_number() -> None:
    assert [decimals_of(Decimal(text)) for text in ("0", "10", "1.50", "0.250", "1e3")] == [
        0, 0, 1, 2, 0,
    ]  # fmt: skip
    assert decimals_of(Decimal("1." + "0" * 30 + "1")) == 31
    assert scaled(Decimal("-1.5"), 2) == -150
    with pytest.raises(ValueError, match=r"1\.25 has more than 1 decimals"):
        scaled(Decimal("1.25"), 1)
