"""Putting a round's standings together from what was scored, totalled and ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from review.engine.entrants import NO_GROUP
from review.messages import Message
from review.model.result import Standings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.engine.rules import RoundRules

_ORDER = ["unranked", "group", "rank", "proposal"]
_TOTAL = {"score": pl.Int64, "subtotal": pl.Int64, "ballots": pl.Int64}
_RANK: dict[str, Any] = {
    "rank": pl.Int64,
    "tie_with": pl.List(pl.String),
    "tie_by": pl.String,
    "line_rank": pl.Int64,
    "line_by": pl.String,
}
_PART = "part:"
_COVERAGE = {"expected": pl.Int64, "marked": pl.Int64, "missing": pl.Int64}


@dataclass(frozen=True)
class Pages:
    """Everything about the rounds of a level, by round.

    `entrants`: with `status`. `totals`: with `score`, `subtotal`, `ballots`. `ranked`: with `rank`
    and ties.
    `criteria`, `parts`: long tables. `coverage`: `expected`, `missing`.
    """

    entrants: Mapping[str, pl.DataFrame]
    totals: Mapping[str, pl.DataFrame]
    ranked: Mapping[str, pl.DataFrame]
    criteria: Mapping[str, pl.DataFrame]
    parts: Mapping[str, pl.DataFrame]
    part_places: Mapping[str, Mapping[str, int]]
    coverage: Mapping[str, pl.DataFrame]


def by_round(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A frame cut by its `round`."""
    parts = frame.partition_by("round", as_dict=True, maintain_order=True)
    return {str(key[0]): part for key, part in parts.items()}


def standings(
    rules: RoundRules,
    pages: Pages,
    titles: Mapping[str, Mapping[str, str]],
    status_reasons: Mapping[str, str | None],
) -> Standings:
    """The table of one round: ranked, then those without a score, then those with a status."""
    frame = pages.entrants[rules.id].select("proposal", "group", "status")
    for found, columns in (
        (pages.totals, _TOTAL),
        (pages.ranked, _RANK),
        (pages.coverage, _COVERAGE),
    ):
        frame = _beside(frame, found.get(rules.id), columns)
    criteria = [c.id for c in rules.rubric.criteria]
    frame = _widen(frame, pages.criteria.get(rules.id), "criterion", criteria, "criterion:")
    parts = [p.from_ for p in rules.round.made_of]
    frame = _widen(frame, pages.parts.get(rules.id), "from", parts, _PART)
    unranked = (
        pl.when(pl.col("status").is_not_null())
        .then(2)
        .otherwise(pl.col("rank").is_null().cast(pl.Int32))
    )
    frame = frame.with_columns(
        pl.col("ballots", "expected", "marked", "missing").fill_null(0), unranked=unranked
    ).sort(_ORDER)
    frame = frame.with_columns(group=pl.when(pl.col("group") != NO_GROUP).then("group"))
    places = {
        "score": rules.rubric.decimals,
        "subtotal": rules.subtotal_places,
        **{f"criterion:{c}": rules.criterion_places for c in criteria},
        **{f"{_PART}{p}": pages.part_places[rules.id][p] for p in parts},
    }
    reasons = _reasons(frame, status_reasons)
    shown = {p: titles[p] for p in frame["proposal"]}
    return Standings(frame.drop("unranked"), places, shown, reasons)


def _beside(
    frame: pl.DataFrame,
    found: pl.DataFrame | None,
    columns: Mapping[str, Any],
) -> pl.DataFrame:
    """Add columns of a round's table; nulls where the round has none."""
    if found is None:
        return frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in columns.items())
    return frame.join(found.select("proposal", *columns), on="proposal", how="left")


def _widen(
    frame: pl.DataFrame, long: pl.DataFrame | None, key: str, names: list[str], prefix: str
) -> pl.DataFrame:
    """Add one column per name from a long table of `proposal`, `key`, `value`."""
    found = {} if long is None else long.partition_by(key, as_dict=True)
    for name in names:
        part = found.get((name,))
        if part is None:
            frame = frame.with_columns(pl.lit(None, pl.Int64).alias(prefix + name))
        else:
            column = part.select("proposal", pl.col("value").alias(prefix + name))
            frame = frame.join(column, on="proposal", how="left", maintain_order="left")
    return frame


def _reasons(frame: pl.DataFrame, status_reasons: Mapping[str, str | None]) -> dict[str, Message]:
    """Why a proposal has no rank."""
    reasons = {}
    for row in frame.filter(pl.col("unranked") > 0).iter_rows(named=True):
        proposal, status = row["proposal"], row["status"]
        if status is None:
            reasons[proposal] = _no_score(row)
            continue
        told = Message(f"status_{status}")
        why = status_reasons.get(proposal)
        reasons[proposal] = (
            Message("status_with_reason", {"status": told, "reason": why}) if why else told
        )
    return reasons


def _no_score(row: Mapping[str, Any]) -> Message:
    """Why there is no score: no ballot, an earlier round without, or a scorer that gives none."""
    if row.get(f"{_PART}own", 0) is None and not row["ballots"]:
        return Message("no_score")
    lacking = [c for c, value in row.items() if c.startswith(f"{_PART}round:") and value is None]
    if lacking:
        rounds = [c.removeprefix(f"{_PART}round:") for c in lacking]
        return Message("no_score_in_round", {"rounds": rounds})
    return Message("no_score_from_ballots", {"ballots": row["ballots"]})
