"""Putting a round's standings together from what was scored, totalled and ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from review.engine.entrants import NO_GROUP
from review.messages import Message
from review.model.result import Standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
KEY = ["round", "proposal"]
_COVERAGE = {"expected": pl.Int64, "marked": pl.Int64, "missing": pl.Int64}


@dataclass(frozen=True)
class Pages:
    """Everything about the rounds of a level, all of it by `round` and `proposal`.

    `entrants`: with `status`. `totals`: with `score`, `subtotal`, `ballots`. `ranked`: with `rank`
    and ties.
    `criteria`, `parts`: long tables. `coverage`: `expected`, `missing`. `part_places`: round → part
    → decimals.
    """

    entrants: pl.DataFrame
    totals: pl.DataFrame
    ranked: pl.DataFrame
    criteria: pl.DataFrame
    parts: pl.DataFrame
    part_places: Mapping[str, Mapping[str, int]]
    coverage: pl.DataFrame


def by_round(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """A frame cut by its `round`."""
    parts = frame.partition_by("round", as_dict=True, maintain_order=True)
    return {str(key[0]): part for key, part in parts.items()}


def standings(
    rounds: Sequence[RoundRules],
    pages: Pages,
    titles: Mapping[str, Mapping[str, str]],
    status_reasons: Mapping[str, str | None],
) -> dict[str, Standings]:
    """The table of each round: ranked, then those without a score, then those with a status.

    Rounds with the same columns are put together at once.
    """
    found: dict[str, Standings] = {}
    for alike in _alike(rounds):
        frames = by_round(_frame(alike, pages))
        for rules in alike:
            frame = frames[rules.id] if rules.id in frames else _frame([rules], pages)
            frame = frame.drop("round")
            shown = {p: titles[p] for p in frame["proposal"]}
            reasons = _reasons(frame, status_reasons)
            places = _places(rules, pages)
            found[rules.id] = Standings(frame.drop("unranked"), places, shown, reasons)
    return found


def _alike(rounds: Sequence[RoundRules]) -> Iterable[list[RoundRules]]:
    """Rounds by the columns of their tables."""
    found: dict[object, list[RoundRules]] = {}
    for rules in rounds:
        criteria = tuple(c.id for c in rules.rubric.criteria)
        parts = tuple(p.from_ for p in rules.round.made_of)
        found.setdefault((criteria, parts), []).append(rules)
    return found.values()


def _frame(rounds: Sequence[RoundRules], pages: Pages) -> pl.DataFrame:
    """The tables of rounds with the same columns below each other, with `round`."""
    mine = pl.col("round").is_in([rules.id for rules in rounds])
    frame = pages.entrants.filter(mine).select("round", "proposal", "group", "status")
    for found, columns in (
        (pages.totals, _TOTAL),
        (pages.ranked, _RANK),
        (pages.coverage, _COVERAGE),
    ):
        frame = _beside(frame, found, columns)
    criteria = [c.id for c in rounds[0].rubric.criteria]
    frame = _widen(frame, pages.criteria, "criterion", criteria, "criterion:")
    parts = [p.from_ for p in rounds[0].round.made_of]
    frame = _widen(frame, pages.parts, "from", parts, _PART)
    unranked = (
        pl.when(pl.col("status").is_not_null())
        .then(2)
        .otherwise(pl.col("rank").is_null().cast(pl.Int32))
    )
    frame = frame.with_columns(
        pl.col("ballots", "expected", "marked", "missing").fill_null(0), unranked=unranked
    ).sort("round", *_ORDER)
    return frame.with_columns(group=pl.when(pl.col("group") != NO_GROUP).then("group"))


def _places(rules: RoundRules, pages: Pages) -> dict[str, int]:
    """Decimals of each column of numbers."""
    parts = pages.part_places[rules.id]
    return {
        "score": rules.rubric.decimals,
        "subtotal": rules.subtotal_places,
        **{f"criterion:{c.id}": rules.criterion_places for c in rules.rubric.criteria},
        **{f"{_PART}{p.from_}": parts[p.from_] for p in rules.round.made_of},
    }


def _beside(frame: pl.DataFrame, found: pl.DataFrame, columns: Mapping[str, Any]) -> pl.DataFrame:
    """Add columns of another table; nulls where it has none."""
    casts = [pl.col(name).cast(kind) for name, kind in columns.items()]
    return frame.join(found.select(*KEY, *casts), on=KEY, how="left")


def _widen(
    frame: pl.DataFrame, long: pl.DataFrame, key: str, names: list[str], prefix: str
) -> pl.DataFrame:
    """Add one column per name from a long table of `round`, `proposal`, `key`, `value`."""
    found = long.partition_by(key, as_dict=True)
    for name in names:
        part = found.get((name,))
        if part is None:
            frame = frame.with_columns(pl.lit(None, pl.Int64).alias(prefix + name))
        else:
            column = part.select(*KEY, pl.col("value").alias(prefix + name))
            frame = frame.join(column, on=KEY, how="left", maintain_order="left")
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
