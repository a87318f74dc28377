"""What a change does to a round: who comes in, who falls out, how far places move, who wins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from review.stats.concordance import tau_b

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from review.analysis.comparing.variant import Variant
    from review.messages import Message
    from review.model.result import AwardResult, Result, RoundResult

    Ints = NDArray[np.int64]

STATUSES = ("", "in", "reserve", "out", "undecided", "ineligible")
IN, UNDECIDED = STATUSES.index("in"), STATUSES.index("undecided")
DECIMALS = 4

Prize = tuple[int, str]
"""The tier of a prize and who has it."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A round at a glance: rank (0: none) and code of `STATUSES`, by the index of the proposal."""

    rank: Ints
    status: Ints


@dataclass(frozen=True, eq=False)
class Picture:
    """A variant at a glance: the rounds that were run, and the prizes of the awards given."""

    rounds: Mapping[str, Placed]
    awards: Mapping[str, frozenset[Prize]]
    refusal: Message | None


@dataclass(frozen=True)
class Moved:
    """The largest change of a rank: whose, from where to where."""

    proposal: str
    before: int
    after: int


@dataclass(frozen=True)
class AwardChange:
    """Who wins an award that they did not win, who no longer does, who wins another tier.

    `waits`: the award is not given, since a round that it needs waits for a decision.
    """

    award: str
    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    moves: tuple[str, ...]
    waits: bool

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "award": self.award,
            "enters": list(self.enters),
            "leaves": list(self.leaves),
            "moves": list(self.moves),
            "waits": self.waits,
        }


@dataclass(frozen=True)
class Effect:
    """What a change does to one round and its awards.

    `enters`, `leaves`: the shortlist; `undecided`: on its line. `leads`: who is first now, where
    that is not who is first officially. `moved`: how many ranks change; `tau_b`: of the two orders.
    `waits`: the round cannot be run before a decision. `refusal`: why nothing can be said.
    """

    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    largest: Moved | None = None
    moved: int = 0
    tau_b: float | None = None
    awards: tuple[AwardChange, ...] = ()
    waits: bool = False
    refusal: Message | None = None

    @property
    def decides(self) -> bool:
        """Whether somebody's place on the shortlist or prize depends on it."""
        return bool(self.enters or self.leaves or self.undecided or self.awards)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        largest = self.largest
        return {
            "enters": list(self.enters),
            "leaves": list(self.leaves),
            "undecided": list(self.undecided),
            "leads": list(self.leads),
            "largest": None
            if largest is None
            else {"proposal": largest.proposal, "from": largest.before, "to": largest.after},
            "moved": self.moved,
            "tau_b": None if self.tau_b is None else round(self.tau_b, DECIMALS),
            "awards": [a.to_json() for a in self.awards],
            "waits": self.waits,
            "refusal": None if self.refusal is None else self.refusal.to_json(),
        }


