"""The chance of winning each award: its own rule and the award policy, on drawn scores."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from review.analysis.crossing import criterion_marks
from review.analysis.percent import percent
from review.analysis.seeds import seed_of
from review.analysis.stability.drawing import LEAST, Draw, Drawn, Unknown, in_marks, scorer_title
from review.engine.column import Column
from review.engine.prizes import view_of
from review.messages import Message
from review.plugin.manager import guarded
from review.stats.prizes import give

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from review.engine.standings import StandingsView
    from review.model.competition import AwardUse
    from review.model.result import AwardResult, Result, RoundResult
    from review.plugin.manager import Plugins, Registered
    from review.plugin.parts import Award

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

#: An award whose value is computed anew is computed this often, and at least so often…
AGAIN, AGAIN_LEAST = 300, 100
#: … while that takes no more than so many values.
AGAIN_VALUES = 60_000
#: Chances below this are not listed.
LISTED = 0.005


@dataclass(frozen=True)
class Chance:
    """The chance that one proposal gets a prize of an award, in all and by tier; `won`: it did."""

    proposal: str
    title: Mapping[str, str]
    chance: float
    by_tier: tuple[float, ...]
    won: bool

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "proposal": self.proposal,
            "title": dict(self.title),
            "chance": round(self.chance, 4),
            "by_tier": [round(each, 4) for each in self.by_tier],
            "won": self.won,
        }


@dataclass(frozen=True)
class AwardChances:
    """How sure an award is.

    `basis`: "score" (the score of the round decides), "values" (the award's value was computed anew
    for each draw), "facts" (marks do not enter its value), None where nothing can be said
    (`reason` tells why). `chances`: of winners, and of others that have one, the largest first.
    """

    id: str
    title: Mapping[str, str]
    round: str
    basis: str | None
    draws: int
    chances: tuple[Chance, ...]
    sentences: tuple[Message, ...]

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "round": self.round,
            "basis": self.basis,
            "draws": self.draws,
            "sentences": [s.to_json() for s in self.sentences],
            "chances": [c.to_json() for c in self.chances],
        }


class _Read(dict[str, Column]):
    """Columns that remember which of them were read."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        super().__init__(columns)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Column:
        self.names.add(name)
        return super().__getitem__(name)


@dataclass(frozen=True, eq=False)
class _Case:
    """One award about to be given many times over; arrays in the order of the standings.

    `totals` (draws, N): drawn scores, -inf without one. `inside` (draws, N): on the shortlist.
    """

    use: AwardUse
    given: AwardResult
    round: RoundResult
    registered: Registered[type[Award]]
    view: StandingsView
    totals: Floats
    inside: Flags
    rank: tuple[int | None, ...]


