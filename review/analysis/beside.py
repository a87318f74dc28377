"""Many variants of a competition at once.

Rounds are rows for the engine: the changed rounds of many variants are run as copies of each other
in one query, by the same steps as `derive` takes. A variant's rounds that nothing reaches are those
of the official result. Whatever is out of the ordinary in a variant (an error, a rule that must
know ballots) is run by `derive` itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from review.analysis.changes import MARK, with_marks
from review.engine.book import Pages, by_round, standings
from review.engine.copies import SEPARATOR, copy_of, original
from review.engine.entrants import levels, sources
from review.engine.level import Level, Outcome
from review.engine.prizes import Known, awards
from review.engine.rules import RoundRules
from review.errors import HeadroomError, PluginError
from review.messages import Message
from review.model.result import RoundResult
from review.pipeline import derive, round_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from review.analysis.changes import Change
    from review.model.competition import Round
    from review.model.loaded import LoadedCompetition
    from review.model.result import AwardResult, Result
    from review.plugin.manager import Plugins

ROWS = 300_000
"""So many marks are copied for one query, at most, or one variant's."""

BEARABLE = {"round_undecided", "ruling_without_effect"}
"""Errors that leave a result: what waits for a decision, and rulings that a variant makes idle."""

_STATUS = "withdrawn"
_NO_COVERAGE = ("expected", "marked", "missing")
_TIES = ("score:",)


@dataclass
class Variant:
    """What a change comes to: its rounds and awards, or why there are none.

    `rounds` are those that were run; one is lacking that waits for a decision. `changed`: the
    rounds that were run anew; the others are the official ones.
    """

    change: Change
    rounds: dict[str, RoundResult] = field(default_factory=dict)
    awards: tuple[AwardResult, ...] = ()
    refusal: Message | None = None
    changed: set[str] = field(default_factory=set)


class Beside:
    """A competition whose variants are run beside its official result."""

    def __init__(self, official: Result, plugins: Plugins) -> None:
        self.official = official
        self.loaded: LoadedCompetition = replace(official.source, problems=())
        self.plugins = plugins
        self._rounds = {r.id: r for r in official.rounds}
        self.known = Known(self.loaded)
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
        return Variant(change, rounds, result.awards, refusal, set(rounds))

    def _batch(self, changes: Sequence[Change]) -> list[Variant]:
        """Variants in one go; where the numbers of one are too large, the others by halves."""
        if not changes:
            return []
        if not self._plain:
            return [self.single(change) for change in changes]
        try:
            return _Batch(self, changes).run()
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


@dataclass(frozen=True)
class _Job:
    """One round of one variant, under the name of its copy."""

    variant: int
    rules: RoundRules  # as the engine counts it: named as a copy
    shown: RoundRules  # with the names of rounds as they are