class Effects:
    """The official result at a glance, and what variants differ in."""

    def __init__(self, official: Result) -> None:
        self.result = official
        self.proposals: list[str] = official.source.proposals["proposal"].to_list()
        self._at = {p: i for i, p in enumerate(self.proposals)}
        self.official = self._picture({r.id: r for r in official.rounds}, official.awards, None)
        self.rounds_of = {use.id: use.round for use in official.source.competition.awards}

    def picture(self, variant: Variant) -> Picture:
        """A variant at a glance; rounds that are as they are officially are not copied."""
        if variant.refusal is not None:
            return Picture({}, {}, variant.refusal)
        official = {r.id: r for r in self.result.rounds}
        anew = {r: found for r, found in variant.rounds.items() if found is not official.get(r)}
        found = self._picture(anew, variant.awards, None)
        same = {r: self.official.rounds[r] for r in variant.rounds if r not in anew}
        return Picture({**same, **found.rounds}, found.awards, None)

    def _picture(
        self,
        rounds: Mapping[str, RoundResult],
        awards: Sequence[AwardResult],
        refusal: Message | None,
    ) -> Picture:
        return Picture(
            {r: self._placed(found) for r, found in rounds.items()},
            {a.id: frozenset((w.tier, w.proposal) for w in a.winners) for a in awards},
            refusal,
        )

    def _placed(self, round_: RoundResult) -> Placed:
        rank = np.zeros(len(self.proposals), dtype=np.int64)
        status = np.zeros(len(self.proposals), dtype=np.int64)
        frame = round_.standings.frame
        where = [self._at[p] for p in frame["proposal"]]
        rank[where] = frame["rank"].fill_null(0).to_numpy()
        if round_.shortlist is not None:
            at = [self._at[e.proposal] for e in round_.shortlist]
            status[at] = [STATUSES.index(e.status) for e in round_.shortlist]
        return Placed(rank, status)

    @cached_property
    def _groups(self) -> dict[str, Ints]:
        """round → code of each proposal's group, as the round ranks by it."""
        source = self.result.source
        found = {}
        for round_ in source.competition.rounds:
            codes = np.zeros(len(self.proposals), dtype=np.int64)
            if round_.group_by is not None:
                names = source.proposals[round_.group_by].fill_null("").to_list()
                known = {name: i for i, name in enumerate(sorted(set(names)))}
                codes = np.array([known[name] for name in names], dtype=np.int64)
            found[round_.id] = codes
        return found

    def effect(
        self, picture: Picture, round_id: str, withdrawn: frozenset[str] = frozenset()
    ) -> Effect:
        """What a variant does to a round; `withdrawn` are no change of their own.

        Without the withdrawn, the others move up: their official ranks are counted among
        themselves.
        """
        if picture.refusal is not None:
            return Effect(refusal=picture.refusal)
        awards = self._award_changes(picture, round_id, withdrawn)
        before, after = self.official.rounds.get(round_id), picture.rounds.get(round_id)
        if before is None or after is None:
            return Effect(awards=awards, waits=after is None)
        gone = np.zeros(len(self.proposals), dtype=bool)
        gone[[self._at[p] for p in withdrawn]] = True
        group = self._groups[round_id]
        rank = _without(before.rank, gone, group)
        both = (rank > 0) & (after.rank > 0)
        shift = np.where(both, np.abs(after.rank - rank), 0)
        most = int(shift.argmax())
        was, is_ = before.status == IN, after.status == IN
        first_before, first_after = (rank == 1), (after.rank == 1)
        return Effect(
            enters=self._names(is_ & ~was),
            leaves=self._names(was & ~is_ & ~gone),
            undecided=self._names((after.status == UNDECIDED) & (before.status != UNDECIDED)),
            leads=self._names(first_after) if (first_before != first_after).any() else (),
            largest=Moved(self.proposals[most], int(rank[most]), int(after.rank[most]))
            if shift[most]
            else None,
            moved=int((shift > 0).sum()),
            tau_b=tau_b(rank[both], after.rank[both], group[both]),
            awards=awards,
        )

    def award_changes(self, picture: Picture) -> tuple[AwardChange, ...]:
        """What changes in any award."""
        rounds = dict.fromkeys(self.rounds_of.values())
        return tuple(c for r in rounds for c in self._award_changes(picture, r, frozenset()))

    def _award_changes(
        self, picture: Picture, round_id: str, withdrawn: frozenset[str]
    ) -> tuple[AwardChange, ...]:
        found = []
        for award, where in self.rounds_of.items():
            if where != round_id:
                continue
            before, after = self.official.awards.get(award), picture.awards.get(award)
            if after is None and before is not None:
                found.append(AwardChange(award, (), (), (), waits=True))
            elif after is not None and before != after:
                change = _award_change(award, before or frozenset(), after, withdrawn)
                if change.enters or change.leaves or change.moves:
                    found.append(change)
        return tuple(found)

    def _names(self, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
        return tuple(self.proposals[i] for i in np.flatnonzero(chosen))


def _award_change(
    award: str, before: frozenset[Prize], after: frozenset[Prize], withdrawn: frozenset[str]
) -> AwardChange:
    had, has = {p for _, p in before}, {p for _, p in after}
    return AwardChange(
        award,
        enters=tuple(sorted(has - had)),
        leaves=tuple(sorted(had - has - withdrawn)),
        moves=tuple(sorted(p for _, p in after - before if p in had)),
        waits=False,
    )


def _without(rank: Ints, gone: NDArray[np.bool_], group: Ints) -> Ints:
    """Ranks among the others: less those withdrawn that stood strictly before, in one's group."""
    found = np.where(gone, 0, rank)
    for i in np.flatnonzero(gone & (rank > 0)):
        behind = (found > 0) & (group == group[i]) & (rank > rank[i])
        found = found - behind
    return found