class Giving:
    """Gives the awards in the order of the policy, remembering in each draw who has one."""

    def __init__(
        self,
        result: Result,
        plugins: Plugins,
        fields: Mapping[str, Sequence[Drawn | Unknown]],
        sizes: Mapping[tuple[str, str | None], int],
        draw: Draw,
    ) -> None:
        """`fields` by round; `sizes`: how many are in, by round and group of those with a line."""
        self.result, self.plugins, self.fields = result, plugins, fields
        self.sizes, self.draw = sizes, draw
        drawn = [len(f.own) for found in fields.values() for f in found if isinstance(f, Drawn)]
        self.draws = min(drawn, default=1)
        one_per = result.source.competition.award_policy.one_per
        table = result.source.proposals
        units = table[one_per].to_list() if one_per else [None] * table.height
        names = {name: i for i, name in enumerate(sorted({u for u in units if u is not None}))}
        self.units = {
            p: -1 if u is None else names[u] for p, u in zip(table["proposal"], units, strict=True)
        }
        self.taken = np.zeros((self.draws, len(names)), dtype=bool)

    def all(self) -> Iterator[AwardChances]:
        """Every award that was given, in the policy's order."""
        competition = self.result.source.competition
        given = {award.id: award for award in self.result.awards}
        order = {award: i for i, award in enumerate(competition.award_policy.order)}
        for use in sorted(competition.awards, key=lambda u: order.get(u.id, len(order))):
            if use.id in given:
                yield self._award(use, given[use.id])

    def _award(self, use: AwardUse, given: AwardResult) -> AwardChances:
        case = self._case(use, given)
        award = case.registered.part(use.options)
        doing = Message("doing_award", {"award": use.id, "part": use.award})
        with guarded(case.registered, doing):
            read = _Read(case.view.columns)
            column = award.value(case.view.with_columns(read))
        marks = {n for n in read.names if not n.startswith("fact:")}
        basis = "values" if marks else "facts"
        if marks == {"score"} and column.values == case.view.score.values:
            basis = "score"
        reason = self._why_not(use, basis)
        if reason is not None:
            self._keep(case)
            return _untold(use, given, reason)
        if basis == "values":
            with guarded(case.registered, doing):
                value = self._computed(case, award, marks)
        elif basis == "facts":
            value = _ordered(column, case.totals)
        else:
            value = case.totals
        return self._give(case, basis, value, award.group())

    def _why_not(self, use: AwardUse, basis: str) -> Message | None:
        """Why nothing can be said of an award."""
        unknown = [f.reason for f in self.fields[use.round] if isinstance(f, Unknown)]
        if unknown and (basis != "facts" or use.min_score is not None):
            return unknown[0]
        in_unit = in_marks(self.result, self.plugins, use.round)
        if not in_unit and (basis == "values" or use.min_score is not None):
            title = dict(scorer_title(self.result, self.plugins, use.round))
            return Message("stability_award_points", {"scorer": title})
        count = len(self.result.round(use.round).standings)
        if basis == "values" and count * AGAIN_LEAST > AGAIN_VALUES:
            return Message("stability_award_costly", {"count": count})
        return None

    def _case(self, use: AwardUse, given: AwardResult) -> _Case:
        round_ = self.result.round(use.round)
        view = view_of(self.result.source, round_)
        at = {p: i for i, p in enumerate(view.proposals)}
        score = view.score.values
        official = [-np.inf if v is None else float(v) for v in score]
        totals = np.tile(np.array(official, dtype=np.float64), (self.draws, 1))
        inside = np.tile(self._shortlisted(round_, view.proposals), (self.draws, 1))
        for field in self.fields[use.round]:
            if isinstance(field, Drawn):
                columns = [at[p] for p in field.proposals]
                totals[:, columns] = field.totals[: self.draws]
                size = self.sizes.get((use.round, field.group))
                if size is not None:
                    inside[:, columns] = field.ranking.first[: self.draws] <= size
        registered = self.plugins.awards()[use.award]
        rank = tuple(round_.standings.frame["rank"])
        return _Case(use, given, round_, registered, view, totals, inside, rank)

    def _shortlisted(self, round_: RoundResult, proposals: Sequence[str]) -> Flags:
        """Who is in on the shortlist of the round; where it has none, on any."""
        rounds = [round_] if round_.shortlist is not None else self.result.rounds
        inside = {e.proposal for r in rounds for e in r.shortlist or () if e.status == "in"}
        return np.array([p in inside for p in proposals], dtype=bool)

    def _computed(self, case: _Case, award: Award, marks: set[str]) -> Floats:
        """The award's value for each of some draws, with equal values by score."""
        count = len(case.view.proposals)
        draws = min(self.draws, AGAIN, AGAIN_VALUES // max(count, 1))
        drawn = {name: self._column(case, name, draws) for name in sorted(marks)}
        rows = []
        for d in range(draws):
            columns = {
                name: _like(case.view.columns[name], values[d]) for name, values in drawn.items()
            }
            view = case.view.with_columns({**case.view.columns, **columns})
            rows.append(_ordered(award.value(view), case.totals[d : d + 1]))
        return np.concatenate(rows)

    def _column(self, case: _Case, name: str, draws: int) -> Floats:
        """Draws of one column that is made of marks (draws, N)."""
        official = [0.0 if v is None else float(v) for v in case.view.columns[name].values]
        found = np.tile(np.array(official, dtype=np.float64), (draws, 1))
        at = {p: i for i, p in enumerate(case.view.proposals)}
        if name.startswith("criterion:"):
            self._draw_criterion(case, name.partition(":")[2], found, at)
            return found
        if name == "score":
            return np.where(np.isfinite(case.totals[:draws]), case.totals[:draws], found)
        for field in (f for f in self.fields[case.use.round] if isinstance(f, Drawn)):
            found[:, [at[p] for p in field.proposals]] = field.own[:draws]
        return found

    def _draw_criterion(
        self, case: _Case, criterion: str, found: Floats, at: Mapping[str, int]
    ) -> None:
        """Draw the score on one criterion, independently of the others, where that can be done."""
        crossed = criterion_marks(self.result, case.use.round, criterion)
        if crossed is None or len(crossed) == len(crossed.proposals) or not np.ptp(crossed.value):
            return
        seed = seed_of(self.result, "stability", case.use.round, "criterion", criterion)
        drawn = self.draw(crossed, draws=LEAST, seed=seed)
        if drawn is not None:
            found[:, [at[p] for p in crossed.proposals]] = drawn[: len(found)]

    def _give(self, case: _Case, basis: str, value: Floats, by: str | None) -> AwardChances:
        draws = len(value)
        if self.taken.shape[1]:  # who has one already is known of as many draws as all before had
            draws = min(draws, len(self.taken))
            value, self.taken = value[:draws], self.taken[:draws]
        proposals = case.view.proposals
        holder = np.array([self.units[p] for p in proposals], dtype=np.int64)
        value = np.where(self._eligible(case, draws), value, -np.inf)
        ruled = [w.proposal for w in case.given.winners if w.reason.code == "award_decision"]
        ruled_at = np.array([p in ruled for p in proposals], dtype=bool)
        self._take(np.tile(ruled_at, (draws, 1)), holder)
        tiers = list(accumulate(t.count for t in case.use.prizes))
        won = [np.zeros(value.shape, dtype=bool) for _ in tiers]
        groups = case.view.attribute(by) if by else [None] * len(proposals)
        named: list[str | None] = [*sorted({g for g in groups if g is not None})]
        for group in named or [None]:
            here = np.array([g == group for g in groups], dtype=bool)
            ranked, free = np.flatnonzero(here & ruled_at), np.flatnonzero(here & ~ruled_at)
            seats = [max(0, count - len(ranked)) for count in tiers]
            for flags, found in zip(won, self._best(value[:, free], holder[free], seats),
                                    strict=True):  # fmt: skip
                flags[:, ranked] = True
                flags[:, free] = found
            self._take(won[-1], holder)
        return _told(case, basis, won)

    def _best(self, value: Floats, holder: NDArray[np.int64], seats: Sequence[int]) -> list[Flags]:
        """Who gets the first so many prizes in each draw, of those who have none yet."""
        if not len(holder):
            return [np.zeros(value.shape, dtype=bool) for _ in seats]
        if self.taken.shape[1]:
            value = np.where((holder >= 0) & self.taken[:, holder], -np.inf, value)
        return give(value, holder, self.taken.shape[1], seats)

    def _take(self, won: Flags, holder: NDArray[np.int64]) -> None:
        """Remember who has an award now."""
        for i in np.flatnonzero((holder >= 0) & won.any(axis=0)):
            self.taken[:, holder[i]] |= won[:, i]

    def _keep(self, case: _Case) -> None:
        """Remember who was given an award of which nothing else can be said."""
        for winner in case.given.winners:
            if (holder := self.units[winner.proposal]) >= 0:
                self.taken[:, holder] = True

    def _eligible(self, case: _Case, draws: int) -> Flags:
        """Whom the policy does not bar, whatever they have already (draws, N)."""
        policy = self.result.source.competition.award_policy
        frame = case.round.standings.frame
        fit = np.array(frame["status"].is_null().to_list(), dtype=bool)
        fit &= np.array(frame["ballots"].to_list(), dtype=np.int64) >= policy.min_ballots
        eligible: Flags = np.tile(fit, (draws, 1))
        if policy.shortlisted:
            eligible &= case.inside[:draws]
        if case.use.min_score is not None:
            eligible &= case.totals[:draws] >= float(case.use.min_score)
        return eligible


def _like(column: Column, values: Floats) -> Column:
    """Drawn values at the decimals of a column, none where it has none."""
    unit = 10**column.places
    rounded = np.rint(values * unit).astype(np.int64).tolist()
    pairs = zip(column.values, rounded, strict=True)
    return Column.scaled([None if old is None else new for old, new in pairs], column.places)


def _ordered(column: Column, totals: Floats) -> Floats:
    """Numbers in the order of an award's values, equal ones in that of the drawn scores."""
    values = column.at(column.places)
    kinds = {v: i for i, v in enumerate(sorted({v for v in values if v is not None}))}
    base = np.array([-np.inf if v is None else kinds[v] for v in values], dtype=np.float64)
    order = np.argsort(np.argsort(totals, axis=1), axis=1) / max(1, len(values))
    return base + np.where(np.isfinite(totals), order, 0.0)


def _untold(use: AwardUse, given: AwardResult, reason: Message) -> AwardChances:
    told = Message("stability_award_unknown", {"award": dict(given.title), "reason": reason})
    return AwardChances(use.id, given.title, use.round, None, 0, (), (told,))


def _told(case: _Case, basis: str, won: Sequence[Flags]) -> AwardChances:
    shares = np.array([flags.mean(axis=0) for flags in won])
    by_tier = np.diff(shares, axis=0, prepend=0.0).T
    winners = {w.proposal for w in case.given.winners}
    titles = case.round.standings.titles
    chances = [
        Chance(p, titles[p], float(shares[-1, i]), tuple(map(float, by_tier[i])), p in winners)
        for i, p in enumerate(case.view.proposals)
        if p in winners or shares[-1, i] >= LISTED
    ]
    chances.sort(key=lambda c: (-c.chance, c.proposal))
    use, given = case.use, case.given
    sentences = tuple(_sentences(given, basis, chances))
    return AwardChances(
        use.id, given.title, use.round, basis, len(won[0]), tuple(chances), sentences
    )


def _sentences(given: AwardResult, basis: str, chances: Sequence[Chance]) -> Iterator[Message]:
    title = dict(given.title)
    winners = [c for c in chances if c.won]
    named = [_named(c) for c in winners]
    if basis == "facts" and all(c.chance in (0.0, 1.0) for c in chances):
        yield Message("stability_award_facts", {"award": title})
    elif not winners:
        yield Message("stability_award_vacant", {"award": title})
    else:
        code = "stability_award_facts_too" if basis == "facts" else "stability_award"
        yield Message(code, {"award": title, "winners": named})
        rival = next((c for c in chances if not c.won), None)
        if rival is not None:
            yield Message("stability_award_rival", {"award": title, "rival": _named(rival)})


def _named(chance: Chance) -> Message:
    params = {"proposal": chance.proposal, "percent": percent(chance.chance)}
    return Message("stability_named", {**params, "title": dict(chance.title)})