class _Batch:
    """Some variants, run together."""

    def __init__(self, beside: Beside, changes: Sequence[Change]) -> None:
        self.beside = beside
        self.loaded = beside.loaded
        self.official = {r.id: r for r in beside.official.rounds}
        self.variants = [Variant(change) for change in changes]
        self.touched = [beside.touched(change) for change in changes]
        self.lacking: list[set[str]] = [set() for _ in changes]
        self.odd: set[int] = set()
        self.outcome = self._outcome()

    def run(self) -> list[Variant]:
        """The variants with all their rounds and awards."""
        for level in self.beside.levels:
            jobs = [
                self._job(number, round_)
                for number in range(len(self.variants))
                if number not in self.odd
                for round_ in level
                if self._is_run(number, round_)
            ]
            if jobs:
                self._run(jobs)
        return [self._finished(number) for number in range(len(self.variants))]

    def _outcome(self) -> Outcome:
        """The official result, as what variants start from."""
        outcome = Outcome(rounds=dict(self.official))
        for round_id, result in self.official.items():
            frame = result.standings.frame.filter(pl.col("status").is_null())
            scores = frame.select("proposal", "score", round=pl.lit(round_id))
            outcome.scores = pl.concat(
                [outcome.scores, scores.select("round", "proposal", "score")]
            )
            outcome.score_places[round_id] = result.rubric.decimals
        return outcome

    def _is_run(self, number: int, round_: Round) -> bool:
        """Whether a round must be run anew, and can: each shortlist that it needs is decided."""
        sources_ = self.beside.sources(round_)
        lacking = self.lacking[number]
        if any(source in lacking for source in sources(round_)) or any(
            self._undecided(number, source)
            for source in round_.entrants or ()
            if source in sources_
        ):
            lacking.add(round_.id)
            return False
        if round_.id in self.touched[number] or round_.id not in self.official:
            return True
        changed = sources_ & self.variants[number].changed
        return any(self._differs(number, source, round_) for source in changed)

    def _found(self, number: int, round_id: str) -> RoundResult | None:
        return self.variants[number].rounds.get(round_id) or self.official.get(round_id)

    def _undecided(self, number: int, source: str) -> bool:
        found = self._found(number, source)
        return found is None or any(e.status == "undecided" for e in found.shortlist or ())

    def _differs(self, number: int, source: str, round_: Round) -> bool:
        """Whether what a round takes from another one is not as it is officially."""
        before, after = self.official.get(source), self.variants[number].rounds[source]
        if before is None:
            return True
        if source in (round_.entrants or ()) and in_(before) != in_(after):
            return True
        entrants = pl.col("proposal").is_in(self.official[round_.id].standings.frame["proposal"])
        one, two = (
            r.standings.frame.filter(entrants).select("proposal", "score").sort("proposal")
            for r in (before, after)
        )
        return not one.equals(two)

    def _job(self, number: int, round_: Round) -> _Job:
        rules = self.beside.rules(round_.id, self.variants[number].change)
        name = copy_of(round_.id, number)
        shown = replace(rules, round=rules.round.model_copy(update={"id": name}))
        changed = self.variants[number].changed
        hears = self.beside.sources(round_) & changed
        if not hears:
            return _Job(number, shown, shown)
        names = {r: copy_of(r, number) for r in hears}
        return _Job(number, _renamed(shown, names), shown)

    def _run(self, jobs: Sequence[_Job]) -> None:
        beside = self.beside
        rules = [job.rules for job in jobs]
        level = Level(self._merged(jobs), beside.plugins, rules, self.outcome)
        self._withdraw(level, jobs)
        problems = self.outcome.problems = []
        found = level.count(*level.counting(), problems)
        pages = Pages(
            entrants=level.entrants,
            totals=found.totals.frame,
            ranked=found.ranked.frame,
            criteria=pl.concat([s.criteria for s in found.scored]),
            parts=found.totals.parts.with_columns(_named_as_shown(pl.col("from"))),
            part_places={
                r: {_shown(part): n for part, n in places.items()}
                for r, places in found.totals.places.items()
            },
            coverage=_no_coverage(),
        )
        titles: dict[str, Mapping[str, str]] = {
            p: {} for p in self.loaded.proposals["proposal"]
        }
        tables = standings([job.shown for job in jobs], pages, titles, {})
        refused = {r for r, _ in found.ranked.refused} | _with_gaps(rules, found.scored)
        for job in jobs:
            name, round_id = job.rules.id, original(job.rules.id)
            told = len(problems)
            result = RoundResult(
                id=round_id,
                title={},
                rubric=job.rules.rubric,
                standings=tables[name],
                shortlist=level.shortlist(job.shown, tables[name]),
                expected=0,
                marked=0,
                missing=0,
            )
            if name in refused or any(p.is_error for p in problems[told:]):
                self.odd.add(job.variant)
            self.variants[job.variant].rounds[round_id] = result
            self.variants[job.variant].changed.add(round_id)
            self.outcome.rounds[name] = result
            self.outcome.score_places[name] = job.rules.rubric.decimals
        self.odd |= _named_in(problems)
        scores = found.totals.frame.select("round", "proposal", "score")
        self.outcome.scores = pl.concat([self.outcome.scores, scores])

    def _merged(self, jobs: Sequence[_Job]) -> LoadedCompetition:
        """The competition with the rounds of the jobs as rounds of their own."""
        loaded = self.loaded
        copies = pl.DataFrame(
            [(original(j.rules.id), j.rules.id, j.variant) for j in jobs],
            {"round": pl.String, "copy": pl.String, "variant": pl.Int64},
            orient="row",
        )
        rankings = loaded.rankings
        changed: dict[str, Any] = {
            "marks": self._marked(self._without(_copied(loaded.marks, copies), jobs), jobs),
            "rankings": None
            if rankings is None
            else self._without(_copied(rankings, copies), jobs),
            "decisions": _copied(loaded.decisions, copies),
            "facts": pl.concat([loaded.facts, _copied(loaded.facts, copies)]),
        }
        return replace(loaded, assignments=None, times=None, **changed)

    def _without(self, frame: pl.DataFrame, jobs: Sequence[_Job]) -> pl.DataFrame:
        """Rows of copies, without those of the judges whom their variant leaves out."""
        rows = [
            (job.rules.id, judge)
            for job in jobs
            for judge in sorted(self.variants[job.variant].change.judges)
        ]
        gone = pl.DataFrame(rows, {"round": pl.String, "judge": pl.String}, orient="row")
        return frame.join(gone, on=["round", "judge"], how="anti") if rows else frame

    def _marked(self, marks: pl.DataFrame, jobs: Sequence[_Job]) -> pl.DataFrame:
        """Marks of copies, with those that their variant changes."""
        rows = [
            (job.rules.id, *key[1:], value)
            for job in jobs
            for key, value in self.variants[job.variant].change.marks.items()
            if key[0] == original(job.rules.id)
        ]
        schema = {**dict.fromkeys(MARK, pl.String), "new": pl.Int64}
        return with_marks(marks, pl.DataFrame(rows, schema, orient="row")) if rows else marks

    def _withdraw(self, level: Level, jobs: Sequence[_Job]) -> None:
        """Take out of the copies whom their variant takes out."""
        rows = [
            (job.rules.id, proposal, _STATUS)
            for job in jobs
            for proposal in sorted(self.variants[job.variant].change.withdrawn)
        ]
        if rows:
            gone = pl.DataFrame(rows, ["round", "proposal", "gone"], orient="row")
            level.entrants = (
                level.entrants.join(
                    gone, on=["round", "proposal"], how="left", maintain_order="left"
                )
                .with_columns(status=pl.coalesce("status", "gone"))
                .drop("gone")
            )
            level.active = level.entrants.filter(pl.col("status").is_null()).drop("status")

    def _finished(self, number: int) -> Variant:
        """The variant with its official rounds and its awards."""
        variant = self.variants[number]
        if number in self.odd:
            return self.beside.single(variant.change)
        anew = variant.rounds
        lacking = self.lacking[number]
        variant.rounds = {
            r.id: found
            for r in self.loaded.competition.rounds
            if r.id not in lacking and (found := self._found(number, r.id)) is not None
        }
        if set(variant.rounds) == set(self.official) and self._as_official(anew):
            variant.awards = self.beside.official.awards
        else:
            variant.awards = awards(
                self.loaded, self.beside.plugins, Outcome(rounds=variant.rounds), self.beside.known
            )
        return variant

    def _as_official(self, anew: Mapping[str, RoundResult]) -> bool:
        """Whether awards see nothing else than officially in rounds that were run anew."""
        seen = {use.round for use in self.loaded.competition.awards}
        for round_id, after in anew.items():
            before = self.official[round_id]
            if in_(before) != in_(after):
                return False
            if round_id in seen and not _table(before).equals(_table(after)):
                return False
        return True


