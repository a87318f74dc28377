"""subtotal → parts → total: what a round's score is made of, published at its declared decimals."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from review.engine.exact import guard, largest, rounded
from review.model.types import decimals_of, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.rules import RoundRules
    from review.model.competition import Part
    from review.model.rubric import Rounding

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
    """`frame`: the entrants with `score`, `subtotal` (Int64 or null), `ballots` and maybe `finer`.

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


@dataclass(frozen=True, slots=True)
class _Own:
    """The whole numbers with which own marks `num` / `den` enter the score of a round."""

    uses_own: bool
    times: int
    times_unit: int
    unit: int  # of the sum of the parts
    sub_unit: int
    score_unit: int

    @classmethod
    def of(cls, rules: RoundRules, unit: int) -> _Own:
        own = next((p for p in rules.round.made_of if p.from_ == "own"), None)
        times = own.times if own else Decimal(0)
        places = decimals_of(times)
        units = (10**places, unit, 10**rules.subtotal_places, 10**rules.rubric.decimals)
        return cls(own is not None, scaled(times, places), *units)

    def needs(self, num: int, den: int, extra: int, rounding: Rounding) -> int:
        """The largest integer on the way to the score, for numbers up to these."""
        times = abs(self.times)
        if rounding.parts is None:
            met = [num * times * self.score_unit]
            top, bottom = num * times * self.unit // self.times_unit + extra * den, den * self.unit
        else:
            met = [num * times * 10**rounding.parts, den * self.times_unit]
            top, bottom = met[0] + extra, self.unit
        met += [num * self.sub_unit, bottom]
        if rounding.total is not None:
            met += [top * 10**rounding.total, 10**rounding.total]
            top = met[-2] // self.unit + 1
        return max(*met, top * self.score_unit)


