"""The rules of a competition, held against each other and against what its tables have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.load.compared import check_compared
from review.load.parts import Use, check_part
from review.load.reach import highest_score, tell_unreachable
from review.load.suggest import did_you_mean
from review.messages import Message
from review.model.competition import Where
from review.model.problem import Place
from review.model.types import fold
from review.plugin.kinds import Kind
from review.plugin.manager import guarded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from review.load.attributes import Attributes
    from review.load.report import Report
    from review.model.competition import AwardUse, Competition, Round
    from review.model.rubric import Rubric
    from review.plugin.manager import Plugins

FILE = "competition.toml"
# What an award sees beside criteria and facts.
STANDING_COLUMNS = frozenset(("score", "subtotal"))


@dataclass(frozen=True)
class FactUse:
    """A fact that a rule asks for, and the key that asks.

    `needed`: it is certainly a fact; otherwise it may be a criterion too.
    """

    name: str
    key: str
    criteria: frozenset[str] = frozenset()


class Rules:
    """Checks one competition; what it finds is in the report."""

    def __init__(
        self,
        competition: Competition,
        rubrics: Mapping[str, Rubric],
        plugins: Plugins,
        report: Report,
    ) -> None:
        self.competition = competition
        self.rubrics = rubrics
        self.plugins = plugins
        self.report = report
        self.rounds = {round_.id: round_ for round_ in competition.rounds}
        self.attributes: list[tuple[str, str]] = []
        self.facts: list[FactUse] = []
        self.groups: dict[str, str] = {}

    def check(self) -> None:
        """Ids, references, circles, parts with their options; collects what is asked for."""
        for kind, ids in (("rounds", self.rounds_ids()), ("awards", self.award_ids())):
            for name, count in Counter(ids).items():
                if count > 1:
                    self.error("id_twice", f"{kind}.{name}", value=name)
        for round_ in self.competition.rounds:
            self._check_round(round_)
        self._check_circles()
        for award in self.competition.awards:
            self._check_award(award)
        self._check_policy()

    def rounds_ids(self) -> list[str]:
        """The ids of the rounds, as often as they stand there."""
        return [round_.id for round_ in self.competition.rounds]

    def award_ids(self) -> list[str]:
        """The ids of the awards, as often as they stand there."""
        return [award.id for award in self.competition.awards]

    def error(self, code: str, key: str, value: str, known: Iterable[str] = ()) -> None:
        """An error at a key of competition.toml."""
        hint = did_you_mean(value, known)
        self.report.error(code, Place(FILE, column=key), value=value, hint=hint)

    def no_round(self, code: str, key: str, value: str, others: Sequence[str]) -> None:
        """A round that is not there, where another than the own one is wanted."""
        hint = did_you_mean(value, others) or (None if others else Message("hint_no_other_round"))
        self.report.error(code, Place(FILE, column=key), value=value, hint=hint)

    def _check_round(self, round_: Round) -> None:
        key = f"rounds.{round_.id}"
        others = [name for name in self.rounds if name != round_.id]
        if isinstance(round_.entrants, Where):
            self.attributes += [
                (name, f"{key}.entrants.where.{name}") for name in round_.entrants.where
            ]
        else:
            self._check_entrants(round_, others)
        for number, part in enumerate(round_.parts, start=1):
            kind, _, name = part.from_.partition(":")
            where = f"{key}.parts.{number}.from"
            if kind == "round" and name not in self.rounds:
                self.no_round("round_unknown", where, name, others)
            if kind == "fact":
                self.facts.append(FactUse(name, where))
        if round_.group_by is not None:
            self.attributes.append((round_.group_by, f"{key}.group_by"))
        if round_.compared:
            check_compared(round_, self.rubrics.get(round_.id), self.plugins, self.report)
        elif round_.uses_own and not round_.marks:
            self.report.note("round_without_marks", Place(FILE, column=key), value=round_.id)
        self._check_ties(round_, others)
        self._check_shortlist(round_)

    def _check_entrants(self, round_: Round, others: Sequence[str]) -> None:
        where = f"rounds.{round_.id}.entrants"
        for name in round_.entrants if isinstance(round_.entrants, tuple) else ():
            if name not in self.rounds:
                self.no_round("round_unknown", where, name, others)
            elif self.rounds[name].shortlist is None:
                self.error("round_without_shortlist", where, name)

    def _check_ties(self, round_: Round, others: Sequence[str]) -> None:
        rubric = self.rubrics.get(round_.id)
        for token in rubric.ties if rubric else ():
            kind, _, rest = token.partition(":")
            where = f"rounds.{round_.id}.rubric"
            if kind == "score" and rest not in self.rounds:
                self.no_round("tie_round_unknown", where, rest, others)
            if kind == "fact":
                self.facts.append(FactUse(rest.removesuffix(":asc"), where))

    def _check_shortlist(self, round_: Round) -> None:
        use = round_.shortlist
        if use is None:
            return
        key = f"rounds.{round_.id}.shortlist"
        known = self.plugins.shortlists()
        place = Place(FILE, column=f"{key}.rule")
        use_ = Use(Kind.SHORTLIST, use.rule, use.options, place, key)
        rule = check_part(known, use_, self.report, line=use.line)
        if rule is not None:
            with guarded(known[use.rule]):
                self.attributes += [(name, key) for name in rule.attributes()]
            place = Place(FILE, column=f"{key}.min_score")
            self._check_reach(round_, getattr(rule.options, "min_score", None), place)

    def _check_reach(self, round_: Round, score: object, place: Place) -> None:
        highest = highest_score(round_, self.rubrics.get(round_.id), self.plugins)
        tell_unreachable(score, highest, place, self.report)

    def _check_circles(self) -> None:
        """A round that waits for itself, by its entrants, its parts or its ties."""
        waits = {name: self._waits_for(round_) for name, round_ in self.rounds.items()}
        told: set[str] = set()
        for name in self.rounds:
            circle = path_back(name, waits)
            if circle and not told & set(circle):
                told.update(circle)
                self.report.error(
                    "round_circle", Place(FILE, column=f"rounds.{name}"), value=name, rounds=circle
                )

    def _waits_for(self, round_: Round) -> list[str]:
        entrants = round_.entrants if isinstance(round_.entrants, tuple) else ()
        parts = [p.from_.partition(":")[2] for p in round_.parts if p.from_.startswith("round:")]
        rubric = self.rubrics.get(round_.id)
        ties = [
            t.partition(":")[2] for t in (rubric.ties if rubric else ()) if t.startswith("score:")
        ]
        return [name for name in (*entrants, *parts, *ties) if name in self.rounds]

    def _check_award(self, award: AwardUse) -> None:
        key = f"awards.{award.id}"
        if award.round not in self.rounds:
            self.error("round_unknown", f"{key}.round", award.round, self.rounds)
        else:
            place = Place(FILE, column=f"{key}.min_score")
            self._check_reach(self.rounds[award.round], award.min_score, place)
        known = self.plugins.awards()
        place = Place(FILE, column=f"{key}.award")
        use = Use(Kind.AWARD, award.award, award.options, place, f"{key}.options")
        part = check_part(known, use, self.report)
        if part is None:
            return
        with guarded(known[award.award]):
            columns, group = list(part.columns()), part.group()
            facts = list(part.facts)
        if group is not None:
            self.attributes.append((group, key))
            self.groups[award.id] = group
        rubric = self.rubrics.get(award.round)
        criteria = frozenset(c.id for c in rubric.criteria) if rubric else None
        for column in dict.fromkeys([*(f"fact:{name}" for name in facts), *columns]):
            self._check_column(column, key, criteria)

    def _check_column(self, column: str, key: str, criteria: frozenset[str] | None) -> None:
        kind, _, name = column.partition(":")
        if column in STANDING_COLUMNS:
            return
        if kind == "criterion":
            if criteria is not None and name not in criteria:
                self.error("award_criterion_unknown", key, name, sorted(criteria))
        elif kind == "fact":
            self.facts.append(FactUse(name, key))
        elif criteria is not None and column not in criteria:
            self.facts.append(FactUse(column, key, criteria))

    def _check_policy(self) -> None:
        policy = self.competition.award_policy
        awards = self.award_ids()
        for name in policy.order:
            if name not in awards:
                self.error("award_unknown", "award_policy.order", name, awards)
        if policy.one_per is not None:
            self.attributes.append((policy.one_per, "award_policy.one_per"))
        if policy.shortlisted and all(r.shortlist is None for r in self.rounds.values()):
            self.report.error("no_shortlist", Place(FILE, column="award_policy.shortlisted"))

    def columns(self, proposals: Attributes) -> dict[str, str]:
        """name → column of the attributes that rules name and that are called otherwise."""
        found = {name: proposals.resolve(name) for name, _ in self.attributes}
        return {name: column for name, column in found.items() if name != column}

    def grouped(self, proposals: Attributes) -> pl.DataFrame:
        """`what` (`award:ID`), `proposal`, `group` of the awards that are given in each group."""
        schema = dict.fromkeys(("what", "proposal", "group"), pl.String)
        frames = [
            proposals.frame.select(
                pl.lit(f"award:{award}").alias("what"), "proposal", group=pl.col(column)
            )
            for award, name in self.groups.items()
            if (column := proposals.there(name)) is not None
        ]
        return pl.concat([pl.DataFrame(schema=schema), *frames])

    def check_attributes(self, proposals: Attributes) -> None:
        """Attributes that rules name and no proposal has; values of `where` that none has."""
        for name, key in dict.fromkeys(self.attributes):
            column, place = proposals.there(name), Place(FILE, column=key)
            if column is None:
                hint = proposals.hint(name)
                self.report.error("attribute_unknown", place, value=name, hint=hint)
            elif proposals.frame[column].is_null().all():
                self.report.warning("attribute_blank", place, value=name)
        for round_ in self.competition.rounds:
            if isinstance(round_.entrants, Where):
                self._check_where(round_.id, round_.entrants, proposals)
            self._check_blind(round_, proposals)

    def _check_blind(self, round_: Round, proposals: Attributes) -> None:
        rubric = self.rubrics.get(round_.id)
        for name in rubric.blind if rubric else ():
            if proposals.find(name) is None:
                place = Place(FILE, column=f"rounds.{round_.id}.rubric")
                hint = proposals.hint(name)
                self.report.warning("blind_unknown", place, value=name, hint=hint)

    def _check_where(self, round_id: str, entrants: Where, proposals: Attributes) -> None:
        for name, wanted in entrants.where.items():
            column = proposals.find(name)
            there = None if column is None else set(proposals.frame[column])
            folds = {fold(value) for value in there or () if value}
            for value in (wanted,) if isinstance(wanted, str) else wanted:
                if there is not None and fold(value) not in folds:
                    place = Place(FILE, column=f"rounds.{round_id}.entrants.where.{name}")
                    hint = did_you_mean(value, sorted(v for v in there if v))
                    self.report.warning(
                        "nobody_where", place, value=value, attribute=name, hint=hint
                    )

    def wanted_facts(self) -> set[str]:
        """The names of all facts that rules ask for."""
        return {use.name for use in self.facts}

    def check_facts(self, columns: Collection[str], proposals: Attributes) -> None:
        """Facts that rules ask for and the competition does not have.

        Attributes of the proposals that hold numbers serve as facts too.
        """
        known = dict.fromkeys([*columns, *proposals.numeric()])
        for use in dict.fromkeys(self.facts):
            if use.name not in columns:
                code = "award_column_unknown" if use.criteria else "fact_unknown"
                there = [*known, *sorted(use.criteria)]
                none = None if there else Message("hint_facts", {"name": use.name})
                hint = did_you_mean(use.name, there) or none
                self.report.error(code, Place(FILE, column=use.key), value=use.name, hint=hint)


def path_back(start: str, waits: Mapping[str, Sequence[str]]) -> list[str]:
    """The rounds from `start` back to it, or none."""
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        for name in waits[path[-1]]:
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []
