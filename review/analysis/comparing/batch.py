"""Some variants of a competition, run together as copies of its rounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from review.analysis.comparing.changes import MARK, with_marks
from review.analysis.comparing.variant import Variant, in_
from review.engine.book import Pages, by_round, standings
from review.engine.copies import SEPARATOR, copy_of, original
from review.engine.entrants import sources
from review.engine.level import Level, Outcome
from review.engine.prizes import awards
from review.model.result import RoundResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.comparing.beside import Beside
    from review.analysis.comparing.changes import Change
    from review.engine.rules import RoundRules
    from review.model.competition import Round
    from review.model.loaded import LoadedCompetition
    from review.model.problem import Problem
    from review.model.result import ShortlistEntry, Standings

_STATUS = "withdrawn"
_ORDER = ("proposal", "group", "rank", "line_rank", "status")
_NO_COVERAGE = ("expected", "marked", "missing")


@dataclass(frozen=True)
class _Job:
    """One round of one variant, under the name of its copy."""

    variant: int
    rules: RoundRules  # as the engine counts it: named as a copy
    shown: RoundRules  # with the names of rounds as they are


class Batch:
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
        lacking = self.lacking[number]
        if sources(round_) & lacking or any(self._undecided(number, s) for s in going_on(round_)):
            lacking.add(round_.id)
            return False
        if self.beside.sources(round_) & lacking:  # ties are broken by a round that is not run
            self.odd.add(number)
            return False
        if round_.id in self.touched[number] or round_.id not in self.official:
            return True
        changed = self.beside.sources(round_) & self.variants[number].changed
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
        if source in going_on(round_) and in_(before) != in_(after):
            return True
        one, two = (self._scores(r.standings.frame, round_.id) for r in (before, after))
        return one != two

    def _scores(self, frame: pl.DataFrame, round_id: str) -> dict[str, int | None]:
        """The scores of those who are officially in another round."""
        there = self.beside.entrants_of(round_id)
        return {p: s for p, s in zip(frame["proposal"], frame["score"], strict=True) if p in there}

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
        titles: dict[str, Mapping[str, str]] = {p: {} for p in self.loaded.proposals["proposal"]}
        tables = standings([job.shown for job in jobs], pages, titles, {})
        refused = {r for r, _ in found.ranked.refused} | _with_gaps(rules, found.scored)
        for job in jobs:
            name, round_id = job.rules.id, original(job.rules.id)
            result = RoundResult(
                id=round_id,
                title={},
                rubric=job.rules.rubric,
                standings=tables[name],
                shortlist=self._shortlist(level, job.shown, tables[name]),
                expected=0,
                marked=0,
                missing=0,
            )
            if name in refused:
                self.odd.add(job.variant)
            self.variants[job.variant].rounds[round_id] = result
            self.variants[job.variant].changed.add(round_id)
            self.outcome.rounds[name] = result
            self.outcome.score_places[name] = job.rules.rubric.decimals
        for problem in problems:
            self._hear(problem)
        scores = found.totals.frame.select("round", "proposal", "score")
        self.outcome.scores = pl.concat([self.outcome.scores, scores])

    def _shortlist(
        self, level: Level, rules: RoundRules, found: Standings
    ) -> tuple[ShortlistEntry, ...] | None:
        """The shortlist of a copy; the official one where the rule looks at nothing else."""
        official = self.official.get(original(rules.id))
        use = rules.round.shortlist
        if official is not None and use is not None:
            rule = self.beside.plugins.shortlists()[use.rule].part
            before, after = official.standings.frame, found.frame
            if rule.in_order and before.select(_ORDER).equals(after.select(_ORDER)):
                return official.shortlist
        return level.shortlist(rules, found)

    def _hear(self, problem: Problem) -> None:
        """Note what was told of a copy at its variant."""
        number = int(str(problem.message.params["round"]).partition(SEPARATOR)[0])
        if problem.is_error:
            self.odd.add(number)
        elif (message := self.beside.warning(problem)) is not None:
            self.variants[number].warnings.append(message)

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
            if round_id in seen and not self.beside.table_of(round_id).equals(table(after)):
                return False
        return True


def going_on(round_: Round) -> tuple[str, ...]:
    """The rounds whose shortlists a round's entrants come from."""
    return round_.entrants if isinstance(round_.entrants, tuple) else ()


def table(round_: RoundResult) -> pl.DataFrame:
    """What awards see of a round's standings."""
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
