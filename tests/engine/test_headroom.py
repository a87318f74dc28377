"""What does not fit 64 bits is refused, never wrapped; what fits is exact."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from review.errors import HeadroomError
from review.testing import competition, run
from tests.engine.strategies import LARGE, competitions
from tests.engine.test_against_reference import RANDOM, assert_as_the_reference

if TYPE_CHECKING:
    from review.model.loaded import LoadedCompetition

AWKWARD = {"a": "17.35", "b": "22.15", "c": "30.25", "d": "30.25"}


def with_gaps(missing: int, **rubric: Any) -> LoadedCompetition:
    """One ballot for each way to leave out up to so many of four criteria of awkward weights."""
    marks: dict[str, dict[str, dict[str, int]]] = {"p": {}, "q": {}}
    for count in range(missing + 1):
        for gone in combinations(AWKWARD, count):
            ballot = {c: n for n, c in enumerate(AWKWARD) if c not in gone}
            marks["p"]["j" + "".join(gone)] = ballot
            marks["q"]["j" + "".join(gone)] = {c: mark + 1 for c, mark in ballot.items()}
    criteria = [{"id": c, "weight": weight} for c, weight in AWKWARD.items()]
    return competition(marks, rubric={"criteria": criteria, **rubric})


@settings(RANDOM, max_examples=50)
@given(competitions(sizes=LARGE, rounds=2))
def test_large_and_fine_numbers_are_refused_or_exact(loaded: LoadedCompetition) -> None:
    assert_as_the_reference(loaded)


@pytest.mark.slow
@settings(RANDOM, max_examples=500)
@given(competitions(sizes=LARGE, rounds=2))
def test_large_and_fine_numbers_are_refused_or_exact_on_many(loaded: LoadedCompetition) -> None:
    assert_as_the_reference(loaded)


def test_few_gap_patterns_of_awkward_weights_fit() -> None:
    assert_as_the_reference(with_gaps(1))


def test_many_gap_patterns_of_awkward_weights_are_refused() -> None:
    with pytest.raises(HeadroomError, match=r"round “round”: each ballot does not fit 64-bit"):
        run(with_gaps(3))


@pytest.mark.parametrize(
    "remedy", [{"rounding": {"ballot": 4}}, {"rounding": {"ballot": 0}}, {"incomplete": "drop"}]
)
def test_what_the_hint_says_makes_them_fit(remedy: dict[str, Any]) -> None:
    assert_as_the_reference(with_gaps(3, **remedy))


def test_ballots_that_decide_nothing_need_not_fit() -> None:
    assert_as_the_reference(with_gaps(3, order="criterion-first"))


@pytest.mark.parametrize("token", ["median", "head_to_head"])
def test_ballots_that_ties_compare_must_fit(token: str) -> None:
    with pytest.raises(HeadroomError, match="each ballot"):
        run(with_gaps(3, order="criterion-first", ties=[token]))


def test_ballots_are_explained_even_where_they_leave_no_room() -> None:
    result = run(with_gaps(1, ties=["median"]))
    (fates,) = [result.trace("round").ballots["fate"].value_counts(sort=True).rows()]
    assert fates == [("renormalised", 8), ("counted", 2)]


FINE = {"criteria": [{"id": "overall", "weight": "1e-19"}], "report": "sum"}
COARSE = {"criteria": [{"id": "overall", "weight": "1e19"}], "report": "sum"}
TOTAL = {"rounding": {"parts": 0, "total": 9}, "decimals": 9}


def fact(name: str, times: str) -> dict[str, str]:
    return {"from": f"fact:{name}", "times": times}


@pytest.mark.parametrize(
    ("rules", "stage"),
    [
        ({"parts": [{"from": "own", "times": "0.1234567890123456789"}]}, "each part"),
        ({"parts": [fact("votes", "1e18")]}, "each part"),
        ({"parts": [fact("votes", "4e12"), fact("visits", "4e12")]}, "each part"),
        ({"parts": [{"from": "own", "times": "1e17"}]}, "the total"),
        ({"parts": [fact("votes", "9999")], "rubric": TOTAL}, "the total"),
        ({"rubric": COARSE}, "each ballot"),
        ({"rubric": FINE}, "each ballot"),
    ],
)
def test_each_stage_is_guarded(rules: dict[str, Any], stage: str) -> None:
    facts = {"votes": {"p": 10**6}, "visits": {"p": 10**6}}
    with pytest.raises(HeadroomError, match=f"{stage} "):
        run(competition({"p": {"j": 7}, "q": {"j": 8}}, facts=facts, **rules))
