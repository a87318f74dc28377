"""The awards of a competition: values from the award plugins, prizes by the award policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.engine.awards import Candidate, Given, Prize, give
from review.engine.column import Column
from review.engine.rulings import ruled
from review.engine.standings import StandingsView
from review.engine.total import fact_values
from review.messages import Message
from review.model.problem import note
from review.plugin.manager import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.level import Outcome
    from review.model.competition import AwardUse
    from review.model.loaded import LoadedCompetition
    from review.model.result import AwardResult, RoundResult, Standing
    from review.plugin.manager import Plugins
    from review.plugin.parts import Award

_FACT = "fact:"


def awards(
    loaded: LoadedCompetition, plugins: Plugins, outcome: Outcome, known: Known | None = None
) -> tuple[AwardResult, ...]:
    """Every award whose round was run: given in the policy's order, listed in the competition's.

    `known`: what was looked up for the same competition before.
    """
    known = known or Known(loaded)
    seen: dict[str, tuple[StandingsView, list[Standing]]] = {}
    competition = loaded.competition
    order = {award: i for i, award in enumerate(competition.award_policy.order)}
    uses = [u for u in competition.awards if u.round in outcome.rounds]
    given = Given()
    results: dict[str, AwardResult] = {}
    for use in sorted(uses, key=lambda u: order.get(u.id, len(order))):
        if _waits(outcome.rounds[use.round]):
            params = {"award": use.id, "round": use.round}
            outcome.problems.append(note(Message("award_waits", params)))
            continue
        registered = plugins.awards()[use.award]
        award = registered.part(use.options)
        doing = Message("doing_award", {"award": use.id, "part": use.award})
        with guarded(registered, doing):
            if use.round not in seen:
                found = outcome.rounds[use.round]
                seen[use.round] = known.view_of(found), list(found.standings)
            prize, candidates = _field(loaded, award, use, *seen[use.round], outcome)
        results[use.id] = give(prize, candidates, competition.award_policy, given)
    return tuple(results[u.id] for u in uses if u.id in results)


def _waits(round_: RoundResult) -> bool:
    """Whether nobody in a round has a score yet."""
    return round_.standings.frame["score"].null_count() == len(round_.standings)


class Known:
    """What awards want to know of proposals beside standings, looked up once a competition."""

    def __init__(self, loaded: LoadedCompetition) -> None:
        self._loaded = loaded
        self._facts: dict[str, pl.DataFrame] = {}

    def view_of(self, round_: RoundResult) -> StandingsView:
        """The standings of a round with every fact."""
        loaded, frame, places = self._loaded, round_.standings.frame, round_.standings.places
        numbers = [
            c for c in frame.columns if c in ("score", "subtotal") or c.startswith("criterion:")
        ]
        columns = {name: Column.scaled(frame[name].to_list(), places[name]) for name in numbers}
        beside = frame.select("proposal").join(
            self._beside(round_.id), on="proposal", how="left", maintain_order="left"
        )
        for name, decimals in loaded.fact_places.items():
            columns[_FACT + name] = Column.scaled(beside[_FACT + name].to_list(), decimals)
        known_as = {name: beside[name].to_list() for name in loaded.proposals.columns}
        return StandingsView(frame["proposal"].to_list(), columns, known_as, places["score"])

    def _beside(self, round_id: str) -> pl.DataFrame:
        """The proposals with every fact as of that round."""
        if round_id not in self._facts:
            wide = self._loaded.proposals
            rows = wide.select("proposal", round=pl.lit(round_id))
            for name in self._loaded.fact_places:
                found = fact_values(rows.with_columns(column=pl.lit(name)), self._loaded.facts)
                fact = found.select("proposal", pl.col("value").alias(_FACT + name))
                wide = wide.join(fact, on="proposal", how="left")
            self._facts[round_id] = wide
        return self._facts[round_id]


def view_of(loaded: LoadedCompetition, round_: RoundResult) -> StandingsView:
    """The standings of a round with every fact, for awards."""
    return Known(loaded).view_of(round_)


def _field(  # noqa: PLR0913, PLR0917 -- all that a candidate is made of
    loaded: LoadedCompetition,
    award: Award,
    use: AwardUse,
    view: StandingsView,
    standings: Sequence[Standing],
    outcome: Outcome,
) -> tuple[Prize, list[Candidate]]:
    policy = loaded.competition.award_policy
    column = award.value(view)
    values = column.at(column.places)
    groups = view.attribute(group) if (group := award.group()) else [None] * len(view.proposals)
    units = view.attribute(policy.one_per) if policy.one_per else [None] * len(view.proposals)
    shortlisted = _shortlisted(outcome, outcome.rounds[use.round])
    rulings = _rulings(loaded, use)
    candidates = [
        Candidate(
            proposal=standing.proposal,
            title=standing.title,
            value=values[i],
            rank=standing.rank,
            score=standing.score,
            group=groups[i],
            unit=units[i],
            ballots=standing.ballots,
            shortlisted=standing.proposal in shortlisted,
            barred=standing.reason if standing.status else None,
            ruling=rulings.get(standing.proposal),
        )
        for i, standing in enumerate(standings)
    ]
    title = use.title or dict(award.title)
    return Prize(use, title, column.places, sorted(award.columns())), candidates


def _shortlisted(outcome: Outcome, round_: RoundResult) -> set[str]:
    """Who is in on the shortlist of the award's round; where it has none, on any shortlist."""
    lists: Sequence[RoundResult] = (
        [round_] if round_.shortlist is not None else list(outcome.rounds.values())
    )
    return {e.proposal for r in lists for e in r.shortlist or () if e.status == "in"}


def _rulings(loaded: LoadedCompetition, use: AwardUse) -> Mapping[str, Message]:
    if not loaded.decisions.height:
        return {}
    rows = loaded.decisions.filter(pl.col("what") == f"award:{use.id}")
    return {row["proposal"]: ruled("award_decision", row) for row in rows.iter_rows(named=True)}
