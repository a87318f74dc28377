from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from review.testing import competition, run


def rows(frame: Any, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()  # type: ignore[no-any-return]


def test_competition_holds_marks_as_integers_of_the_finest() -> None:
    loaded = competition({"p1": {"j2": "7.5", "j1": 8}})
    assert loaded.rubrics["round"].places == 1
    assert rows(loaded.marks, "round", "proposal", "judge", "criterion", "value", "state") == [
        ("round", "p1", "j1", "overall", 80, None),
        ("round", "p1", "j2", "overall", 75, None),
    ]


def test_competition_tells_missing_from_absent() -> None:
    loaded = competition({"p1": {"j1": None, "j2": "absent", "j3": "recused", "j4": "abstain"}})
    assert rows(loaded.marks, "judge", "value", "state") == [
        ("j1", None, "missing"),
        ("j2", None, "absent"),
        ("j3", None, "recused"),
        ("j4", None, "abstain"),
    ]


def test_competition_takes_criteria_from_the_marks() -> None:
    loaded = competition({"p1": {"j1": {"need": 8, "cost": 7}}})
    assert [c.id for c in loaded.rubrics["round"].criteria] == ["cost", "need"]


def test_competition_widens_the_scale_to_the_marks() -> None:
    scale = competition({"p1": {"j1": "85.25", "j2": -3}}).rubrics["round"].scale
    assert (str(scale.min), str(scale.max)) == ("-3", "86")


def test_competition_takes_the_rubric_as_given() -> None:
    rubric = {"scale": {"max": 5, "decimals": 0}, "scorer": "median", "decimals": 1}
    resolved = competition({"p1": {"j1": 5}}, rubric=rubric).rubrics["round"]
    assert resolved.scale.max == Decimal(5)
    assert (resolved.scorer.name, resolved.decimals) == ("median", 1)


def test_competition_refuses_a_mark_finer_than_its_scale() -> None:
    with pytest.raises(ValueError, match="more than 0 decimals"):
        competition({"p1": {"j1": "7.5"}}, rubric={"scale": {"decimals": 0}})


def test_competition_refuses_a_float() -> None:
    with pytest.raises(TypeError, match=r"7\.5 is a float; write it as text to be exact: '7\.5'"):
        competition({"p1": {"j1": 7.5}})  # type: ignore[dict-item]


def test_competition_knows_proposals_from_marks_facts_and_attributes() -> None:
    loaded = competition(
        {"p2": {"j1": 8}},
        facts={"votes": {"p3": "2.5", "p2": 1}},
        proposals={"p1": {"community": "north", "track": "a", "title": "Garden"}},
    )
    assert rows(loaded.proposals, "proposal", "title", "community", "track", "status") == [
        ("p1", "Garden", "north", "a", None),
        ("p2", "p2", None, None, None),
        ("p3", "p3", None, None, None),
    ]
    assert loaded.fact_places == {"votes": 1}
    assert rows(loaded.facts, "round", "proposal", "column", "value") == [
        (None, "p2", "votes", 10),
        (None, "p3", "votes", 25),
    ]


def test_competition_needs_nothing() -> None:
    loaded = competition()
    assert (loaded.proposals.height, loaded.marks.height, loaded.judges.height) == (0, 0, 0)


def test_competition_refuses_rules_that_do_not_fit() -> None:
    with pytest.raises(ValidationError):
        competition({}, award=[])


def test_competition_runs_rounds_together() -> None:
    result = run(
        competition(
            rounds={"a": {"p1": {"j1": 9}}, "b": {"p1": {"j1": 5}, "p2": {"j1": 6}}},
            rubric={"id": "both"},
        )
    )
    scores = {r.id: {s.proposal: s.score for s in r.standings} for r in result.rounds}
    assert scores == {
        "a": {"p1": Decimal("9.00"), "p2": None},
        "b": {"p2": Decimal("6.00"), "p1": Decimal("5.00")},
    }
