from __future__ import annotations

import pytest

from review.analysis.unusual.kinship import attributes, entries, own
from review.stats.crossed import Crossed
from tests.analysis.unusual_rounds import result_of

CROSSED = Crossed.of(["p1", "p1", "p2"], ["j1", "j2", "j1"], [7.0, 8.0, 6.0])


def test_attributes_are_those_of_the_rules_the_usual_ones_and_common_columns() -> None:
    source = result_of(
        CROSSED,
        {"p1": {"school": "east", "district": "a", "team": "y"}},
        {"j1": {"home": "a", "school": "east", "organisation": "x", "title": "Dr", "gone": ""}},
        conflicts={"same": [["home", "district"], ["gone", "missing"]]},
    ).source
    assert attributes(source) == [
        ("home", "district"),
        ("organisation", "team"),
        ("school", "school"),
    ]


def test_own_is_compared_folded_and_by_each_of_several_values() -> None:
    source = result_of(
        CROSSED,
        {"p1": {"school": "Ｅast  Side；West"}, "p2": {"school": "north"}},
        {"j1": {"school": " east side"}, "j2": {"school": "south;WEST"}},
    ).source
    assert own(source, CROSSED, ("school", "school")).tolist() == [True, True, False]


def test_blank_equals_nothing() -> None:
    source = result_of(CROSSED, {"p1": {"school": ""}}, {"j1": {"school": ""}}).source
    assert not own(source, CROSSED, ("school", "school")).any()


@pytest.mark.parametrize(
    ("team", "members", "judge"),
    [
        ("Kites", "", {"team": "kites"}),
        ("Kites", "", {"organisation": "KITES"}),
        ("Li Na、Wang Wei", "", {"name": "wang wei"}),
        ("Kites", "Li Na, Wang Wei", {"name": "Li Na"}),
        ("", "j1/j9", {"name": "somebody"}),
    ],
)
def test_entries_are_of_whoever_is_the_team_or_in_it(
    team: str, members: str, judge: dict[str, str]
) -> None:
    source = result_of(CROSSED, {"p1": {"team": team, "members": members}}, {"j1": judge}).source
    assert entries(source) == {"j1": frozenset({"p1"})}


def test_nobody_has_an_entry_by_chance() -> None:
    assert (
        entries(result_of(CROSSED, {"p1": {"team": "Kites"}}, {"j1": {"name": "Li"}}).source) == {}
    )
