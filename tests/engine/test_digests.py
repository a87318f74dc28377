from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from review.engine.digests import content_digest, rules_digest
from review.testing import competition
from tests.engine.strategies import ASSIGNMENT, CONFLICT, DECISION, table

FRAMES = ("proposals", "judges", "marks", "conflicts", "decisions", "facts", "assignments")
LOADED = replace(
    competition(
        {"p1": {"j1": {"a": 5, "b": None}}, "p2": {"j1": {"a": "absent", "b": "7.5"}}},
        proposals={"p1": {"team": "t"}},
        facts={"votes": {"p1": 3, "p2": 4}},
        awards=[{"id": "best", "award": "top_score", "round": "round"}],
        seed=1,
    ),
    conflicts=table(CONFLICT, [("j1", "p9", "same team")]),
    decisions=table(DECISION, [("round", "p1", "in", "a", "b", "c")]),
    assignments=table(ASSIGNMENT, [("round", "j1", "p1")]),
)


def frame(name: str) -> pl.DataFrame:
    found = getattr(LOADED, name)
    assert isinstance(found, pl.DataFrame)
    return found


@pytest.mark.parametrize("name", FRAMES)
def test_order_of_rows_and_columns_does_not_matter(name: str) -> None:
    found = frame(name)
    changed: dict[str, Any] = {name: found.reverse().select(reversed(found.columns))}
    assert content_digest(replace(LOADED, **changed)) == content_digest(LOADED)


@pytest.mark.parametrize("name", FRAMES)
def test_every_cell_matters(name: str) -> None:
    found = frame(name)
    seen = {content_digest(LOADED)}
    for row in range(found.height):
        for column, kind in found.schema.items():
            other = found[row, column]
            other = 99 if kind == pl.Int64 else f"{other}x"
            cell = pl.when(pl.int_range(pl.len()) == row).then(pl.lit(other, kind))
            changed: dict[str, Any] = {
                name: found.with_columns(cell.otherwise(column).alias(column))
            }
            seen.add(content_digest(replace(LOADED, **changed)))
    assert len(seen) == found.height * found.width + 1


@pytest.mark.parametrize("name", FRAMES)
def test_a_row_that_is_gone_matters(name: str) -> None:
    changed: dict[str, Any] = {name: frame(name)[1:]}
    assert content_digest(replace(LOADED, **changed)) != content_digest(LOADED)


def test_a_blank_is_not_an_empty_text() -> None:
    blank = LOADED.proposals.with_columns(team=pl.lit(None, pl.String))
    empty = LOADED.proposals.with_columns(team=pl.lit(""))
    found = {content_digest(replace(LOADED, proposals=each)) for each in (blank, empty)}
    assert len(found) == 2


def test_a_line_break_in_a_cell_is_not_another_row() -> None:
    one = LOADED.proposals.with_columns(team=pl.lit("a\nb"))
    two = LOADED.proposals.with_columns(team=pl.lit("a,b"))
    found = {content_digest(replace(LOADED, proposals=each)) for each in (one, two)}
    assert len(found) == 2


def test_decimals_of_a_fact_matter() -> None:
    assert content_digest(replace(LOADED, fact_places={"votes": 1})) != content_digest(LOADED)


def test_no_assignments_are_not_empty_assignments() -> None:
    none, empty = (
        replace(LOADED, assignments=None),
        replace(LOADED, assignments=frame("assignments")[:0]),
    )
    assert content_digest(none) != content_digest(empty)


def with_rules(**changes: Any) -> str:
    return rules_digest(replace(LOADED, competition=LOADED.competition.model_copy(update=changes)))


def test_names_of_files_and_titles_are_no_rules() -> None:
    source = LOADED.competition.proposals.model_copy(update={"path": "other.csv"})
    same = with_rules(
        title={"en": "x"}, proposals=source, judges=source, signatures=("a",), state="final"
    )
    assert same == rules_digest(LOADED)
    rounds = tuple(
        r.model_copy(update={"marks": (source,), "title": {"en": "x"}})
        for r in LOADED.competition.rounds
    )
    assert with_rules(rounds=rounds) == rules_digest(LOADED)


def test_a_seed_and_an_award_are_rules() -> None:
    assert len({rules_digest(LOADED), with_rules(seed=2), with_rules(awards=())}) == 3


def test_a_rubric_is_a_rule_but_not_its_title() -> None:
    (rubric,) = LOADED.rubrics.values()

    def digest(**changes: Any) -> str:
        return rules_digest(replace(LOADED, rubrics={"round": rubric.model_copy(update=changes)}))

    assert digest(title={"en": "x"}) == rules_digest(LOADED)
    assert digest(decimals=3) != rules_digest(LOADED)


def test_equal_numbers_are_equal_rules_and_defaults_are_filled_in() -> None:
    marks = {"p1": {"j1": 5}}
    plain = competition(marks, parts=[{"from": "own", "times": "0.6"}])
    other = competition(marks, parts=[{"from": "own", "times": "0.60"}], state="provisional")
    assert rules_digest(plain) == rules_digest(other)
