"""Of several marks for one cell the highest revision counts; nothing is chosen in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.load.cells import COLUMN, TABLE
from review.load.tables import ROW
from review.load.values import each_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.load.report import Report
    from review.load.tables import Table

CELL = ["round", "proposal", "judge", "criterion"]
REVISION = "@revision"


def with_revision(cells: pl.DataFrame, tables: list[Table], report: Report) -> pl.DataFrame:
    """The number of each row's revision (blank: 0); what is no whole number is reported and left out."""
    text = pl.col("revision").str.normalize("NFKC")
    number = pl.when(text.str.contains(r"^[0-9]{1,9}$")).then(text).cast(pl.Int64)
    if cells["revision"].is_null().all():
        return cells.with_columns(pl.lit(0, pl.Int64).alias(REVISION))
    cells = cells.with_columns(
        pl.when(pl.col("revision").is_null()).then(0).otherwise(number).alias(REVISION)
    )
    wrong = cells.filter(pl.col(REVISION).is_null()).unique(
        [TABLE, ROW], keep="first", maintain_order=True
    )

    def tell(row: Mapping[str, object]) -> None:
        tables[int(str(row[TABLE]))].error(
            report, "revision_not_a_number", int(str(row[ROW])), "revision", value=row["revision"]
        )

    each_place(wrong, report, tell)
    return cells.filter(pl.col(REVISION).is_not_null())


def latest_revisions(cells: pl.DataFrame, tables: list[Table], report: Report) -> pl.DataFrame:
    """One row per cell: that of the highest revision.

    A blank says nothing beside a mark of the same revision. Equal marks are noted, different ones are errors.
    """
    if not cells.select(CELL).is_duplicated().any():
        return cells
    top = cells.filter(pl.col(REVISION) == pl.col(REVISION).max().over(CELL))
    said = (pl.col("state") != "missing").fill_null(value=True)
    top = top.filter(said | ~said.any().over(CELL))
    top = top.sort(TABLE, ROW, maintain_order=True)
    first = pl.int_range(pl.len()).over(CELL) == 0
    same = pl.col("value").eq_missing(pl.col("value").first().over(CELL)) & pl.col(
        "state"
    ).eq_missing(pl.col("state").first().over(CELL))
    top = top.with_columns(
        first.alias("@first"),
        same.alias("@same"),
        *(pl.col(name).first().over(CELL).alias(f"@first_{name}") for name in (ROW, TABLE, "text")),
    )
    others = top.filter(~pl.col("@first") & (~pl.col("@same") | (pl.col("state") != "missing").fill_null(value=True)))

    def tell(row: Mapping[str, object]) -> None:
        table, first_table = (tables[int(str(row[name]))] for name in (TABLE, f"@first_{TABLE}"))
        first = first_table.place(int(str(row[f"@first_{ROW}"])))
        told = {
            "value": row["text"] or "",
            "first_value": row["@first_text"] or "",
            "first": first.row,
            "file": " ".join(part for part in (first.file, first.sheet) if part),
            **{name: row[name] for name in CELL},
        }
        where = int(str(row[ROW])), str(row[COLUMN])
        if row["@same"]:
            table.note(report, "mark_repeated", *where, **told)
        else:
            table.error(report, "mark_twice", *where, **told)

    for _, part in others.group_by("@same", maintain_order=True):
        each_place(part, report, tell)
    return top.filter("@first")
