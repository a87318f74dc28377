"""Who was asked to mark what, and what people decided."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import polars as pl

from review.load import headers
from review.load.headers import ROW
from review.load.links import filled, link, link_both
from review.load.people import known_rounds
from review.load.suggest import did_you_mean
from review.load.tables import read_table, tell_flagged
from review.messages import Message
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.load.files import Files
    from review.load.links import Known
    from review.load.report import Row
    from review.load.tables import Table
    from review.model.competition import Competition

ASSIGNMENTS = ("round", "judge", "proposal")
DECISIONS = ("round", "proposal", "what", "by", "second", "why")
WORDS = {"in": "in", "入选": "in", "晋级": "in", "out": "out", "不入选": "out", "淘汰": "out"}


def read_assignments(
    files: Files, competition: Competition, proposals: Known | None, judges: Known | None
) -> pl.DataFrame | None:
    """`round`, `judge`, `proposal`, distinct and sorted; None where there is no usable table."""
    if competition.assignments is None:
        return None
    table = read_table(files, competition.assignments, headers.ASSIGNMENTS, "assignments")
    if table is None:
        return None
    tell_flagged(table, ASSIGNMENTS)
    if "round" not in table.frame.columns and len(competition.rounds) > 1:
        files.report.error("column_missing", table.place(), value="round")
        return None
    table = link_both(in_rounds(table, competition), judges, proposals)
    return table.frame.select(ASSIGNMENTS).unique().sort(ASSIGNMENTS)


def in_rounds(table: Table, competition: Competition) -> Table:
    """The rounds of a table; where there is only one, a blank means that."""
    only = competition.rounds[0].id if len(competition.rounds) == 1 else None
    given = "round" if "round" in table.frame.columns else pl.lit(None, pl.String)
    rounds = pl.coalesce(given, pl.lit(only, pl.String)).alias("round")
    filled_in = table.with_frame(table.frame.with_columns(rounds))
    return link(filled_in, "round", known_rounds(competition))


def read_decisions(
    files: Files,
    competition: Competition,
    proposals: Known | None,
    statuses: pl.DataFrame,
    groups: pl.DataFrame,
) -> pl.DataFrame:
    """`round`, `proposal`, `what`, `by`, `second`, `why`, sorted; empty where there is no table.

    `statuses`: `proposal`, `status` of those that are withdrawn, disqualified or absent. `groups`:
    `what`, `proposal`, `group` of awards that are given in each group.
    """
    empty = pl.DataFrame(schema=dict.fromkeys(DECISIONS, pl.String))
    if competition.decisions is None:
        return empty
    table = read_table(files, competition.decisions, headers.DECISIONS, "decisions")
    if table is None:
        return empty
    tell_flagged(table, DECISIONS)
    lacking = [name for name in ("second", "why", "round") if name not in table.frame.columns]
    table = table.with_frame(
        table.frame.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
    )
    table = filled(filled(table, "what"), "by")
    table = for_award_round(table, competition)
    table = link(in_rounds(table, competition), "proposal", proposals)
    table = of_own_round(with_what(table, competition), competition)
    tell_with_status(table, statuses)
    tell_too_many(table, competition, groups)
    doubted = [] if proposals is None else list(proposals.twice)
    tell_contradictions(table.with_frame(table.frame.filter(~pl.col("proposal").is_in(doubted))))
    return table.frame.select(DECISIONS).unique().sort(DECISIONS)


def for_award_round(table: Table, competition: Competition) -> Table:
    """A decision on an award belongs to the award's round where it names none."""
    rounds = {f"award:{award.id}": award.round for award in competition.awards}
    own = pl.col("what").replace_strict(rounds, default=None, return_dtype=pl.String)
    return table.with_frame(table.frame.with_columns(pl.coalesce("round", own).alias("round")))


