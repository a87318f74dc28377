"""Who must not judge what: stated in a table, or derived from equal attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.load import headers
from review.load.links import link_both
from review.load.tables import read_table, tell_flagged
from review.model.problem import Place
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.load.attributes import Attributes
    from review.load.files import Files
    from review.load.links import Known
    from review.load.report import Report
    from review.model.competition import Competition

PAIR = ("judge", "proposal")
SCHEMA = dict.fromkeys((*PAIR, "reason"), pl.String)


def read_conflicts(
    files: Files,
    competition: Competition,
    proposals: tuple[Attributes, Known | None],
    judges: tuple[Attributes, Known | None],
) -> pl.DataFrame:
    """`judge`, `proposal`, `reason`: one row per pair, sorted; the reasons of a pair are joined."""
    frames = [
        stated(files, competition, proposals[1], judges[1]),
        *derived(competition, proposals, judges, files.report),
    ]
    reasons = pl.col("reason").drop_nulls().unique().sort().str.join("; ").replace("", None)
    return pl.concat(frames).group_by(PAIR).agg(reasons).sort(PAIR)


def stated(
    files: Files, competition: Competition, proposals: Known | None, judges: Known | None
) -> pl.DataFrame:
    """The pairs of the conflicts table."""
    source = competition.conflicts.path
    if source is None:
        return pl.DataFrame(schema=SCHEMA)
    table = read_table(files, source, headers.CONFLICTS, "conflicts.path")
    if table is None:
        return pl.DataFrame(schema=SCHEMA)
    tell_flagged(table, list(SCHEMA))
    table = link_both(table, judges, proposals)
    frame = table.frame
    if "reason" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("reason"))
    return frame.select(list(SCHEMA))


def derived(
    competition: Competition,
    proposals: tuple[Attributes, Known | None],
    judges: tuple[Attributes, Known | None],
    report: Report,
) -> Iterator[pl.DataFrame]:
    """The pairs whose attributes are equal; a blank equals nothing."""
    for number, (judge_column, proposal_column) in enumerate(competition.conflicts.same, start=1):
        place = Place("competition.toml", column=f"conflicts.same.{number}")
        sides = ((judges, judge_column), (proposals, proposal_column))
        frames = []
        for (side, known), column in sides:
            if side.there(column) is not None:
                frames.append(folded(side.frame, side.noun, column))
            elif known is not None:
                # a usual column may be lacking; a name that is none of them is a slip
                tell = report.warning if side.find(column) is not None else report.error
                code = f"{side.noun}_attribute_unknown"
                tell(code, place, value=column, hint=side.hint(column))
        if len(frames) == len(sides):
            told = pl.lit(f"{judge_column} = {proposal_column}: ") + pl.col("@text")
            yield (
                frames[0]
                .join(frames[1].drop("@text"), on="@fold")
                .select(*PAIR, told.alias("reason"))
            )


def folded(frame: pl.DataFrame, noun: str, column: str) -> pl.DataFrame:
    """`noun`, `@fold` (each value of an attribute as it is compared), `@text` (as written)."""
    parts = pl.col(column).str.replace_all("；", ";", literal=True).str.split(";")
    text = pl.col("@text").str.strip_chars().replace("", None)
    split = frame.lazy().select(noun, parts.alias("@text")).explode("@text").with_columns(text)
    values = split.drop_nulls("@text").collect()
    folds = {word: fold(word) for word in values["@text"].unique()}
    return values.with_columns(pl.col("@text").replace(folds).alias("@fold"))
