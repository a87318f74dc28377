"""Ballots with gaps where the rubric refuses them, each at the cell that lacks its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.load.cells import COLUMN, TABLE
from review.load.headers import ROW
from review.messages import Message

if TYPE_CHECKING:
    from review.load.cells import Cells
    from review.load.marks import Rights
    from review.load.report import Row
    from review.load.sheets import Field
    from review.load.tables import Table
    from review.model.competition import Competition, Round

BALLOT = ["round", "judge", "proposal"]
PLACE = [TABLE, ROW, COLUMN]


def tell_incomplete(cells: Cells, competition: Competition, field: Field, rights: Rights) -> None:
    """Ballots that have a number on some of the criteria that count, but not on all of them.

    Those that never count are left out: of proposals with a status, or in conflict. Whether a
    proposal gets as far as a round is not asked: marks that are there should be whole.
    """
    for round_ in competition.rounds:
        rubric = field.rubrics.get(round_.id)
        if rubric is None or rubric.order != "judge-first" or rubric.incomplete != "refuse":
            continue
        counting = [criterion.id for criterion in rubric.counting]
        frame = counted(cells.frame, round_, rights)
        cells.each(lacking(frame.filter(pl.col("criterion").is_in(counting)), counting), tell)


def counted(frame: pl.DataFrame, round_: Round, rights: Rights) -> pl.DataFrame:
    """The cells of a round but for ballots that never count."""
    frame = frame.filter(pl.col("round") == round_.id)
    if round_.id in rights.entrants:
        frame = frame.filter(pl.col("proposal").is_in(list(rights.entrants[round_.id])))
    return frame.join(rights.statuses, on="proposal", how="anti").join(
        rights.conflicts, on=["judge", "proposal"], how="anti"
    )


def lacking(frame: pl.DataFrame, counting: list[str]) -> pl.DataFrame:
    """The criteria that ballots lack, at their blank cells or, without one, at the first mark."""
    numbers = frame.filter(pl.col("state").is_null())
    first = numbers.sort(TABLE, ROW, maintain_order=True).unique(
        BALLOT, keep="first", maintain_order=True
    )
    wanted = first.select(*BALLOT, TABLE, ROW).join(
        pl.DataFrame({"criterion": counting}), how="cross"
    )
    cell = [*BALLOT, "criterion"]
    gaps = wanted.join(numbers, on=cell, how="anti")
    blank = frame.filter(pl.col("state").is_not_null()).select(*cell, *PLACE, "text")
    gaps = gaps.with_columns(pl.col("criterion").alias(COLUMN))
    return gaps.join(blank, on=cell, how="left", suffix="@").with_columns(
        pl.coalesce(f"{name}@", name).alias(name) for name in PLACE
    )


def tell(table: Table, row: Row) -> None:
    """A ballot that lacks a criterion."""
    told = {name: row[name] for name in (*BALLOT, "criterion")}
    hint = Message("hint_incomplete")
    table.error("ballot_incomplete", row[ROW], row[COLUMN], value=row["text"], hint=hint, **told)
