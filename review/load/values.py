"""Marks as written → exact integers and states, checked against the scale of their criterion."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import polars as pl

from review.load import numbers
from review.load.cells import COLUMN, TABLE
from review.load.headers import ROW
from review.load.links import Known
from review.load.suggest import did_you_mean
from review.load.words import is_chinese
from review.messages import Message
from review.model.types import decimals_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.load.cells import Cells
    from review.load.report import Row
    from review.load.tables import Table
    from review.model.rubric import Criterion, Rubric

STATES = {
    **dict.fromkeys(("", "-", "/", "--", "—", "——", "–"), "missing"),
    **dict.fromkeys(("absent", "缺席", "未到场", "缺考"), "absent"),
    **dict.fromkeys(("abstain", "abstained", "弃权"), "abstain"),
    **dict.fromkeys(("recused", "recuse", "回避"), "recused"),
}
RULES = {
    "round": pl.String,
    "criterion": pl.String,
    "rule": pl.UInt32,
    "fine": pl.Int64,
    "places": pl.Int64,
    "low": pl.Int64,
    "high": pl.Int64,
    "step": pl.Int64,
    "start": pl.Int64,
    "factor": pl.Int64,
}
WRITTEN = ("rule", "text", "comma")
LIMIT = 2**62


def with_criteria(cells: Cells, rubrics: Mapping[str, Rubric]) -> Cells:
    """The cells with ids of criteria; those that their round lacks are reported and left out.

    A blank in the column of another round's criterion says nothing.
    """
    known = {name: known_criteria(rubric) for name, rubric in rubrics.items()}
    pairs = sorted(cells.frame.select("round", "criterion").unique().iter_rows())
    found = [(round_id, word, known[round_id].find(word)) for round_id, word in pairs]
    sure = [(r, w, next(iter(ids))) for r, w, ids in found if len(ids) == 1]
    schema = {"round": pl.String, "criterion": pl.String, "@id": pl.String}
    ids = pl.DataFrame(sure, schema=schema, orient="row")
    linked = cells.frame.join(ids, on=["round", "criterion"], how="left", maintain_order="left")

    def tell(table: Table, row: Row) -> None:
        column = "criterion" if row[COLUMN] == "mark" else row[COLUMN]
        there = known[row["round"]]
        listed = as_called(row["criterion"], rubrics[row["round"]])
        hint = did_you_mean(row["criterion"], there.names, listed)
        table.error("criterion_unknown", row[ROW], column, value=row["criterion"], hint=hint)

    no_id = pl.col("@id").is_null()
    cells.each(linked.filter(no_id & pl.col("text").is_not_null()), tell)
    tell_by_name(cells, linked)
    return cells.with_frame(linked.filter(~no_id).drop("criterion").rename({"@id": "criterion"}))


def as_called(word: str, rubric: Rubric) -> list[str]:
    """The criteria by their Chinese titles where a word is Chinese, else by their ids."""
    language = "zh-Hans" if is_chinese(word) else ""
    return [criterion.title.get(language, criterion.id) for criterion in rubric.criteria]


def known_criteria(rubric: Rubric) -> Known:
    """The criteria of a rubric by id and title."""
    named = [(c.id, tuple(c.title.values())) for c in rubric.criteria]
    return Known("criterion", (identity for identity, _ in named), lambda: named)


def tell_by_name(cells: Cells, linked: pl.DataFrame) -> None:
    """Criteria of long tables that go under their title, once for each table."""
    renamed = (pl.col("@id") != pl.col("criterion")) & (pl.col(COLUMN) == "mark")
    named = linked.filter(renamed).unique([TABLE, "criterion"], keep="first", maintain_order=True)

    def tell(table: Table, row: Row) -> None:
        told = {"value": row["criterion"], "id": row["@id"]}
        table.note("criterion_by_name", row[ROW], "criterion", **told)

    cells.each(named, tell)


def rules(rubrics: Mapping[str, Rubric]) -> pl.DataFrame:
    """What a mark of a round and criterion must keep to, in integers (columns `RULES`).

    `low` and `high` are integers × 10^`places` (the rubric's), `start` + n · `step` are so many
    × `factor` (`step` null: any value). Equal rules have the same number `rule`.
    """
    rows, seen = [], dict[tuple[int | None, ...], int]()
    for round_id, rubric in rubrics.items():
        for criterion in rubric.criteria:
            rule = rule_of(rubric, criterion)
            rows.append((round_id, criterion.id, seen.setdefault(rule, len(seen)), *rule))
    return pl.DataFrame(rows, schema=RULES, orient="row")


def rule_of(rubric: Rubric, criterion: Criterion) -> tuple[int | None, ...]:
    """(fine, places, low, high, step, start, factor) of a criterion; bounds are cut to 62 bits.

    A scale that large is refused before anything is computed, when head-room is proven.
    """
    scale, places = rubric.scale_of(criterion), rubric.places
    low = ceil(Fraction(scale.min) * 10**places)
    high = floor(Fraction(scale.max) * 10**places)
    step, start, factor = None, 0, 1
    if scale.step is not None:
        finest = max(places, decimals_of(scale.step), decimals_of(scale.min))
        step = int(Fraction(scale.step) * 10**finest)
        start = int(Fraction(scale.min) * 10**finest)
        factor = 10 ** (finest - places)
        if max(abs(low), abs(high)) * factor + abs(start) + step >= LIMIT:
            step, start, factor = None, 0, 1
    return scale.places, places, max(low, -LIMIT), min(high, LIMIT), step, start, factor


def with_values(cells: Cells, rubrics: Mapping[str, Rubric]) -> Cells:
    """The cells with `value` (Int64 × 10^places of the round) and `state`.

    Those that hold neither are reported and left out.
    """
    comma = [number for number, table in enumerate(cells.tables) if table.sheet.decimal_comma]
    known = rules(rubrics).lazy()
    by_cell = known.select("round", "criterion", "rule")
    by_rule = known.unique("rule", keep="any").drop("round", "criterion")
    marked = cells.frame.lazy().join(by_cell, on=["round", "criterion"], maintain_order="left")
    frame = marked.with_columns(pl.col(TABLE).is_in(comma).alias("comma")).collect()
    read = read_marks(frame.lazy().select(WRITTEN).unique().join(by_rule, on="rule")).collect()
    frame = frame.join(read, on=WRITTEN, nulls_equal=True, maintain_order="left")

    def tell(table: Table, row: Row) -> None:
        scale = scale_params(rubrics[row["round"]], row["criterion"])
        told = {"value": row["text"], "criterion": row["criterion"], "hint": hint_for(row)}
        table.error(row["trouble"], row[ROW], row[COLUMN], **told, **scale)

    wrong = frame.filter(pl.col("trouble").is_not_null())
    if wrong.is_empty():
        return cells.with_frame(frame)
    for _, part in wrong.group_by("trouble", maintain_order=True):
        cells.each(part, tell)
    return cells.with_frame(frame.filter(pl.col("trouble").is_null()))


def read_marks(marks: pl.LazyFrame) -> pl.LazyFrame:
    """`WRITTEN` and the rule → `WRITTEN`, `value`, `state`, `trouble` (a code, or null)."""
    plain = numbers.plain_text(pl.col("text").fill_null(""))
    # 缺 席 is how a word is spread over a cell.
    word = plain.str.to_lowercase().str.replace_all(r"\s", "")
    marks = marks.with_columns(plain=numbers.with_decimal_point(plain, pl.col("comma")))
    marks = marks.with_columns(
        state=word.replace_strict(STATES, default=None),
        decimals=numbers.decimals(pl.col("plain")),
        value=numbers.scaled(pl.col("plain"), pl.col("places")),
    )
    value = pl.col("value")
    off_step = (value * pl.col("factor") - pl.col("start")) % pl.col("step") != 0
    trouble = (
        pl.when(pl.col("state").is_not_null()).then(None)
        .when(pl.col("decimals").is_null()).then(pl.lit("mark_not_a_number"))
        .when(pl.col("decimals") > pl.col("fine")).then(pl.lit("mark_too_fine"))
        .when(value.is_null() | ~value.is_between("low", "high")).then(pl.lit("mark_out_of_range"))
        .when(off_step.fill_null(value=False)).then(pl.lit("mark_off_step"))
    )  # fmt: skip
    return marks.select(*WRITTEN, "value", "state", trouble=trouble)


def scale_params(rubric: Rubric, criterion_id: str) -> dict[str, object]:
    """The scale of a criterion, as messages tell it."""
    criterion = next(c for c in rubric.criteria if c.id == criterion_id)
    scale = rubric.scale_of(criterion)
    return {
        "min": plain(scale.min),
        "max": plain(scale.max),
        "step": plain(scale.step or Decimal(0)),
        "decimals": scale.places,
    }


def plain(number: Decimal) -> str:
    """A number as it was declared, without exponent."""
    return f"{number:f}"


def hint_for(row: Row) -> Message | None:
    """What to write instead of what is no mark."""
    if row["trouble"] != "mark_not_a_number":
        return None
    comma = "," in row["text"] or "，" in row["text"]
    return Message("hint_decimal_point" if comma else "hint_mark")
