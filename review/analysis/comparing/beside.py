"""Many variants of a competition at once.

Rounds are rows for the engine: the changed rounds of many variants are run as copies of each other
in one query, by the same steps as `derive` takes. A variant's rounds that nothing reaches are those
of the official result. Whatever is out of the ordinary in a variant (an error, a rule that must
know ballots) is run by `derive` itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from review.analysis.comparing.batch import Batch, table
from review.analysis.comparing.variant import Variant
from review.engine.entrants import levels, sources
from review.engine.prizes import Known
from review.errors import HeadroomError, PluginError
from review.messages import Message
from review.model.problem import Severity
from review.pipeline import derive, round_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from review.analysis.comparing.changes import Change
    from review.engine.rules import RoundRules
    from review.model.competition import Round
    from review.model.loaded import LoadedCompetition
    from review.model.problem import Problem
    from review.model.result import Result
    from review.plugin.manager import Plugins

ROWS = 300_000
"""So many marks are copied for one query, at most, or one variant's."""

BEARABLE = {"round_undecided", "ruling_without_effect"}
"""Errors that leave a result: what waits for a decision, and rulings that a variant makes idle."""

_TIES = ("score:",)


class Beside:
    """A competition whose variants are run beside its official result."""

    def __init__(self, official: Result, plugins: Plugins) -> None:
        self.official = official
        self.loaded: LoadedCompetition = replace(official.source, problems=())
        self.plugins = plugins
        self._rounds = {r.id: r for r in official.rounds}
        self.known = Known(self.loaded)
        self._entrants: dict[str, frozenset[str]] = {}
        self._tables: dict[str, pl.DataFrame] = {}
        self._rules: dict[tuple[str, str], RoundRules] = {}

    def run(self, changes: Iterable[Change]) -> Iterator[Variant]:
        """The variants in the order of the changes."""
        batch: list[Change] = []
        rows = 0
        for change in changes:
            batch.append(change)
            rows += self.rows(change)
            if rows >= ROWS:
                yield from self._batch(batch)
                batch, rows = [], 0
        yield from self._batch(batch)

    def single(self, change: Change) -> Variant:
        """One variant, run by itself."""
        try:
            result = derive(change.apply(self.loaded), self.plugins, {})
        except (HeadroomError, PluginError) as error:
            return Variant(change, refusal=error.message)
        told = [p.message for p in result.problems if p.is_error and p.code not in BEARABLE]
        rounds = {r.id: r for r in result.rounds}
        refusal = told[0] if told else None
        warnings = [w for p in result.problems if (w := self.warning(p)) is not None]
        return Variant(change, rounds, result.awards, refusal, set(rounds), warnings)

    def warning(self, problem: Problem) -> Message | None:
        """What a scorer or rule warns of, where it does not do so officially."""
        message = problem.message.params.get("message")
        if problem.severity is not Severity.WARNING or not isinstance(message, Message):
            return None
        return None if message in self._official_warnings else message

    @cached_property
    def _official_warnings(self) -> list[object]:
        return [p.message.params.get("message") for p in self.official.problems]

    def _batch(self, changes: Sequence[Change]) -> list[Variant]:
        """Variants in one go; where the numbers of one are too large, the others by halves."""
        if not changes:
            return []
        if not self._plain:
            return [self.single(change) for change in changes]
        try:
            return Batch(self, changes).run()
        except (HeadroomError, PluginError):
            if len(changes) == 1:
                return [self.single(changes[0])]
            half = len(changes) // 2
            return [*self._batch(changes[:half]), *self._batch(changes[half:])]

    @cached_property
    def _plain(self) -> bool:
        """Whether no shortlist rule needs to know more than standings."""
        uses = [r.shortlist for r in self.loaded.competition.rounds if r.shortlist is not None]
        rules = self.plugins.shortlists()
        return not any(rules[u.rule].part(u.options, line=u.line).wants_ballots for u in uses)

    def rules(self, round_id: str, change: Change) -> RoundRules:
        """A round's rules in a variant."""
        rubric = change.rubrics.get(round_id, self.loaded.rubrics[round_id])
        key = (round_id, repr(rubric.scorer))
        if key not in self._rules:
            rubrics = {**self.loaded.rubrics, round_id: rubric}
            self._rules[key] = round_rules(
                replace(self.loaded, rubrics=rubrics), self.plugins, round_id
            )
        return replace(self._rules[key], rubric=rubric)

    @cached_property
    def levels(self) -> list[list[Round]]:
        """The rounds in the order in which they are run."""
        chains = {r: rubric.ties for r, rubric in self.loaded.rubrics.items()}
        return levels(self.loaded.competition.rounds, chains)

    def sources(self, round_: Round) -> set[str]:
        """The rounds that a round hears of."""
        return sources(round_) | _scores_of(self.loaded.rubrics[round_.id].ties)

    def hears_score(self, round_: Round, source: str) -> bool:
        """Whether a round takes the score of another one, be it to break ties."""
        parts = any(p.from_ == f"round:{source}" for p in round_.parts)
        return parts or source in _scores_of(self.loaded.rubrics[round_.id].ties)

    def touched(self, change: Change) -> set[str]:
        """The rounds that a change is made in."""
        found = set(change.rubrics) | {key[0] for key in change.marks}
        for judge in change.judges:
            found |= self._by_judge.get(judge, set())
        for proposal in change.withdrawn:
            found |= self._by_proposal.get(proposal, set())
        return found

    def reach(self, change: Change) -> set[str]:
        """The rounds that a change may reach."""
        found = self.touched(change)
        for level in self.levels:
            found |= {r.id for r in level if self.sources(r) & found}
        return found

    def entrants_of(self, round_id: str) -> frozenset[str]:
        """Who is officially in a round."""
        if round_id not in self._entrants:
            frame = self._rounds[round_id].standings.frame
            self._entrants[round_id] = frozenset(frame["proposal"])
        return self._entrants[round_id]

    def table_of(self, round_id: str) -> pl.DataFrame:
        """What awards see of a round officially."""
        if round_id not in self._tables:
            self._tables[round_id] = table(self._rounds[round_id])
        return self._tables[round_id]

    def rows(self, change: Change) -> int:
        """How many marks and lines of standings are worked through for a variant, at most."""
        return sum(self._sizes[r] for r in self.reach(change))

    @cached_property
    def _by_judge(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for frame in (self.loaded.marks, self.loaded.rankings):
            if frame is not None:
                for judge, round_id in frame.select("judge", "round").unique().iter_rows():
                    found.setdefault(judge, set()).add(round_id)
        return found

    @cached_property
    def _by_proposal(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for round_id, result in self._rounds.items():
            frame = result.standings.frame.filter(pl.col("status").is_null())
            for proposal in frame["proposal"]:
                found.setdefault(proposal, set()).add(round_id)
        return found

    @cached_property
    def _sizes(self) -> dict[str, int]:
        """How many marks and entrants each round has."""
        sizes = dict(self.loaded.marks.group_by("round").len().iter_rows())
        return {
            r.id: sizes.get(r.id, 0)
            + (len(self._rounds[r.id].standings) if r.id in self._rounds else 0)
            for r in self.loaded.competition.rounds
        }


def _scores_of(chain: Iterable[str]) -> set[str]:
    return {t.partition(":")[2] for t in chain if t.startswith(_TIES)}