class _Batch:
    """Rounds of the same rounding: its stages are constants, everything else is a column."""

    def __init__(self, rounds: Sequence[RoundRules], values: PartValues) -> None:
        self.rounds = rounds
        self.values = values
        self.rounding = rounds[0].rubric.rounding
        self.places = {rules.id: self._places(rules) for rules in rounds}
        self.units = {r: 10 ** max(places.values()) for r, places in self.places.items()}
        self.own = {rules.id: _Own.of(rules, self.units[rules.id]) for rules in rounds}

    def _places(self, rules: RoundRules) -> dict[str, int]:
        """Decimals at which each part of a round is shown (exact, but for own marks)."""
        stage = self.rounding.parts
        return {
            part.from_: self._held(rules, part) if stage is None else stage
            for part in rules.round.made_of
        }

    def _held(self, rules: RoundRules, part: Part) -> int:
        """Decimals of times × part."""
        kind, _, name = part.from_.partition(":")
        known = {
            "own": {name: rules.rubric.decimals},
            "round": self.values.score_places,
            "fact": self.values.fact_places,
        }
        return known[kind].get(name, 0) + decimals_of(part.times)

    def totals(self, joined: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """`joined` with scores in place of fractions, and the long table of parts."""
        extras = self._extras(joined.select(KEY))
        missing = pl.col("value").is_null() & (pl.col("kind") == "round")
        sums = extras.group_by(KEY).agg(extra=pl.col("added").sum(), lacking=missing.any())
        frame = joined.join(sums, on=KEY, how="left").with_columns(
            pl.col("extra").fill_null(0), pl.col("lacking").fill_null(value=False)
        )
        nums, dens, extra = (largest(frame, name) for name in ("num", "den", "extra"))
        guard("total", {
            r: self.own[r].needs(nums[r], dens[r], extra[r], self.rounding) for r in nums
        })  # fmt: skip
        frame = self._with_score(self._with_own(frame.join(self._own_table(), on="round")))
        own = frame.filter(pl.col("uses_own")).select(
            *KEY, pl.lit("own").alias("from"), value="own"
        )
        shown = extras.select(*KEY, "from", value="shown")
        kept = joined.drop("num", "den").columns
        return frame.select(*kept, "score", "subtotal"), pl.concat([own, shown])

    def _own_table(self) -> pl.DataFrame:
        numbers = ("times", "times_unit", "unit", "sub_unit", "score_unit")
        schema = {"round": pl.String, "uses_own": pl.Boolean, **dict.fromkeys(numbers, pl.Int64)}
        rows = [(round_id, *astuple(own)) for round_id, own in self.own.items()]
        return pl.DataFrame(rows, schema, orient="row")

    def _extras(self, entrants: pl.DataFrame) -> pl.DataFrame:
        """Parts that are not own marks, a row each.

        `value` as it is held, `shown` at its decimals, `added` as the round adds it up.
        """
        found = entrants.join(self._part_table(), on="round")
        scores = self.values.scores.select(column="round", proposal="proposal", value="score")
        facts = fact_values(found.filter(pl.col("kind") == "fact"), self.values.facts)
        rounds = found.filter(pl.col("kind") == "round").join(
            scores, on=["column", "proposal"], how="left"
        )
        both = pl.concat([facts, rounds.select(facts.columns)])
        self._guard_extras(both)
        product = pl.col("value") * pl.col("times") * pl.col("before")
        both = both.with_columns(shown=rounded(product, pl.col("after")))
        return both.with_columns(added=pl.col("shown") * pl.col("lift"))

    def _part_table(self) -> pl.DataFrame:
        """`round`, `from`, its `kind` and `column`, and the numbers of `_extras`.

        times × part × `before` / `after` is an integer at the decimals of the part; × `lift` at
        those of the sum.
        """
        rows = []
        for rules in self.rounds:
            for part in rules.round.made_of:
                kind, _, column = part.from_.partition(":")
                times = scaled(part.times, decimals_of(part.times))
                before, after = 1, 1
                if self.rounding.parts is not None:
                    before, after = 10**self.rounding.parts, 10 ** self._held(rules, part)
                lift = self.units[rules.id] // 10 ** self.places[rules.id][part.from_]
                guard("parts", {rules.id: max(abs(times), before, after, self.units[rules.id])})
                if kind != "own":
                    rows.append(
                        (rules.id, part.from_, kind, column, times, before, after, lift)
                    )  # fmt: skip
        names = dict.fromkeys(("round", "from", "kind", "column"), pl.String)
        numbers = dict.fromkeys(("times", "before", "after", "lift"), pl.Int64)
        return pl.DataFrame(rows, {**names, **numbers}, orient="row")

    def _guard_extras(self, extras: pl.DataFrame) -> None:
        sums = dict.fromkeys(self.own, 0)
        columns = ["round", "times", "before", "after", "lift"]
        low, high = pl.col("value").min(), pl.col("value").max()
        tops = extras.group_by("from", *columns).agg(low=low, high=high)
        for round_id, times, before, after, lift, *ends in tops.select(
            *columns, "low", "high"
        ).iter_rows():
            most = max(abs(end or 0) for end in ends) * abs(times) * before
            guard("parts", {round_id: most})
            sums[round_id] += (most // after + 1) * lift
        guard("parts", sums)

    def _with_own(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`subtotal` and `own` (what own marks add) at their decimals."""
        num, den = pl.col("num"), pl.col("den")
        weighted = num * pl.col("times")
        if self.rounding.parts is None:
            own = rounded(weighted * pl.col("score_unit"), den)
        else:
            own = rounded(weighted * 10**self.rounding.parts, den * pl.col("times_unit"))
        return frame.with_columns(subtotal=rounded(num * pl.col("sub_unit"), den), own=own)

    def _with_score(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`score`: the total at the declared `total` stage and then at the published decimals."""
        frame = self._with_total(frame)
        if self.rounding.total is not None:
            unit = 10**self.rounding.total
            staged = rounded(pl.col("top") * unit, pl.col("bottom"))
            frame = frame.with_columns(top=staged, bottom=pl.lit(unit, pl.Int64))
        score = rounded(pl.col("top") * pl.col("score_unit"), pl.col("bottom"))
        frame = frame.with_columns(score=score)
        return frame.with_columns(score=pl.when(~pl.col("lacking")).then("score"))

    def _with_total(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`top` / `bottom`: the sum of the parts."""
        top, bottom = pl.col("own") + pl.col("extra"), pl.col("unit")
        if self.rounding.parts is None:
            num, den, unit = pl.col("num"), pl.col("den"), pl.col("unit")
            lift = rounded(unit, pl.col("times_unit"))
            top, bottom = num * pl.col("times") * lift + pl.col("extra") * den, den * unit
        return frame.with_columns(top=top, bottom=bottom).with_columns(
            top=pl.when("uses_own").then("top").otherwise("extra"),
            bottom=pl.when("uses_own").then("bottom").otherwise("unit"),
        )
