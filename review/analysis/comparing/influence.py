"""What would be if a single mark were the median of its cell.

One mark at a time is moved to the median of what the judges gave the proposal on that criterion,
and the competition is run again. Marks that can change nothing are ruled out beforehand
(`screening`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.analysis.comparing.bounds import Tried, affordable, nearness
from review.analysis.comparing.changes import MARK, Change
from review.analysis.comparing.screening import screened
from review.engine.entrants import counted_marks
from review.model.result import decimal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from review.analysis.comparing.beside import Beside
    from review.analysis.comparing.effects import Effect, Effects

MOST = 5_000
"""So many marks are moved, at most."""


@dataclass(frozen=True)
class Influential:
    """A mark that decides something by itself, and the median that it was moved to."""

    round: str
    proposal: str
    judge: str
    criterion: str
    mark: Decimal
    median: Decimal
    effect: Effect

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "round": self.round,
            "proposal": self.proposal,
            "judge": self.judge,
            "criterion": self.criterion,
            "mark": self.mark,
            "median": self.median,
            **self.effect.to_json(),
        }


@dataclass(frozen=True)
class Influence:
    """The marks that decide something in a round, of those tried and of all that reach it.

    `tried.of`: the marks that are not at the median. `ruled_out`: so many of them cannot change
    anything, so that they need no trial. `at_median`: so many are at the median.
    """

    tried: Tried
    ruled_out: int
    at_median: int
    marks: tuple[Influential, ...]

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "tried": self.tried.tried,
            "of": self.tried.of,
            "ruled_out": self.ruled_out,
            "at_median": self.at_median,
            "marks": [mark.to_json() for mark in self.marks],
        }


def influence(beside: Beside, effects: Effects, rounds: Sequence[str]) -> dict[str, Influence]:
    """What moving each mark does to each of these rounds, where any mark reaches it."""
    everything = medians(beside)
    reach = {
        r: beside.reach(Change(marks={(r, "", "", ""): 0})) & set(rounds)
        for r in everything["round"].unique()
    }
    everything = everything.filter(
        pl.col("round").is_in([r for r, reached in reach.items() if reached])
    )
    moving = everything.filter(pl.col("value") != pl.col("median"))
    possible = screened(beside, moving)
    chosen = _chosen(beside, possible)
    keys = list(chosen.select(*MARK, "value", "median").iter_rows())
    found: dict[str, list[Influential]] = {r: [] for r in rounds}
    changes = [Change(marks={key[:4]: key[5]}) for key in keys]
    for key, variant in zip(keys, beside.run(changes), strict=True):
        picture = effects.picture(variant)
        places = beside.loaded.rubrics[key[0]].places
        for round_id in reach[key[0]]:
            effect = effects.effect(picture, round_id)
            if effect.decides or effect.leads or effect.refusal is not None:
                found[round_id].append(
                    Influential(
                        round=key[0],
                        proposal=key[1],
                        judge=key[2],
                        criterion=key[3],
                        mark=decimal(key[4], places),
                        median=decimal(key[5], places),
                        effect=effect,
                    )
                )
    report = {}
    for round_id in rounds:
        mine = pl.col("round").is_in([r for r, reached in reach.items() if round_id in reached])
        frames = (everything, moving, possible, chosen)
        count, away, left, tried = (frame.filter(mine).height for frame in frames)
        if count:
            marks = tuple(found[round_id])
            report[round_id] = Influence(Tried(tried, away), away - left, count - away, marks)
    return report


def medians(beside: Beside) -> pl.DataFrame:
    """`round`, `proposal`, `judge`, `criterion`, `value` of marks that count, and the `median`.

    With an even number of marks every value between the two in the middle is a median; the one
    nearest to the mark is taken, so that the median is always a mark that somebody gave.
    """
    cell = ["round", "proposal", "criterion"]
    entrants = [
        r.standings.frame.filter(pl.col("status").is_null()).select(
            "proposal", round=pl.lit(r.id), group=pl.lit("")
        )
        for r in beside.official.rounds
    ]
    counting = pl.DataFrame(
        [
            (r.id, c.id)
            for r in beside.official.rounds
            if beside.loaded.competition.round(r.id).uses_own
            for c in r.rubric.counting
        ],
        {"round": pl.String, "criterion": pl.String},
        orient="row",
    )
    loaded = beside.loaded
    given = counted_marks(loaded.marks, pl.concat(entrants), loaded.conflicts).filter(
        pl.col("value").is_not_null()
    )
    marks = given.join(counting, on=["round", "criterion"], how="semi")
    ordered = pl.col("value").sort()
    middle = marks.group_by(cell).agg(
        low=ordered.get((pl.len() - 1) // 2), high=ordered.get(pl.len() // 2)
    )
    return (
        marks.join(middle, on=cell)
        .with_columns(median=pl.col("value").clip(pl.col("low"), pl.col("high")))
        .select(*MARK, "value", "median")
        .sort(MARK)
    )


def _chosen(beside: Beside, moving: pl.DataFrame) -> pl.DataFrame:
    """As many as can be tried: those of the proposals nearest to a line."""
    if not moving.height:
        return moving
    examples = [Change(marks={(r, "", "", ""): 0}) for r in moving["round"].unique()]
    most = min(affordable(beside, example, MOST) for example in examples)
    if moving.height <= most:
        return moving
    near = nearness(beside.official)
    far = max(near.values(), default=0) + 1
    away = pl.Series([near.get(p, far) for p in moving["proposal"]], dtype=pl.Int64)
    return moving.with_columns(away=away).sort("away", *MARK).head(most).drop("away").sort(MARK)
