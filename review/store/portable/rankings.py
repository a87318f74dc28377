"""Comparisons and rankings as tables that read back as they were."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from review.store.portable.grids import Grid
from review.store.portable.names import file_stems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.app import Opened

COMPARISONS = ("judge", "winner", "loser", "tie", "order")
RANKINGS = ("judge", "proposal", "place")
TWO = 2


def rankings_files(opened: Opened) -> tuple[dict[str, dict[str, str]], dict[str, bytes]]:
    """The keys of each round that is judged by comparisons or rankings, and the tables they name.

    Rankings of two are written as comparisons, which they are.
    """
    stems = file_stems(round_.id for round_ in opened.competition.rounds)
    keys: dict[str, dict[str, str]] = {}
    files: dict[str, bytes] = {}
    rankings = opened.loaded.rankings
    for round_ in opened.competition.rounds:
        if not round_.compared or rankings is None:
            continue
        mine = rankings.filter(pl.col("round") == round_.id)
        short = pl.len().over("judge", "ranking") == TWO
        path = f"comparisons/{stems[round_.id]}.csv"
        keys[round_.id] = {"comparisons": path}
        files[path] = Grid(COMPARISONS, list(_comparisons(mine.filter(short)))).written()
        long = mine.filter(~short).select(*RANKINGS[:2], pl.col("place").cast(pl.String))
        if long.height:
            path = f"rankings/{stems[round_.id]}.csv"
            keys[round_.id]["rankings"] = path
            files[path] = Grid(RANKINGS, long.rows()).written()
    return keys, files


def _comparisons(short: pl.DataFrame) -> Iterator[tuple[str | None, ...]]:
    """A row for each comparison; their number tells those of one judge and pair apart."""
    rows = short.sort("judge", "ranking", "place", "proposal").select(
        "judge", "ranking", "proposal", "place"
    )
    for (judge, ranking), two in groupby(rows.iter_rows(), key=lambda row: row[:2]):
        (first, one), (second, other) = (row[2:] for row in two)
        yield judge, first, second, "yes" if one == other else None, str(ranking)
