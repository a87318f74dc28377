"""The rounds that can be run at the same time: their marks scored, ranked and cut to shortlists."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

import polars as pl

from review.engine import entrants as who
from review.engine import findings
from review.engine.book import Pages, by_round, standings
from review.engine.chain import Cells, Scored, mark_cells, score_shape
from review.engine.copies import original
from review.engine.rankings import (
    counted_rankings,
    excluded_rankings,
    score_rankings,
    tell_rankings,
    tell_unheard,
)
from review.engine.ranks import Ranked, rank
from review.engine.rulings import ruled
from review.engine.shortlist import Field, draw_up
from review.engine.ties import TieKeys
from review.engine.total import PartValues, Totals, totals
from review.engine.trace import Tracing
from review.messages import Message
from review.model.problem import Problem, error, note, warning
from review.model.result import ExcludedEffect, RoundResult
from review.plugin.manager import guarded
from review.plugin.parts import RoundContext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.engine.rules import RoundRules
    from review.engine.shortlist import Ruling
    from review.model.loaded import LoadedCompetition
    from review.model.result import RoundTrace, ShortlistEntry, Standings
    from review.plugin.manager import Plugins
    from review.plugin.parts import Selection

PAIR = ["round", "proposal"]
LISTED_ROUNDS = 10
_SCORES = {"round": pl.String, "proposal": pl.String, "score": pl.Int64}


@dataclass
class Outcome:
    """What the levels run so far came to; each level adds to it."""

    problems: list[Problem] = field(default_factory=list)
    rounds: dict[str, RoundResult] = field(default_factory=dict)
    scores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SCORES))
    score_places: dict[str, int] = field(default_factory=dict)
    tracing: dict[str, Tracing] = field(default_factory=dict)

    @property
    def shortlists(self) -> dict[str, tuple[ShortlistEntry, ...]]:
        """Round → its shortlist, of the rounds that have one."""
        return {
            r: found.shortlist for r, found in self.rounds.items() if found.shortlist is not None
        }

    def trace(self, round_id: str) -> RoundTrace:
        """The way from marks to score of one round."""
        return self.tracing[round_id].trace(round_id)


@dataclass(frozen=True)
class Counted:
    """What some marks came to, up to ranks."""

    cells: Sequence[tuple[Cells, list[RoundRules]]]
    scored: Sequence[Scored]
    totals: Totals
    ranked: Ranked


class Level:
    """Rounds whose entrants are known."""

    def __init__(
        self,
        loaded: LoadedCompetition,
        plugins: Plugins,
        rules: Sequence[RoundRules],
        outcome: Outcome,
    ) -> None:
        self.loaded = loaded
        self.plugins = plugins
        self.rules = sorted(rules, key=lambda r: (repr(r.shape), r.id))
        self.outcome = outcome
        shortlists = outcome.shortlists
        everybody = [who.entrants(r.round, loaded.proposals, shortlists) for r in rules]
        self.entrants = pl.concat(everybody)
        self.active = self.entrants.filter(pl.col("status").is_null()).drop("status")
        ids = [r.id for r in rules]
        self.marks = loaded.marks.filter(pl.col("round").is_in(ids))
        self.rankings = loaded.rankings
        if loaded.rankings is not None:
            self.rankings = loaded.rankings.filter(pl.col("round").is_in(ids))
        self.panels = who.Panels.of([r.round for r in rules], loaded.judges)

    def run(self) -> None:
        """Add the results of these rounds to the outcome."""
        loaded, outcome = self.loaded, self.outcome
        counted, ranked = self.counting()
        found = self.count(counted, ranked, outcome.problems)
        self._tell(found, counted)
        excluded = pl.concat([
            who.excluded_marks(self.marks, self.active, loaded.conflicts),
            excluded_rankings(self.rankings, self.active, loaded.conflicts),
        ])  # fmt: skip
        before = self._ranks_with(excluded)
        pages = self._pages(found, counted)
        titles, reasons = _titles(loaded.proposals), _status_reasons(loaded.proposals)
        self._remember(found, ranked, excluded)
        tables = standings(self.rules, pages, titles, reasons)
        for rules in self.rules:
            table = tables[rules.id]
            outcome.rounds[rules.id] = RoundResult(
                id=rules.id,
                title=rules.round.title,
                rubric=rules.rubric,
                standings=table,
                shortlist=self.shortlist(rules, table),
                expected=int(table.frame["expected"].sum()),
                marked=int(table.frame["marked"].sum()),
                missing=int(table.frame["missing"].sum()),
                excluded=tuple(
                    excluded.filter(pl.col("round") == rules.id)
                    .select("judge", "proposal", "reason")
                    .iter_rows()
                ),
                excluded_effect=_effect(table, before.get(rules.id)),
            )
            outcome.score_places[rules.id] = rules.rubric.decimals
        outcome.scores = pl.concat([outcome.scores, found.totals.frame.select(*_SCORES)])

    def counting(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The marks that count, states and blanks too, and the rankings."""
        conflicts = self.loaded.conflicts
        return (
            who.counted_marks(self.marks, self.active, conflicts),
            counted_rankings(self.rankings, self.active, conflicts),
        )

    def count(
        self, counted: pl.DataFrame, ranked: pl.DataFrame, problems: list[Problem]
    ) -> Counted:
        """Score, total and rank these marks and rankings."""
        numbers = counted.filter(pl.col("value").is_not_null())
        shapes = [list(g) for _, g in groupby(self.rules, key=lambda r: repr(r.shape))]
        cells, scored = [], []
        for shape in shapes:
            mine = mark_cells(numbers.filter(pl.col("round").is_in([r.id for r in shape])), shape)
            with guarded(shape[0].plugin, _scoring(shape)):
                if shape[0].round.compared:
                    here = ranked.filter(pl.col("round").is_in([r.id for r in shape]))
                    scored.append(score_rankings(here, shape, problems))
                else:
                    scored.append(score_shape(mine, shape, problems))
            cells.append((mine, shape))
        subtotals = pl.concat([s.subtotals for s in scored], how="diagonal")
        values = PartValues(self.outcome.scores, self.outcome.score_places,
                            self.loaded.facts, self.loaded.fact_places)  # fmt: skip
        total = totals(self.active, subtotals, self.rules, values)
        return Counted(cells, scored, total, self._rank(total, scored))

    def _rank(self, total: Totals, scored: Sequence[Scored]) -> Ranked:
        rules = {r.id: r for r in self.rules}
        keys = TieKeys(
            rules=rules,
            seed=str(self.loaded.competition.seed),
            subtotals=total.frame.select(*PAIR, "subtotal"),
            criteria=pl.concat([s.criteria for s in scored]),
            ballots=pl.concat([s.ballots for s in scored]),
            tops=self._tops([s.cells for s in scored]),
            scores=self.outcome.scores,
            facts=self.loaded.facts,
            decisions=self._tie_rulings(),
        )
        with_score = total.frame.filter(pl.col("score").is_not_null())
        chains = {r: rule.rubric.ties for r, rule in rules.items()}
        at_line = [
            r.id
            for r in self.rules
            if r.round.shortlist is not None and r.round.shortlist.line == "chain"
        ]
        return rank(with_score, chains, keys, at_line)

    def _tops(self, cells: Sequence[Cells]) -> pl.DataFrame:
        """`round`, `proposal`, `top`: whether a mark that counts is at the top of its scale."""
        units = {r: unit for each in cells for r, unit in each.units.items()}
        rows = [
            (r.id, c.id, ceil(r.rubric.scale_of(c).max * units[r.id]))
            for r in self.rules
            for c in r.rubric.counting
        ]
        schema = {"round": pl.String, "criterion": pl.String, "most": pl.Int64}
        most = pl.DataFrame(rows, schema, orient="row")
        marks = pl.concat([each.frame for each in cells]).join(most, on=["round", "criterion"])
        return marks.select(*PAIR, top=pl.col("value") >= pl.col("most"))

    def _tie_rulings(self) -> pl.DataFrame:
        """`tie:N` decisions as keys: N = 1 goes first."""
        rows = [
            (round_id, proposal, -int(what.partition(":")[2]))
            for round_id, proposal, what in self.loaded.decisions.select(
                "round", "proposal", "what"
            ).iter_rows()
            if what.startswith("tie:")
        ]
        return pl.DataFrame(
            rows, {"round": pl.String, "proposal": pl.String, "key": pl.Int64}, orient="row"
        )

    def _ranks_with(self, excluded: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """Ranks as they would be with the excluded marks in, of the rounds that have some."""
        rounds = excluded["round"].unique().to_list()
        if not rounds:
            return {}
        rules = [r for r in self.rules if r.id in rounds]
        other = Level(self.loaded, self.plugins, rules, self.outcome)
        nobody = self.loaded.conflicts.clear()
        everything = who.counted_marks(other.marks, other.active, nobody)
        ranked = counted_rankings(other.rankings, other.active, nobody)
        return by_round(
            other.count(everything, ranked, []).ranked.frame.select(
                "round", "proposal", rank_with="rank"
            )
        )

    def _pages(self, found: Counted, counted: pl.DataFrame) -> Pages:
        criteria = pl.DataFrame(
            [
                (r.id, c.id)
                for r in self.rules
                for c in r.rubric.counting
                if r.round.uses_own and not r.round.compared
            ],
            {"round": pl.String, "criterion": pl.String},
            orient="row",
        )
        return Pages(
            entrants=self.entrants,
            totals=found.totals.frame,
            ranked=found.ranked.frame,
            criteria=pl.concat([s.criteria for s in found.scored]),
            parts=found.totals.parts,
            part_places=found.totals.places,
            coverage=who.coverage(self.active, counted, self.panels, self.loaded, criteria),
        )

    @cached_property
    def _attributes(self) -> Mapping[str, Mapping[str, str | None]]:
        """proposal → attribute → value."""
        rows = self.loaded.proposals.iter_rows(named=True)
        return {row["proposal"]: row for row in rows}

    def shortlist(self, rules: RoundRules, table: Standings) -> tuple[ShortlistEntry, ...] | None:
        """Who goes on from the standings of a round; None where it has no rule."""
        use = rules.round.shortlist
        if use is None:
            return None
        found = self.plugins.shortlists()[use.rule]
        rule = found.part(use.options, line=use.line)
        seed = self.loaded.competition.seed
        field_ = Field(
            standings=table.frame,
            places=rules.rubric.decimals,
            attributes=self._attributes,
            reasons=table.reasons,
            rulings=self._rulings(rules.id),
            context=RoundContext(
                round=original(rules.id),
                seed=None if seed is None else str(seed),
                own_only=all(part.from_ == "own" for part in rules.round.made_of),
            ),
            trace=self.outcome.trace(rules.id) if rule.wants_ballots else None,
        )
        params = {"rule": use.rule, "round": rules.id}
        with guarded(found, Message("doing_shortlist", params)):
            entries, selections = draw_up(rule, field_)
        for selection in selections:
            self._tell_of(selection, rules.id)
        return entries

    def _tell_of(self, selection: Selection, round_id: str) -> None:
        """Add to the problems what a shortlist rule has to tell."""
        refused = [] if selection.refusal is None else [selection.refusal]
        for severity, messages in (
            (note, selection.remarks),
            (warning, selection.notes),
            (error, refused),
        ):
            self.outcome.problems.extend(
                severity(Message("in_round", {"round": round_id, "message": m})) for m in messages
            )

    def _rulings(self, round_id: str) -> dict[str, Ruling]:
        if not self.loaded.decisions.height:
            return {}
        mine = self.loaded.decisions.filter(pl.col("round") == round_id)
        return {
            row["proposal"]: (row["what"], ruled(f"decision_{row['what']}", row))
            for row in mine.iter_rows(named=True)
            if row["what"] in ("in", "out")
        }

    def _tell(self, found: Counted, counted: pl.DataFrame) -> None:
        """Add to the problems what was left out, lacks, or cannot be decided."""
        problems = self.outcome.problems
        problems.extend(findings.strangers(self.marks, self.entrants))
        rankings = self.rankings
        if rankings is not None:
            problems.extend(tell_rankings(rankings, self.entrants, self.loaded.conflicts))
        for rules in self.rules:
            if rules.round.compared and rankings is not None:
                problems.extend(tell_unheard(rules, rankings, self.panels, self.loaded))
            elif rules.round.uses_own:
                problems.extend(findings.silence(rules, counted, self.panels, self.loaded))
        missing = by_round(pl.concat([scored.gaps for scored in found.scored]))
        for rules in self.rules:
            if rules.id in missing:
                problems.extend(findings.gaps(rules, missing[rules.id]))
        for round_id, names in found.ranked.refused:
            params = {"round": round_id, "proposals": names}
            problems.append(error(Message("tie_refused", params)))

    def _remember(self, found: Counted, ranked: pl.DataFrame, excluded: pl.DataFrame) -> None:
        for (cells, shape), scored in zip(found.cells, found.scored, strict=True):
            tracing = Tracing(self.marks, cells, shape, scored, excluded, ranked)
            self.outcome.tracing.update(dict.fromkeys((r.id for r in shape), tracing))


def _scoring(shape: Sequence[RoundRules]) -> Message:
    """What a plugin is at, for a message about its failure."""
    named = [rules.id for rules in shape[:LISTED_ROUNDS]]
    more = ["…"] if len(shape) > LISTED_ROUNDS else []
    params = {"scorer": shape[0].rubric.scorer.name, "rounds": [*named, *more]}
    return Message("doing_scorer", params)


def _titles(proposals: pl.DataFrame) -> dict[str, dict[str, str]]:
    """proposal → language → title: `title` is the source text, `title_LANG` adds a language."""
    languages = {"title": "en"} | {
        c: c.removeprefix("title_") for c in proposals.columns if c.startswith("title_")
    }
    return {
        row["proposal"]: {lang: row[c] for c, lang in languages.items() if row.get(c)}
        for row in proposals.select(
            "proposal", *(c for c in languages if c in proposals.columns)
        ).iter_rows(named=True)
    }


def _status_reasons(proposals: pl.DataFrame) -> dict[str, str | None]:
    told = proposals.filter(pl.col("status").is_not_null())
    return dict(told.select("proposal", "status_reason").iter_rows())


def _effect(table: Standings, before: pl.DataFrame | None) -> tuple[ExcludedEffect, ...]:
    """Whose rank the exclusion of marks changed."""
    if before is None:
        return ()
    both = table.frame.select("proposal", "rank").join(
        before, on="proposal", how="left", maintain_order="left"
    )
    changed = both.filter(pl.col("rank").ne_missing(pl.col("rank_with")))
    return tuple(
        ExcludedEffect(*row) for row in changed.select("proposal", "rank", "rank_with").iter_rows()
    )
