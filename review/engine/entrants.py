"""Who takes part in a round, whose marks count there, and how many marks are expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.model.competition import Where
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.model.competition import Round
    from review.model.loaded import LoadedCompetition
    from review.model.result import ShortlistEntry

PAIR = ["round", "proposal"]
NO_GROUP = ""


def levels(rounds: Sequence[Round], chains: Mapping[str, Sequence[str]]) -> list[list[Round]]:
    """Rounds in the order in which they can be run: each level needs only the levels before it.

    A round waits for those its entrants, parts and ties (`score:ROUND`) come from. There are no
    cycles: load saw to it.
    """
    waits = {r.id: sources(r) | _scores(chains[r.id]) for r in rounds}
    done: set[str] = set()
    ordered: list[list[Round]] = []
    while len(done) < len(rounds):
        level = [r for r in rounds if r.id not in done and waits[r.id] <= done]
        assert level, "a cycle of rounds"  # noqa: S101 -- load refuses cycles
        ordered.append(level)
        done |= {r.id for r in level}
    return ordered


def sources(round_: Round) -> set[str]:
    """The rounds that a round's entrants and parts come from."""
    entrants = round_.entrants if isinstance(round_.entrants, tuple) else ()
    parts = {p.from_.partition(":")[2] for p in round_.parts if p.from_.startswith("round:")}
    return {*entrants, *parts}


def _scores(chain: Sequence[str]) -> set[str]:
    return {token.partition(":")[2] for token in chain if token.startswith("score:")}


def entrants(
    round_: Round, proposals: pl.DataFrame, shortlists: Mapping[str, Sequence[ShortlistEntry]]
) -> pl.DataFrame:
    """`round`, `group` ("" where there is none), `proposal`, `status` of everybody in a round."""
    chosen = proposals
    if isinstance(round_.entrants, Where):
        for attribute, wanted in round_.entrants.where.items():
            values = {fold(v) for v in ((wanted,) if isinstance(wanted, str) else wanted)}
            kept = [v is not None and fold(v) in values for v in chosen[attribute]]
            chosen = chosen.filter(pl.Series(kept, dtype=pl.Boolean))
    elif round_.entrants:
        going = {e.proposal for r in round_.entrants for e in shortlists[r] if e.status == "in"}
        chosen = chosen.filter(pl.col("proposal").is_in(sorted(going)))
    group = pl.col(round_.group_by).fill_null(NO_GROUP) if round_.group_by else pl.lit(NO_GROUP)
    return chosen.select(
        pl.lit(round_.id).alias("round"), group.alias("group"), "proposal", "status"
    )


@dataclass(frozen=True)
class Panels:
    """`members`: `round`, `judge` of every round's panel."""

    members: pl.DataFrame

    @classmethod
    def of(cls, rounds: Sequence[Round], judges: pl.DataFrame) -> Panels:
        """Who serves which round: the named panel, or every judge."""
        panels: dict[str | None, list[str]] = {None: judges["judge"].to_list()}
        if "panel" in judges.columns:
            for judge, text in judges.select("judge", "panel").iter_rows():
                for name in {
                    fold(p) for p in (text or "").replace("；", ";").split(";") if p.strip()
                }:
                    panels.setdefault(name, []).append(judge)
        rows = [
            (r.id, judge)
            for r in rounds
            for judge in panels.get(fold(r.panel) if r.panel else None, [])
        ]
        return cls(pl.DataFrame(rows, {"round": pl.String, "judge": pl.String}, orient="row"))


def counted_marks(
    marks: pl.DataFrame, active: pl.DataFrame, conflicts: pl.DataFrame
) -> pl.DataFrame:
    """Marks of active entrants by judges without a conflict, states and blanks too, by `group`."""
    return marks.join(active.select(*PAIR, "group"), on=PAIR).join(
        conflicts.select("judge", "proposal"), on=["judge", "proposal"], how="anti"
    )


