"""subtotal → parts → total: what a round's score is made of, published at its declared decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl

from review.engine.exact import guard, half_up_div, largest, with_columns
from review.model.types import decimals_of, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.rules import RoundRules

KEY = ["round", "proposal"]


@dataclass(frozen=True)
class PartValues:
    """Where the parts beside a round's own marks come from.

    `scores`: `round`, `proposal`, `score` of earlier rounds, at `score_places[round]` decimals.
    `facts`: as LoadedCompetition has them, at `fact_places[column]` decimals.
    """

    scores: pl.DataFrame
    score_places: Mapping[str, int]
    facts: pl.DataFrame
    fact_places: Mapping[str, int]


@dataclass(frozen=True)
class Totals:
    """`frame`: the entrants with `score`, `subtotal` (Int64 or null), `ballots` and `finer` if a scorer gave it.

    `parts`: `round`, `proposal`, `from`, `value`: what each part adds to the score, an integer ×
    10^`places[round][from]`.
    """

    frame: pl.DataFrame
    parts: pl.DataFrame
    places: Mapping[str, Mapping[str, int]]


def totals(
    entrants: pl.DataFrame,
    subtotals: pl.DataFrame,
    rounds: Sequence[RoundRules],
    values: PartValues,
) -> Totals:
    """The published score, subtotal and parts of each entrant (`round`, `group`, `proposal`).

    `subtotals` has `num` / `den` of the own marks. A blank fact adds nothing; an earlier round
    without a score, or no counted ballot where own marks are a part, leaves no score.
    """
    joined = entrants.join(subtotals, on=["round", "group", "proposal"], how="left")
    frames, parts, places = [], [], {}
    ordered = sorted(rounds, key=lambda r: repr(r.rubric.rounding))
    for _, alike in groupby(ordered, key=lambda r: repr(r.rubric.rounding)):
        batch = _Batch(list(alike), values)
        ids = [r.id for r in batch.rounds]
        frame, part = batch.totals(joined.filter(pl.col("round").is_in(ids)))
        frames.append(frame)
        parts.append(part)
        places.update(batch.places)
    return Totals(pl.concat(frames), pl.concat(parts), places)


def fact_values(entrants: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Add `value` of the fact named in `column` to rows of `round`, `proposal`, `column`.

    A value for that round comes before one for any round; null where there is neither.
    """
    own = facts.filter(pl.col("round").is_not_null()).select(*KEY, "column", own="value")
    general = facts.filter(pl.col("round").is_null()).select("proposal", "column", general="value")
    return (
        entrants.join(own, on=[*KEY, "column"], how="left")
        .join(general, on=["proposal", "column"], how="left")
        .with_columns(value=pl.coalesce("own", "general"))
        .drop("own", "general")
    )