def in_(round_: RoundResult) -> frozenset[str]:
    """Who is in on a shortlist."""
    return frozenset(e.proposal for e in round_.shortlist or () if e.status == "in")


def _table(round_: RoundResult) -> pl.DataFrame:
    return round_.standings.frame.drop(_NO_COVERAGE)


def _copied(frame: pl.DataFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """The rows of each copied round under the name of each of its copies."""
    joined = frame.join(copies.select("round", "copy"), on="round")
    return joined.with_columns(round="copy").select(frame.columns)


def _renamed(rules: RoundRules, names: Mapping[str, str]) -> RoundRules:
    """Rules of a round that hears of copies of other rounds."""

    def renamed(text: str, prefix: str) -> str:
        kind, _, name = text.partition(":")
        return f"{prefix}{names[name]}" if kind + ":" == prefix and name in names else text

    parts = tuple(
        p.model_copy(update={"from_": renamed(p.from_, "round:")}) for p in rules.round.parts
    )
    entrants = rules.round.entrants
    if isinstance(entrants, tuple):
        entrants = tuple(names.get(r, r) for r in entrants)
    round_ = rules.round.model_copy(update={"parts": parts, "entrants": entrants})
    ties = tuple(renamed(t, "score:") for t in rules.rubric.ties)
    return replace(rules, round=round_, rubric=rules.rubric.model_copy(update={"ties": ties}))


def _shown(part: str) -> str:
    kind, colon, name = part.partition(":")
    return kind + colon + original(name)


def _named_as_shown(column: pl.Expr) -> pl.Expr:
    return column.str.replace(rf"^round:.*{SEPARATOR}", "round:")


def _no_coverage() -> pl.DataFrame:
    schema = {"round": pl.String, "proposal": pl.String, **dict.fromkeys(_NO_COVERAGE, pl.Int64)}
    return pl.DataFrame(schema=schema)


def _with_gaps(rules: Sequence[RoundRules], scored: Sequence[Any]) -> set[str]:
    """Rounds whose rules refuse the gaps that are there."""
    refusing = {r.id for r in rules if r.rubric.incomplete == "refuse"}
    return refusing & set(by_round(pl.concat([s.gaps for s in scored]))) if refusing else set()


def _named_in(problems: Iterable[Any]) -> set[int]:
    """The variants in whose copies there was an error."""
    found: set[int] = set()
    for problem in problems:
        round_id = str(problem.message.params.get("round", ""))
        if problem.is_error and SEPARATOR in round_id:
            found.add(int(round_id.partition(SEPARATOR)[0]))
    return found
