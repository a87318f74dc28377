"""The ballots and marks of a round as arrays, from a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.engine.shortlist import crossed
from review.stats.crossed import Crossed

if TYPE_CHECKING:
    from review.model.result import Result


def ballots(result: Result, round_id: str) -> Crossed | None:
    """What each judge gave each ranked proposal in all, in the unit of the score.

    Those that a scorer trims away are in; ballots that do not count are not. None where there are
    no ballots.
    """
    return crossed(result.trace(round_id), ranked(result, round_id))


def criterion_marks(result: Result, round_id: str, criterion: str) -> Crossed | None:
    """The marks on one criterion of proposals that are ranked; None where there are none."""
    marks = counted_marks(result, round_id).filter(pl.col("criterion") == criterion)
    return _crossed(marks, result.trace(round_id).mark_places, ranked(result, round_id))


def counted_marks(result: Result, round_id: str) -> pl.DataFrame:
    """The marks of ballots that count, as the trace of the round has them; numbers alone."""
    trace = result.trace(round_id)
    return trace.marks.filter(pl.col("value").is_not_null()).join(
        _out(trace.ballots), on=["proposal", "judge"], how="anti"
    )


def whole_rankings(result: Result, round_id: str) -> Crossed | None:
    """The place that each judge gave each ranked proposal, of judges with one ranking.

    None where nobody ranked anything, or where marks or comparisons were asked for instead.
    """
    rankings = result.trace(round_id).rankings
    if rankings is None:
        return None
    once = pl.struct("group", "ranking").n_unique().over("judge") == 1
    found = rankings.filter(once & pl.col("proposal").is_in(ranked(result, round_id)))
    return _crossed(found.with_columns(value="place"), 0, found["proposal"].unique().to_list())


def ranked(result: Result, round_id: str) -> list[str]:
    """The proposals with a rank, best first."""
    frame = result.round(round_id).standings.frame
    return frame.filter(pl.col("rank").is_not_null())["proposal"].to_list()


def _out(ballots_: pl.DataFrame) -> pl.DataFrame:
    return ballots_.filter(pl.col("fate").is_in(["incomplete", "conflict"]))


def _crossed(frame: pl.DataFrame, places: int, proposals: list[str]) -> Crossed | None:
    mine = frame.filter(pl.col("proposal").is_in(proposals))
    if not mine.height:
        return None
    values = mine["value"].to_numpy() / 10**places
    return Crossed.of(mine["proposal"].to_list(), mine["judge"].to_list(), values)