class _Batch:
    """Rounds with the same rounding stages: the stages are constants, everything else is a column."""

    def __init__(self, rounds: Sequence[RoundRules], values: PartValues) -> None:
        self.rounds = rounds
        self.values = values
        self.stage = rounds[0].rubric.rounding.parts
        self.total_stage = rounds[0].rubric.rounding.total
        self.places = {rules.id: self._places(rules) for rules in rounds}

    def _places(self, rules: RoundRules) -> dict[str, int]:
        """Decimals at which each part of a round is shown (exact, but for own marks)."""
        if self.stage is not None:
            return dict.fromkeys((part.from_ for part in rules.round.made_of), self.stage)
        return {
            part.from_: self._held(rules, part.from_) + decimals_of(part.times)
            for part in rules.round.made_of
        }

    def _held(self, rules: RoundRules, source: str) -> int:
        kind, _, name = source.partition(":")
        if kind == "own":
            return rules.rubric.decimals
        return (self.values.score_places if kind == "round" else self.values.fact_places).get(
            name, 0
        )

    def _unit_places(self, rules: RoundRules) -> int:
        """Decimals at which the parts of a round are added up."""
        return max(self.places[rules.id].values()) if self.stage is None else self.stage

    def totals(self, joined: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """`joined` with scores in place of fractions, and the long table of parts."""
        extras = self._extras(joined.select(KEY))
        missing = pl.col("value").is_null() & (pl.col("kind") == "round")
        sums = extras.group_by(KEY).agg(extra=pl.col("added").sum(), lacking=missing.any())
        frame = joined.join(sums, on=KEY, how="left").join(self._round_table(), on="round")
        frame = frame.with_columns(
            pl.col("extra").fill_null(0), pl.col("lacking").fill_null(value=False)
        )
        frame = self._with_own(frame)
        frame = self._with_score(frame)
        own = frame.filter(pl.col("uses_own")).select(
            *KEY, pl.lit("own").alias("from"), value="own"
        )
        shown = extras.select(*KEY, "from", value="shown")
        return frame.select(*joined.drop("num", "den").columns, "score", "subtotal"), pl.concat(
            [own, shown]
        )

    def _round_table(self) -> pl.DataFrame:
        rows = []
        for rules in self.rounds:
            own = next((p for p in rules.round.made_of if p.from_ == "own"), None)
            times = own.times if own else Decimal(0)
            rows.append((
                rules.id, own is not None, scaled(times, decimals_of(times)), 10 ** decimals_of(times),
                10 ** self._unit_places(rules), 10 ** rules.subtotal_places, 10**rules.rubric.decimals,
            ))  # fmt: skip
        numbers = ("times", "times_unit", "unit", "sub_unit", "score_unit")
        schema = {"round": pl.String, "uses_own": pl.Boolean, **dict.fromkeys(numbers, pl.Int64)}
        return pl.DataFrame(rows, schema, orient="row")

    def _extras(self, entrants: pl.DataFrame) -> pl.DataFrame:
        """Parts that are not own marks, a row each: `value` as held, `shown` at its decimals, `added` at the unit."""
        rows = []
        for rules in self.rounds:
            for part in rules.round.made_of:
                kind, _, name = part.from_.partition(":")
                held = self._held(rules, part.from_) + decimals_of(part.times)
                before, after = (1, 1) if self.stage is None else (10**self.stage, 10**held)
                lift = 10 ** (self._unit_places(rules) - self.places[rules.id][part.from_])
                rows.append((rules.id, part.from_, kind, name, scaled(part.times, decimals_of(part.times)),
                             before, after, lift))  # fmt: skip
        names = ("round", "from", "kind", "column")
        numbers = ("times", "before", "after", "lift")
        specs = pl.DataFrame(
            rows,
            {**dict.fromkeys(names, pl.String), **dict.fromkeys(numbers, pl.Int64)},
            orient="row",
        )
        found = entrants.join(specs.filter(pl.col("kind") != "own"), on="round")
        scores = self.values.scores.select(column="round", proposal="proposal", value="score")
        facts = fact_values(found.filter(pl.col("kind") == "fact"), self.values.facts)
        rounds = found.filter(pl.col("kind") == "round").join(
            scores, on=["column", "proposal"], how="left"
        )
        both = pl.concat([facts, rounds.select(facts.columns)])
        most = {r.id: max((abs(row[4]) * row[5] * row[7] for row in rows if row[0] == r.id), default=1)
                for r in self.rounds}  # fmt: skip
        guard("parts", {r: v * most[r] * 2 for r, v in largest(both, "value").items()})
        both = with_columns(
            both,
            shown=half_up_div(
                nw.col("value") * nw.col("times") * nw.col("before"), nw.col("after")
            ),
        )
        return both.with_columns(added=pl.col("shown") * pl.col("lift"))

    def _with_own(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`subtotal` and `own` (what own marks add) at their decimals."""
        nums, dens = largest(frame, "num"), largest(frame, "den")
        lifts = {r.id: self._lift(r) for r in self.rounds}
        guard("own marks", {r: max(v * lifts[r], dens[r] * lifts[r]) for r, v in nums.items()})
        weighted = nw.col("num") * nw.col("times")
        if self.stage is None:
            own = half_up_div(weighted * nw.col("score_unit"), nw.col("den"))
        else:
            own = half_up_div(weighted * 10**self.stage, nw.col("den") * nw.col("times_unit"))
        return with_columns(
            frame, subtotal=half_up_div(nw.col("num") * nw.col("sub_unit"), nw.col("den")), own=own
        )

    def _lift(self, rules: RoundRules) -> int:
        own = next((p.times for p in rules.round.made_of if p.from_ == "own"), Decimal(0))
        most = max(self._unit_places(rules), rules.subtotal_places, rules.rubric.decimals)
        return max(1, abs(scaled(own, decimals_of(own)))) * 10**most

    def _with_score(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`score`: the total at the declared `total` stage and then at the published decimals."""
        own, extra = nw.col("own"), nw.col("extra")
        nums, extras, dens = (largest(frame, name) for name in ("num", "extra", "den"))
        guard("the total", {
            r.id: (nums.get(r.id, 0) * self._lift(r) + extras.get(r.id, 0) * max(1, dens.get(r.id, 0)))
            * 10 ** max(r.rubric.decimals, self.total_stage or 0)
            for r in self.rounds
        })  # fmt: skip
        if self.stage is None:
            top = (
                nw.col("num")
                * nw.col("times")
                * (nw.col("unit") / nw.col("times_unit")).cast(nw.Int64)
            )
            frame = with_columns(
                frame, top=top + extra * nw.col("den"), bottom=nw.col("den") * nw.col("unit")
            )
        else:
            frame = with_columns(frame, top=own + extra, bottom=nw.col("unit"))
        frame = frame.with_columns(
            top=pl.when("uses_own").then("top").otherwise("extra"),
            bottom=pl.when("uses_own").then("bottom").otherwise("unit"),
        )
        if self.total_stage is not None:
            staged = half_up_div(nw.col("top") * 10**self.total_stage, nw.col("bottom"))
            frame = with_columns(frame, top=staged).with_columns(
                bottom=pl.lit(10**self.total_stage, pl.Int64)
            )
        score = half_up_div(nw.col("top") * nw.col("score_unit"), nw.col("bottom"))
        frame = with_columns(frame, score=score)
        return frame.with_columns(score=pl.when(~pl.col("lacking")).then("score"))
