"""Of several marks for one cell the highest revision counts; nothing is chosen in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from review.load.cells import COLUMN, TABLE
from review.load.headers import ROW

if TYPE_CHECKING:
    from review.load.cells import Cells
    from review.load.report import Row
    from review.load.tables import Table

CELL = ["round", "proposal", "judge", "criterion"]
REVISION = "@revision"
SAID = ("value", "state")


def with_revision(cells: Cells) -> Cells:
    """The cells with the number of their revision (blank: 0), null for what is none (reported)."""
    text = pl.col("revision").str.normalize("NFKC")
    number = pl.when(text.str.contains(r"^[0-9]{1,9}$")).then(text).cast(pl.Int64)
    given = pl.col("revision").is_not_null()
    frame = cells.frame.with_columns(pl.when(given).then(number).otherwise(0).alias(REVISION))
    wrong = frame.filter(pl.col(REVISION).is_null()).unique(
        [TABLE, ROW], keep="first", maintain_order=True
    )
    cells.each(
        wrong,
        lambda table, row: table.error(
            "revision_not_a_number", row[ROW], "revision", value=row["revision"]
        ),
    )
    return cells.with_frame(frame)


def latest_revisions(cells: Cells) -> Cells:
    """One row per cell: that of the highest revision.

    A blank says nothing beside a mark of the same revision. Equal marks are noted, different ones
    are errors.
    """
    if not cells.frame.select(CELL).is_duplicated().any():
        return cells
    top = cells.frame.filter(pl.col(REVISION) == pl.col(REVISION).max().over(CELL))
    said = pl.col("state").ne_missing("missing")
    top = top.filter(said | ~said.any().over(CELL)).sort(TABLE, ROW, maintain_order=True)
    firsts = [pl.col(c).first().over(CELL).alias(f"@first{c}") for c in (ROW, TABLE, "text", *SAID)]
    top = top.with_columns(firsts).with_columns(
        (pl.int_range(pl.len()).over(CELL) == 0).alias("@first"),
        pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"@first{c}")) for c in SAID).alias("@same"),
    )

    def tell(table: Table, row: Row) -> None:
        first = cells.tables[row[f"@first{TABLE}"]].place(row[f"@first{ROW}"])
        told: dict[str, Any] = {
            "value": row["text"],
            "first_value": row["@firsttext"],
            "first": first.row,
            "file": " ".join(part for part in (first.file, first.sheet) if part),
            **{name: row[name] for name in CELL},
        }
        tell, code = (table.note, "mark_repeated") if row["@same"] else (table.error, "mark_twice")
        tell(code, row[ROW], row[COLUMN], **told)

    # All of them are kept, in an order that does not depend on that of the rows.
    comments = pl.col("comment").drop_nulls().unique().sort().str.join("\n").replace("", None)
    top = top.with_columns(comments.over(CELL))
    others = top.filter(~pl.col("@first") & said)
    for _, part in others.group_by("@same", maintain_order=True):
        cells.each(part, tell)
    return cells.with_frame(top.filter("@first"))
