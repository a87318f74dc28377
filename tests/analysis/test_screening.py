"""Marks that are ruled out beforehand change nothing when they are tried all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import given, settings

from review.analysis.comparing.beside import Beside
from review.analysis.comparing.changes import MARK, Change
from review.analysis.comparing.effects import Effects
from review.analysis.comparing.influence import medians
from review.analysis.comparing.screening import screened
from review.pipeline import derive
from review.testing import competition
from tests.analysis.test_beside import official
from tests.analysis.variants import PLUGINS, contests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.model.loaded import LoadedCompetition
    from review.model.result import Result

ALONE = ("weighted_mean", "trimmed_mean", "median", "majority_judgment")


def mistakes(result: Result) -> Iterator[tuple[object, ...]]:
    """Marks that were ruled out and decide something, moved to the median, the highest, the lowest.

    Each with what it does.
    """
    beside, effects = Beside(result, PLUGINS), Effects(result)
    every = medians(beside)
    cell = pl.col("value").over("round", "criterion")
    for aim in (pl.col("median"), cell.max(), cell.min()):
        moving = every.with_columns(median=aim).filter(pl.col("value") != pl.col("median"))
        out = moving.join(screened(beside, moving), on=MARK, how="anti")
        rows = list(out.select(*MARK, "median").iter_rows())
        changes = [Change(marks={row[:4]: row[4]}) for row in rows]
        for row, variant in zip(rows, beside.run(changes), strict=True):
            picture = effects.picture(variant)
            for round_ in result.rounds:
                effect = effects.effect(picture, round_.id)
                if effect.decides or effect.leads or effect.refusal:
                    yield (*row, effect)


@settings(max_examples=25)
@given(contests(ALONE))
def test_marks_that_are_ruled_out_decide_nothing(loaded: LoadedCompetition) -> None:
    assert list(mistakes(official(loaded))) == []


def ruled_out(moves: dict[str, int], *scores: int, **more: Any) -> list[bool]:
    """Whether each move, of the one mark of a proposal, is ruled out; p0, p1, … have `scores`."""
    marks = {f"p{i}": {"j": {"a": str(score)}} for i, score in enumerate(scores)}
    result = derive(competition(marks, **more), PLUGINS, {})
    beside = Beside(result, PLUGINS)
    aim = pl.col("proposal").replace_strict(moves, default=None, return_dtype=pl.Int64)
    moving = medians(beside).with_columns(median=aim).drop_nulls("median")
    kept = set(screened(beside, moving)["proposal"])
    assert list(mistakes(result)) == []
    return [proposal not in kept for proposal in moves]


def test_marks_of_those_who_share_the_lead_are_tried() -> None:
    assert ruled_out({"p0": 8, "p1": 10, "p2": 8, "p3": 6}, 9, 9, 9, 7, 5) == [False] * 3 + [True]
    assert ruled_out({"p0": 8, "p1": 6}, 9, 7, 5) == [True, True]
    # All three alike in everything but the mark that is moved, and one of them falls behind.
    assert ruled_out({"p2": 8}, 9, 9, 9) == [False]


def test_marks_of_those_on_the_line_are_tried() -> None:
    line = {"rule": "top", "size": 2, "line": "report"}
    found = ruled_out({"p0": 8, "p1": 8, "p2": 6, "p3": 4}, 9, 7, 7, 5, shortlist=line)
    assert found == [True, False, False, True]


def test_marks_that_meet_a_tie_which_extends_the_shortlist_are_tried() -> None:
    line = {"rule": "top", "size": 2, "line": "extend"}
    moves = {"p0": 6, "p1": 8, "p2": 6, "p3": 4}
    assert ruled_out(moves, 9, 7, 7, 5, shortlist=line) == [False, False, False, True]
    line = {"rule": "top", "size": 3, "line": "chain"}
    assert ruled_out({"p1": 8, "p2": 6}, 9, 7, 7, 5, shortlist=line) == [True, True]


def test_marks_that_make_a_tie_which_is_refused_are_tried() -> None:
    # No two are tied where both are moved at once.
    moves = {"p1": 5, "p2": 4}
    assert ruled_out(moves, 9, 7, 5, rubric={"ties": ["refuse"]}) == [False, True]
    assert ruled_out(moves, 9, 7, 5) == [True, True]
