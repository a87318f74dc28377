"""Marks as long tables, the text of each number exact."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from review.store.portable.grids import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from review.model.loaded import LoadedCompetition

HEADER = ("proposal", "judge", "criterion", "mark", "comment", "at", "revision")
#: How a cell is written that says nothing.
MISSING = "-"


class Row(NamedTuple):
    """A row of an exported table of marks."""

    proposal: str
    judge: str
    criterion: str
    mark: str
    comment: str | None
    at: str | None
    revision: str


class Ballot(NamedTuple):
    """What a judge has given a proposal in a round: (mark, state) by criterion, and a comment."""

    round: str
    judge: str
    proposal: str
    cells: Mapping[str, tuple[str | None, str | None]]
    comment: str | None


def marks_csv(rows: Iterable[Row]) -> bytes:
    """A table of marks."""
    return Grid(HEADER, list(rows)).written()


def written(mark: str | None, state: str | None) -> str:
    """A cell: the text of a number, or the word for a state."""
    if mark is not None:
        return mark
    return MISSING if state in {None, "missing"} else str(state)


def marks_files(loaded: LoadedCompetition, paths: Mapping[str, str]) -> dict[str, bytes]:
    """The tables of marks of a loaded competition, cell by cell as they were read."""
    files: dict[str, bytes] = {}
    for round_id, path in paths.items():
        places = loaded.rubrics[round_id].places
        frame = loaded.marks.filter(pl.col("round") == round_id)
        columns = ("proposal", "judge", "criterion", "value", "state", "comment")
        files[path] = marks_csv(
            Row(
                proposal,
                judge,
                criterion,
                written(number(value, places), state),
                comment,
                None,
                "1",
            )
            for proposal, judge, criterion, value, state, comment in frame.select(
                columns
            ).iter_rows()
        )
    return files


def ballots(loaded: LoadedCompetition) -> Iterator[Ballot]:
    """The ballots of a loaded competition, their cells in the order of the rubric.

    Cells that say nothing are left out. The comments on a ballot become one.
    """
    found: dict[tuple[str, str, str], dict[str, tuple[str | None, str | None]]] = {}
    comments: dict[tuple[str, str, str], dict[str, None]] = {}
    places = {round_id: rubric.places for round_id, rubric in loaded.rubrics.items()}
    for row in loaded.marks.iter_rows():
        round_id, proposal, judge, criterion, value, state, comment = row
        key = (round_id, judge, proposal)
        cells = found.setdefault(key, {})
        if state != "missing":
            cells[criterion] = (number(value, places[round_id]), state)
        if comment is not None:
            comments.setdefault(key, {})[comment] = None
    order = {r: {c.id: n for n, c in enumerate(b.criteria)} for r, b in loaded.rubrics.items()}
    for key, cells in found.items():
        comment = "\n".join(comments.get(key, ())) or None
        if cells or comment:
            ranks = order[key[0]]
            yield Ballot(*key, dict(sorted(cells.items(), key=lambda c: ranks[c[0]])), comment)


@lru_cache(maxsize=1 << 14)
def number(value: int | None, places: int) -> str | None:
    """The shortest text of `value` ÷ 10^`places`: `8.5`."""
    if value is None:
        return None
    digits = str(abs(value)).rjust(places + 1, "0")
    whole, fraction = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    return ("-" if value < 0 else "") + (f"{whole}.{fraction}" if fraction else whole)
