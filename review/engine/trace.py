"""The way back from a score to its marks: what was dropped, weighted, renormalised or left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import polars as pl

from review.engine.combine import collect
from review.engine.exact import half_up
from review.engine.reduce import keys_of
from review.model.result import RoundTrace
from review.plugin.parts import Scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.engine.chain import Cells, Scored
    from review.engine.rules import RoundRules

BALLOT = ["proposal", "judge"]


@dataclass(frozen=True)
class Tracing:
    """What the rounds of one shape were scored from, and what came of it."""

    marks: pl.DataFrame
    cells: Cells
    shape: Sequence[RoundRules]
    scored: Scored
    excluded: pl.DataFrame
    rankings: pl.DataFrame

    def trace(self, round_id: str) -> RoundTrace:
        """The trace of one round (see `RoundTrace`)."""
        rules = next(r for r in self.shape if r.id == round_id)
        here = pl.col("round") == round_id
        cells = self.cells.frame.filter(here)
        judge_first = rules.rubric.order == "judge-first"
        unused = None if judge_first else self._unused(rules, cells, "criterion")
        marks = self.marks.filter(here).drop("round")
        columns = ["proposal", "judge", "criterion"]
        compared = rules.round.compared
        dropped = pl.lit(value=False)
        if unused is not None:
            marks = marks.join(
                unused.select(*columns, dropped=pl.lit(value=True)), on=columns, how="left"
            )
            dropped = pl.col("dropped").fill_null(value=False)
        return RoundTrace(
            marks=marks.with_columns(dropped=dropped).sort(columns),
            ballots=_no_ballots() if compared else self._ballots(rules, cells),
            mark_places=rules.rubric.places,
            ballot_places=rules.ballot_places,
            rankings=self.rankings.filter(here).drop("round") if compared else None,
        )

    def _unused(self, rules: RoundRules, values: pl.DataFrame, *more: str) -> pl.DataFrame:
        """The rows that the scorer left out."""
        scorer = rules.scorer
        if not isinstance(scorer, Scorer):
            return values.clear()
        keys = keys_of(*more)
        columns = [*keys.cell, "judge"]
        lazy: nw.LazyFrame[Any] = nw.from_native(values.select(*columns, "value").lazy())
        used = collect(scorer.used(lazy, keys)).select(columns)
        return values.join(used, on=columns, how="anti")

    def _ballots(self, rules: RoundRules, cells: pl.DataFrame) -> pl.DataFrame:
        """`proposal`, `judge`, `value`, `fate`."""
        here = pl.col("round") == rules.id
        ballots = self.scored.ballots.filter(here)
        full = (1 << len(rules.rubric.counting)) - 1
        fate = (
            pl.when(pl.col("mask") == full)
            .then(pl.lit("counted"))
            .otherwise(pl.lit("renormalised"))
        )
        shown = self._shown(rules, ballots).with_columns(fate=fate).select(*BALLOT, "value", "fate")
        if rules.rubric.order == "judge-first":
            groups = cells.select("proposal", "group").unique()
            unused = self._unused(rules, ballots.join(groups, on="proposal"))
            gone = unused.select(*BALLOT, gone=pl.lit(value=True))
            shown = shown.join(gone, on=BALLOT, how="left").with_columns(
                fate=pl.when("gone").then(pl.lit("dropped")).otherwise("fate")
            ).drop("gone")  # fmt: skip
        rest = [
            _with_fate(self.scored.gaps.filter(here & pl.col("judge").is_not_null()), "incomplete"),
            _with_fate(self.excluded.filter(here), "conflict"),
        ]
        others = pl.concat(rest).join(shown, on=BALLOT, how="anti")
        empty = others.select(*BALLOT, pl.lit(None, pl.Int64).alias("value"), "fate")
        return pl.concat([shown, empty]).sort(BALLOT)

    def _shown(self, rules: RoundRules, ballots: pl.DataFrame) -> pl.DataFrame:
        """Rounded in Python: what decided the ranks may leave no room to multiply."""
        power, unit = 10**rules.ballot_places, self.scored.ballot_units[rules.id]
        shown = [half_up(value * power, unit) for value in ballots["value"]]
        return ballots.with_columns(value=pl.Series(shown, dtype=pl.Int64))


def _with_fate(ballots: pl.DataFrame, fate: str) -> pl.DataFrame:
    return ballots.select(BALLOT).unique().with_columns(fate=pl.lit(fate))


def _no_ballots() -> pl.DataFrame:
    names = {"proposal": pl.String, "judge": pl.String}
    return pl.DataFrame(schema={**names, "value": pl.Int64, "fate": pl.String})