def excluded_marks(
    marks: pl.DataFrame, active: pl.DataFrame, conflicts: pl.DataFrame
) -> pl.DataFrame:
    """`round`, `judge`, `proposal`, `reason` of ballots that do not count because of a conflict."""
    return (
        marks.filter(pl.col("value").is_not_null())
        .join(active, on=PAIR, how="semi")
        .join(conflicts, on=["judge", "proposal"])
        .select("round", "judge", "proposal", "reason")
        .unique()
        .sort("round", "proposal", "judge", "reason")
    )


def coverage(
    active: pl.DataFrame,
    marks: pl.DataFrame,
    panels: Panels,
    loaded: LoadedCompetition,
    criteria: pl.DataFrame,
) -> pl.DataFrame:
    """`round`, `proposal`, `expected`, `marked`, `missing`: marks on criteria that count.

    `marks`: those of `counted_marks`. `criteria`: `round`, `criterion` of those that count. A judge
    in conflict with a proposal is not expected to mark it; absent, abstain and recused are told, so
    they are not missing.
    """
    per_round = criteria.group_by("round").agg(criteria=pl.len().cast(pl.Int64))
    told = pl.col("state").fill_null("") != "missing"
    given = marks.filter(told).join(criteria, on=["round", "criterion"], how="semi")
    assigned = _assigned(active, loaded)
    asked = [] if loaded.assignments is None else loaded.assignments["round"].unique().to_list()
    free = ~pl.col("round").is_in(asked)
    on_panel = given.filter(free).join(panels.members, on=["round", "judge"], how="semi")
    on_list = given.filter(~free).join(assigned, on=[*PAIR, "judge"], how="semi")
    counts = (
        pl.concat([on_panel, on_list])
        .group_by(PAIR)
        .agg(given=pl.len().cast(pl.Int64), marked=pl.col("value").count().cast(pl.Int64))
    )
    judges = pl.concat([
        _panel_sizes(active.filter(free), panels, loaded.conflicts),
        assigned.group_by(PAIR).agg(judges=pl.len().cast(pl.Int64)),
    ])  # fmt: skip
    return (
        active.select(PAIR)
        .join(judges, on=PAIR, how="left")
        .join(per_round, on="round", how="left")
        .join(counts, on=PAIR, how="left")
        .with_columns(pl.col("judges", "given", "marked", "criteria").fill_null(0))
        .select(
            *PAIR,
            "marked",
            expected=pl.col("judges") * pl.col("criteria"),
            missing=pl.col("judges") * pl.col("criteria") - pl.col("given"),
        )
    )


def _assigned(active: pl.DataFrame, loaded: LoadedCompetition) -> pl.DataFrame:
    """`round`, `proposal`, `judge` of the assignments that can be carried out."""
    columns = [*PAIR, "judge"]
    if loaded.assignments is None:
        return active.select(*PAIR, judge="proposal").clear()
    conflicts = loaded.conflicts.select("judge", "proposal")
    named = loaded.assignments.select(columns).unique()
    return named.join(active, on=PAIR, how="semi").join(
        conflicts, on=["judge", "proposal"], how="anti"
    )


def _panel_sizes(active: pl.DataFrame, panels: Panels, conflicts: pl.DataFrame) -> pl.DataFrame:
    """`round`, `proposal`, `judges`: the panel less those in conflict, without listing pairs."""
    sizes = panels.members.group_by("round").agg(size=pl.len().cast(pl.Int64))
    barred = (
        conflicts.select("judge", "proposal")
        .unique()
        .join(panels.members, on="judge")
        .group_by(PAIR)
        .agg(barred=pl.len().cast(pl.Int64))
    )
    joined = (
        active.select(PAIR).join(sizes, on="round", how="left").join(barred, on=PAIR, how="left")
    )
    return joined.select(*PAIR, judges=pl.col("size").fill_null(0) - pl.col("barred").fill_null(0))
