"""Marks that are ruled out beforehand change nothing when they are tried all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from review.analysis.comparing.beside import Beside
from review.analysis.comparing.changes import MARK, Change
from review.analysis.comparing.effects import Effects
from review.analysis.comparing.influence import medians
from review.analysis.comparing.screening import screened
from tests.analysis.test_beside import official
from tests.analysis.variants import PLUGINS, contests

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from review.model.loaded import LoadedCompetition

ALONE = ("weighted_mean", "trimmed_mean", "median", "majority_judgment")


def mistakes(loaded: LoadedCompetition) -> Iterator[tuple[object, ...]]:
    """Marks that were ruled out, and decide something."""
    result = official(loaded)
    beside, effects = Beside(result, PLUGINS), Effects(result)
    every = medians(beside)
    moving = every.filter(every["value"] != every["median"])
    out = moving.join(screened(beside, moving), on=MARK, how="anti")
    rows = list(out.select(*MARK, "median").iter_rows())
    for row, variant in zip(rows, beside.run(_changes(out)), strict=True):
        picture = effects.picture(variant)
        for round_ in result.rounds:
            effect = effects.effect(picture, round_.id)
            if effect.decides or effect.leads or effect.refusal:
                yield (*row, effect)


def _changes(out: pl.DataFrame) -> list[Change]:
    return [Change(marks={row[:4]: row[4]}) for row in out.select(*MARK, "median").iter_rows()]


@settings(max_examples=25)
@given(contests(ALONE))
def test_marks_that_are_ruled_out_decide_nothing(loaded: LoadedCompetition) -> None:
    assert list(mistakes(loaded)) == []
