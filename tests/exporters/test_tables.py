from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from review.model.rubric import PartUse
from review_plugins.exporters.note_tables import coverage
from review_plugins.exporters.tables import standings, tie_break
from review_plugins.exporters.words import word

if TYPE_CHECKING:
    from review import Result


def test_a_competition_without_teams_has_none_to_show(full: Result) -> None:
    source = replace(full.source, proposals=full.source.proposals.drop("team"))

    rows = list(standings(replace(full, source=source), full.rounds[0]).rows)

    assert [row["team"] for row in rows] == [None] * 5


def test_a_status_without_a_reason_is_told_by_its_word(full: Result) -> None:
    first = full.rounds[0]
    bare = replace(first, standings=replace(first.standings, reasons={}))

    reasons = [row["reason"] for row in standings(full, bare).rows]

    assert reasons == [None, None, None, None, word("withdrawn")]


def test_coverage_is_rounded_down(full: Result) -> None:
    nearly = replace(full.rounds[0], expected=100_000, marked=99_999, missing=1)

    [row] = coverage(replace(full, rounds=(nearly,))).rows

    assert str(row["covered"]) == "99.9"


def test_coverage_tells_the_absent_from_the_missing(full: Result) -> None:
    of = replace(full.rounds[0], expected=212, marked=208, missing=0)

    [row] = coverage(replace(full, rounds=(of,))).rows

    assert (row["marks"], str(row["covered"])) == (
        {
            "en": "208 of 212 marked, 4 absent, abstained or recused, 0 missing",
            "zh-Hans": "应评 212 项，已评 208 项，缺席、弃权或回避 4 项，缺评 0 项",
        },
        "98.1",
    )


def test_figures_of_criteria_are_explained_where_they_may_not_add_up(full: Result) -> None:
    selection, final = full.rounds
    mean = selection.rubric.model_copy(update={"scorer": PartUse(name="weighted_mean")})
    without = replace(selection.standings, frame=selection.standings.frame.drop("^criterion:.*$"))
    told = [
        standings(full, of).note is not None
        for of in (
            selection,
            final,
            replace(selection, rubric=mean),
            replace(selection, standings=without),
        )
    ]

    assert told == [True, False, False, False]


def test_a_tie_break_on_an_unknown_criterion_is_told_by_its_id(full: Result) -> None:
    assert tie_break(full, full.rounds[0], "criterion:gone")["en"] == "higher “gone”"


def test_a_tie_that_people_decided_says_so(full: Result) -> None:
    assert tie_break(full, full.rounds[0], "decision")["zh-Hans"] == "组织方裁定"