def with_what(table: Table, competition: Competition) -> Table:
    """The decisions that say `in`, `out`, `tie:N` or `award:ID`; the others are reported."""
    ruled = {(r.id, r.shortlist is not None) for r in competition.rounds}
    awards = {award.id for award in competition.awards}
    words: dict[str, str] = {}
    for what in table.frame["what"].unique():
        kind, _, rest = (part.strip() for part in normalize("NFKC", what).partition(":"))
        if fold(what) in WORDS:
            words[what] = WORDS[fold(what)]
        elif kind == "tie" and rest.isdecimal() and int(rest) > 0:
            words[what] = f"tie:{int(rest)}"
        elif kind == "award" and rest in awards:
            words[what] = f"award:{rest}"

    def unknown(row: Row) -> None:
        known = ["in", "out", "tie:1", *(f"award:{name}" for name in sorted(awards))]
        tie = row["what"].startswith("tie")
        hint = Message("hint_tie_number") if tie else did_you_mean(row["what"], known)
        table.error("decision_unknown", row[ROW], "what",
                    value=row["what"], hint=hint)  # fmt: skip

    frame = table.frame
    table.report.each(frame.filter(~pl.col("what").is_in(list(words))), unknown)
    frame = frame.filter(pl.col("what").is_in(list(words))).with_columns(
        pl.col("what").replace(words)
    )
    open_rounds = [name for name, has_rule in ruled if not has_rule]
    idle = pl.col("what").is_in(["in", "out"]) & pl.col("round").is_in(open_rounds)
    table.report.each(frame.filter(idle), at_round(table, "decision_without_shortlist"))
    return table.with_frame(frame.filter(~idle))


def of_own_round(table: Table, competition: Competition) -> Table:
    """The decisions but for those on an award in another round than its own, which are reported."""
    rounds = {f"award:{award.id}": award.round for award in competition.awards}
    own = pl.col("what").replace_strict(rounds, default=None, return_dtype=pl.String)
    frame = table.frame.with_columns(own.alias("@own"))
    elsewhere = (pl.col("@own") != pl.col("round")).fill_null(value=False)

    def tell(row: Row) -> None:
        table.error("decision_elsewhere", row[ROW], "what", value=row["what"],
                    round=row["round"], own=row["@own"])  # fmt: skip

    table.report.each(frame.filter(elsewhere), tell)
    return table.with_frame(frame.filter(~elsewhere).drop("@own"))


def tell_with_status(table: Table, statuses: pl.DataFrame) -> None:
    """Decisions on proposals that are withdrawn, disqualified or absent."""

    def tell(row: Row) -> None:
        table.warning("decision_with_status", row[ROW], "what", value=row["what"],
                      proposal=row["proposal"], status=row["status"])  # fmt: skip

    found = table.frame.drop("status", strict=False).join(
        statuses, on="proposal", maintain_order="left"
    )
    table.report.each(found, tell)


def tell_too_many(table: Table, competition: Competition, groups: pl.DataFrame) -> None:
    """Decisions on an award beyond the prizes it has, in each group that it is given in."""
    prizes = {f"award:{a.id}": sum(tier.count for tier in a.prizes) for a in competition.awards}
    given = table.frame.filter(pl.col("what").is_in(list(prizes)))
    given = given.unique(["what", "proposal"], keep="first", maintain_order=True)
    given = given.drop("group", strict=False).join(
        groups, on=["what", "proposal"], how="left", maintain_order="left"
    )
    number = pl.int_range(1, pl.len() + 1).over("what", "group")
    most = pl.col("what").replace_strict(prizes, default=None, return_dtype=pl.Int64)

    def tell(row: Row) -> None:
        table.error("decision_beyond_prizes", row[ROW], "what", value=row["what"],
                    proposal=row["proposal"], count=prizes[row["what"]])  # fmt: skip

    table.report.each(given.filter(number > most), tell)


def at_round(table: Table, code: str) -> Callable[[Row], None]:
    """Tells an error at the decision of a row, naming its round and proposal."""

    def tell(row: Row) -> None:
        table.error(code, row[ROW], "what", value=row["what"],
                    round=row["round"], proposal=row["proposal"])  # fmt: skip

    return tell


def tell_contradictions(table: Table) -> None:
    """Two different decisions of one kind on one proposal."""
    kind = pl.when(pl.col("what").is_in(["in", "out"])).then(pl.lit("line")).otherwise(
        pl.col("what").str.extract(r"^(tie):").fill_null(pl.col("what"))
    )  # fmt: skip
    frame = table.frame.with_columns(kind.alias("@kind"))
    keys = ["round", "proposal", "@kind"]
    first = pl.col("what").first().over(keys)
    table.report.each(
        frame.filter(pl.col("what") != first), at_round(table, "decision_contradicts")
    )
