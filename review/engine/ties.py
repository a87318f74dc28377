"""The keys that tie-break tokens compare: Int64, larger is better, null where there is nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.engine.copies import original
from review.engine.total import fact_values
from review.stats.lottery import ticket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.engine.rules import RoundRules

KEY = ["round", "proposal"]
HEAD_TO_HEAD_LIMIT = 500
"""Larger tied groups are left to the next token: the work grows with the square of the group."""


@dataclass(frozen=True)
class TieKeys:
    """Everything that tokens look at; calling it gives the key of a token for some tied rows.

    `subtotals`: `round`, `proposal`, `subtotal`. `criteria`, `ballots`: as `Scored`. `tops`: a row
    per mark that counts, `top` where it is at the top of its scale. `scores`: earlier rounds.
    `decisions`: the `tie:N` rulings.
    """

    rules: Mapping[str, RoundRules]
    seed: str
    subtotals: pl.DataFrame
    criteria: pl.DataFrame
    ballots: pl.DataFrame
    tops: pl.DataFrame
    scores: pl.DataFrame
    facts: pl.DataFrame
    decisions: pl.DataFrame

    def __call__(self, token: str, tied: pl.DataFrame) -> pl.DataFrame:
        """`round`, `proposal`, `key` of each tied row."""
        kind, _, rest = token.partition(":")
        rows = tied.select("round", "group", "rank", "proposal")
        match kind:
            case "criterion":
                found = self.criteria.filter(pl.col("criterion") == rest).select(*KEY, key="value")
            case "subtotal":
                found = self.subtotals.select(*KEY, key="subtotal")
            case "score":
                earlier = self.scores.filter(pl.col("round") == rest).select(
                    "proposal", key="score"
                )
                return rows.join(earlier, on="proposal", how="left").select(*KEY, "key")
            case "fact":
                return self._fact(rows, rest)
            case "median":
                ordered = pl.col("value").sort()  # twice the median, so that it stays an integer
                twice = ordered.get((pl.len() - 1) // 2) + ordered.get(pl.len() // 2)
                found = self.ballots.join(rows, on=KEY, how="semi").group_by(KEY).agg(key=twice)
            case "top_marks":
                found = self.tops.group_by(KEY).agg(key=pl.col("top").sum().cast(pl.Int64))
            case "head_to_head":
                return self._head_to_head(rows)
            case "decision":
                found = self.decisions.select(*KEY, "key")
            case _:
                return self._lot(rows)
        return rows.join(found, on=KEY, how="left").select(*KEY, "key")

    def _fact(self, rows: pl.DataFrame, rest: str) -> pl.DataFrame:
        column, _, direction = rest.partition(":")
        named = rows.select(KEY).with_columns(column=pl.lit(column))
        sign = -1 if direction == "asc" else 1
        return fact_values(named, self.facts).select(*KEY, key=pl.col("value") * sign)

    def _head_to_head(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Duels won less duels lost within the tied group.

        A duel goes to whom more of the judges of both gave the higher ballot.
        """
        group = ["round", "group", "rank"]
        small = rows.filter(pl.len().over(group) <= HEAD_TO_HEAD_LIMIT)
        ballots = self.ballots.select(*KEY, "judge", "value").join(small, on=KEY)
        pairs = ballots.join(ballots, on=[*group, "judge"], suffix="_b").filter(
            pl.col("proposal") != pl.col("proposal_b")
        )
        duels = pairs.group_by(*KEY, "proposal_b").agg(
            preferred=(pl.col("value") - pl.col("value_b")).sign().sum()
        )
        wins = duels.group_by(KEY).agg(key=pl.col("preferred").sign().sum().cast(pl.Int64))
        return rows.join(wins, on=KEY, how="left").select(*KEY, pl.col("key").fill_null(0))

    def _lot(self, rows: pl.DataFrame) -> pl.DataFrame:
        keys = [ticket(self.seed, original(r), p) for r, p in rows.select(KEY).iter_rows()]
        return rows.select(KEY).with_columns(key=pl.Series(keys, dtype=pl.Int64))
