"""Fact tables, reduced to one exact value per proposal (and round) and column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from review.load import headers, numbers
from review.load.files import COMPETITION
from review.load.headers import ROW
from review.load.links import link
from review.load.moments import moments
from review.load.people import known_rounds
from review.load.suggest import did_you_mean
from review.load.tables import read_table, tell_flagged
from review.messages import Message
from review.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Collection

    from review.load.files import Files
    from review.load.links import Known
    from review.load.report import Report, Row
    from review.load.tables import Table
    from review.model.competition import Competition, FactTable

SCHEMA = {"round": pl.String, "proposal": pl.String, "column": pl.String, "value": pl.Int64}
KEY = ["round", "proposal"]
MEAN_PLACES = 6
MOST_PLACES = 9
#: A sum of that size still leaves a bit to add two of them.
MOST = 2**62
WAYS = ("count", "sum", "mean", "max", "min", "latest")

Facts = tuple[pl.DataFrame, dict[str, int]]
Column = tuple[pl.DataFrame, int]


def read_facts(
    files: Files,
    competition: Competition,
    proposals: tuple[Table | None, Known | None],
    wanted: Collection[str],
) -> Facts:
    """All facts, and the decimals of each column.

    `wanted` are the facts that rules ask for: those that no table defines are taken from numeric
    attributes of the proposals.
    """
    table, known = proposals
    columns: dict[str, Column] = {}
    homes = tell_twice(competition, files.report)
    for name, facts in competition.facts.items():
        columns |= fact_columns(files, competition, name, facts, known)
    for column in sorted(set(wanted) - set(homes)):
        if table is not None and column in table.frame.columns:
            columns[column] = attribute(table, column)
    frames = [frame for frame, _ in columns.values()]
    rows = pl.concat([pl.DataFrame(schema=SCHEMA), *frames])
    return rows.sort("column", *KEY), {name: places for name, (_, places) in columns.items()}


def tell_twice(competition: Competition, report: Report) -> dict[str, str]:
    """column → the fact table that defines it; a second one is an error."""
    homes: dict[str, str] = {}
    for name, table in competition.facts.items():
        for column in table.columns:
            if column in homes:
                place = Place(COMPETITION, column=f"facts.{name}.columns.{column}")
                report.error("fact_twice", place, value=column, other=f"facts.{homes[column]}")
            homes.setdefault(column, name)
    return homes


def fact_columns(
    files: Files, competition: Competition, name: str, facts: FactTable, known: Known | None
) -> dict[str, Column]:
    """The columns of one fact table; without rows where it cannot be read (reported)."""
    table = fact_table(files, name, facts)
    if table is None:
        return {column: (pl.DataFrame(schema=SCHEMA), 0) for column in facts.columns}
    tell_flagged(table, ("proposal", "round", "date"))
    table = prepared(table, competition, known)
    return {
        column: reduced(
            table, column, way, Place(COMPETITION, column=f"facts.{name}.columns.{column}")
        )
        for column, way in facts.columns.items()
    }


def fact_table(files: Files, name: str, facts: FactTable) -> Table | None:
    """The table that facts are taken from; None where it cannot be read (reported)."""
    sources = {way.partition(":")[2].strip() for way in facts.columns.values()} - {""}
    layout = replace(headers.FACTS, columns={**dict.fromkeys(sources, ()), **headers.FACTS.columns})
    return read_table(files, facts.path, layout, f"facts.{name}.path")


def prepared(table: Table, competition: Competition, proposals: Known | None) -> Table:
    """A fact table with known proposals and rounds (null where it has none)."""
    table = link(table, "proposal", proposals)
    if "round" not in table.frame.columns:
        return table.with_frame(table.frame.with_columns(pl.lit(None, pl.String).alias("round")))
    blank = table.with_frame(table.frame.filter(pl.col("round").is_null()))
    named = table.with_frame(table.frame.filter(pl.col("round").is_not_null()))
    named = link(named, "round", known_rounds(competition))
    return table.with_frame(pl.concat([blank.frame, named.frame]).sort(ROW))


def reduced(table: Table, column: str, way: str, place: Place) -> Column:
    """One column of facts; without rows where the rule or a cell is wrong (reported)."""
    report = table.report
    kind, _, source = (part.strip() for part in way.partition(":"))
    source, _, moment = (part.strip() for part in source.partition(" by "))
    if kind not in WAYS or (kind == "count") == bool(source):
        known = ["count", *(f"{name}:x" for name in WAYS[1:-1]), "latest:x by date"]
        hint = did_you_mean(way, known)
        report.error("fact_rule_unknown", place, value=way, hint=hint)
    elif kind == "count":
        counts = table.frame.group_by(KEY).agg(value=pl.len().cast(pl.Int64))
        return as_facts(counts, column), 0
    elif source not in table.columns:
        hint = did_you_mean(source, table.columns)
        report.error("fact_column_missing", place, value=source, file=table.file, hint=hint)
    else:
        tell_flagged(table, (source,))
        cells, places = exact_cells(table, source)
        if kind in {"sum", "mean"} and not sums_fit(cells, places):
            report.error("fact_too_large", place, value=way)
        else:
            values = reduce(kind, table, cells, (source, moment or "date"), places)
            return as_facts(values, column), MEAN_PLACES if kind == "mean" else places
    return pl.DataFrame(schema=SCHEMA), 0


def reduce(
    kind: str, table: Table, cells: pl.DataFrame, columns: tuple[str, str], places: int
) -> pl.DataFrame:
    """`round`, `proposal`, `value`: one row for each proposal that has any.

    `columns`: what is reduced, and what says which is the latest.
    """
    value = pl.col("value")
    match kind:
        case "mean":
            return means(cells, places)
        case "latest":
            return latest(table, cells, *columns)
        case "sum":
            return cells.group_by(KEY).agg(value.sum())
        case "max":
            return cells.group_by(KEY).agg(value.max())
        case _:
            return cells.group_by(KEY).agg(value.min())


def exact_cells(table: Table, source: str) -> Column:
    """`round`, `proposal`, `@row`, `value` (Int64 × 10^places) of cells not blank; and places."""
    texts = table.frame[source].unique().drop_nulls()
    comma = pl.lit(value=table.sheet.decimal_comma)
    plain = numbers.with_decimal_point(numbers.plain_text(pl.col("text")), comma)
    written = pl.DataFrame({"text": texts}, schema={"text": pl.String}).lazy()
    digits = written.with_columns(plain=plain)
    parsed = digits.with_columns(decimals=numbers.decimals(pl.col("plain"))).collect()
    places = min(int(parsed["decimals"].max() or 0), MOST_PLACES)  # type: ignore[arg-type]
    parsed = parsed.with_columns(
        value=numbers.scaled(pl.col("plain"), pl.lit(places)),
        blank=pl.col("plain").is_in(["", "-", "/", "—"]),
    )
    cells = table.frame.select(*KEY, ROW, text=pl.col(source)).join(
        parsed, on="text", how="inner", maintain_order="left"
    ).filter(~pl.col("blank"))  # fmt: skip
    tell_wrong_cells(table, source, cells.filter(pl.col("value").is_null()))
    return cells.drop_nulls("value"), places


def tell_wrong_cells(table: Table, source: str, cells: pl.DataFrame) -> None:
    """Cells that are no number, have too many decimals or too many digits."""
    if cells.is_empty():
        return
    no_number = pl.col("decimals").is_null()
    too_fine = pl.col("decimals") > MOST_PLACES
    for code, chosen in (
        ("fact_not_a_number", no_number),
        ("fact_too_fine", ~no_number & too_fine),
        ("fact_cell_too_large", ~no_number & ~too_fine),
    ):

        def tell(row: Row, code: str = code) -> None:
            hint = Message("hint_decimal_point") if "," in row["plain"] else None
            table.error(code, row[ROW], source, value=row["text"],
                        decimals=MOST_PLACES, hint=hint)  # fmt: skip

        table.report.each(cells.filter(chosen), tell)


def sums_fit(cells: pl.DataFrame, places: int) -> bool:
    """Whether sums of the values, and their means at six decimals, fit 64 bits."""
    most = int(cells["value"].abs().max() or 0)  # type: ignore[arg-type]
    finer: int = 10 ** (max(places, MEAN_PLACES) - places)
    return most * cells.height * finer < MOST


def means(cells: pl.DataFrame, places: int) -> pl.DataFrame:
    """Means at six decimals, halves away from zero, in integers throughout."""
    up, down = 10 ** max(0, MEAN_PLACES - places), 10 ** max(0, places - MEAN_PLACES)
    total = cells.group_by(KEY).agg(
        total=pl.col("value").sum() * up, over=pl.len().cast(pl.Int64) * down
    )
    size = (2 * pl.col("total").abs() + pl.col("over")) // (2 * pl.col("over"))
    return total.select(*KEY, value=size * pl.col("total").sign())


def latest(table: Table, cells: pl.DataFrame, source: str, by: str) -> pl.DataFrame:
    """The value with the latest date in column `by`; several values on that date are an error."""
    nothing = pl.DataFrame(schema=SCHEMA).select(*KEY, "value")
    if by not in table.columns:
        hint = Message("hint_headers", {"names": [c.header for c in table.columns.values()]})
        table.report.error("column_missing", table.place(), value=by, hint=hint)
        return nothing
    dates = table.frame.select(ROW, date=pl.col(by), moment=moments(pl.col(by)))
    cells = cells.join(dates, on=ROW, maintain_order="left")
    table.report.each(
        cells.filter(pl.col("moment").is_null()),
        lambda row: table.error("date_unreadable", row[ROW], by,
                                value=row["date"] or ""),
    )  # fmt: skip
    last = cells.drop_nulls("moment").filter(pl.col("moment") == pl.col("moment").max().over(KEY))
    several = last.filter(pl.col("value") != pl.col("value").first().over(KEY))
    table.report.each(
        several,
        lambda row: table.error("latest_ambiguous", row[ROW], source,
                                value=row["text"], date=row["date"], proposal=row["proposal"]),
    )  # fmt: skip
    return last.unique(KEY, keep="first", maintain_order=True).select(*KEY, "value")


def attribute(proposals: Table, column: str) -> Column:
    """A numeric attribute of the proposals as a fact."""
    frame = proposals.frame.sort(ROW).with_columns(pl.lit(None, pl.String).alias("round"))
    cells, places = exact_cells(proposals.with_frame(frame), column)
    return as_facts(cells, column), places


def as_facts(values: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows of one fact column."""
    return values.select(*KEY, pl.lit(column).alias("column"), pl.col("value"))
