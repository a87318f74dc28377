"""From an award's values to winners: ranking, ties, tiers, vacancies and the award policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from review.messages import Message
from review.model.result import AwardResult, PassedOver, Winner, decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from review.model.competition import AwardPolicy, AwardUse, Tier


@dataclass(frozen=True)
class Candidate:
    """An entrant of the award's round: its value (integer or None), what the policy looks at."""

    proposal: str
    title: Mapping[str, str]
    value: int | None
    rank: int | None
    score: Decimal | None
    group: str | None
    unit: str | None  # the value of the attribute of which one may win
    ballots: int
    shortlisted: bool
    barred: Message | None  # status: withdrawn, …
    ruling: Message | None = None  # by whom and why, in words


@dataclass
class Given:
    """What earlier awards gave: value of the `one_per` attribute → title of the award."""

    units: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Prize:
    """One award about to be given: the decimals of its values, the columns they are made of."""

    use: AwardUse
    title: Mapping[str, str]
    places: int
    made_of: Sequence[str]

    @property
    def seats(self) -> list[tuple[int, Tier]]:
        """The tier of each place."""
        return [(number, t) for number, t in enumerate(self.use.prizes) for _ in range(t.count)]


def give(
    prize: Prize, candidates: Sequence[Candidate], policy: AwardPolicy, given: Given
) -> AwardResult:
    """Give one award, in each of its groups; winners are added to `given`.

    Best value first, equal values by rank in the round, equal ranks ex aequo (1-2-2-4). Seats go
    down the tiers by place. A candidate the policy bars is passed over and the next one moves up.
    """
    winners: list[Winner] = []
    passed: list[PassedOver] = []
    vacant = 0
    groups: list[str | None] = [*sorted({c.group for c in candidates if c.group is not None})]
    for group in groups or [None]:
        field_ = [c for c in candidates if c.group == group]
        found, over, left = _give_in(prize, field_, policy, given)
        winners.extend(found)
        passed.extend(over)
        vacant += left
    return AwardResult(
        prize.use.id,
        prize.use.award,
        prize.title,
        prize.use.round,
        tuple(winners),
        vacant,
        tuple(passed),
    )


def _give_in(
    prize: Prize, candidates: Iterable[Candidate], policy: AwardPolicy, given: Given
) -> tuple[list[Winner], list[PassedOver], int]:
    winners: list[Winner] = []
    passed: list[PassedOver] = []
    ordered = sorted(candidates, key=_order)
    for _, block in groupby(ordered, key=_merit):  # nothing decides between those of a block
        place = len(winners) + 1
        if place > len(prize.seats):
            break
        eligible = _eligible(block, prize, policy, given, passed)
        for candidate in eligible:
            tied = [c.proposal for c in eligible if c is not candidate]
            winners.append(_winner(candidate, place, prize, tied, ordered))
        for candidate in eligible:
            if candidate.unit is not None:
                given.units.setdefault(candidate.unit, prize.title)
    return winners, passed, max(0, len(prize.seats) - len(winners))


def _order(candidate: Candidate) -> tuple[object, ...]:
    return (*_merit(candidate), candidate.proposal)


def _merit(candidate: Candidate) -> tuple[bool, bool, int, bool, int]:
    """What decides between candidates: a ruling, the value, the rank; absent comes last."""
    value, rank = candidate.value, candidate.rank
    return (candidate.ruling is None, value is None, -(value or 0), rank is None, rank or 0)


def _eligible(
    block: Iterable[Candidate],
    prize: Prize,
    policy: AwardPolicy,
    given: Given,
    passed: list[PassedOver],
) -> list[Candidate]:
    eligible = []
    for candidate in block:
        bars = () if candidate.ruling else _bars(candidate, prize, policy, given)
        barred = next(iter(bars), None)
        if barred is None:
            eligible.append(candidate)
        else:
            passed.append(
                PassedOver(candidate.proposal, candidate.title, _shown(candidate, prize), barred)
            )
    return eligible


def _bars(
    candidate: Candidate, prize: Prize, policy: AwardPolicy, given: Given
) -> Iterator[Message]:
    """Why a candidate cannot have this award."""
    least = prize.use.min_score
    if candidate.barred is not None:
        yield Message("passed_status", {"status": candidate.barred})
    if candidate.value is None:
        yield Message("passed_no_value", {"missing": list(prize.made_of)})
    if policy.shortlisted and not candidate.shortlisted:
        yield Message("passed_not_shortlisted")
    if candidate.ballots < policy.min_ballots:
        counts = {"ballots": candidate.ballots, "min_ballots": policy.min_ballots}
        yield Message("passed_min_ballots", counts)
    if least is not None and (candidate.score is None or candidate.score < least):
        score = "–" if candidate.score is None else candidate.score
        yield Message("passed_min_score", {"score": score, "min_score": least})
    if candidate.unit is not None and candidate.unit in given.units:
        award = dict(given.units[candidate.unit])
        params = {"award": award, "by": policy.one_per, "value": candidate.unit}
        yield Message("passed_one_per", params)


def _winner(
    candidate: Candidate,
    place: int,
    prize: Prize,
    tied: Sequence[str],
    ordered: Sequence[Candidate],
) -> Winner:
    tier, title = prize.seats[place - 1]
    value = _shown(candidate, prize)
    shown = {"place": place, "value": "–" if value is None else value}
    equal = [
        c.proposal
        for c in ordered
        if c.value == candidate.value and c is not candidate and not c.ruling
    ]
    if candidate.ruling:
        reason = candidate.ruling
    elif tied:
        reason = Message("award_ex_aequo", {**shown, "with_": list(tied)})
    elif equal:
        reason = Message("award_by_rank", {**shown, "with_": equal[:10]})
    else:
        reason = Message("award_place", shown)
    return Winner(
        place,
        tier,
        candidate.proposal,
        candidate.title,
        value,
        reason,
        candidate.group,
        title.title,
    )


def _shown(candidate: Candidate, prize: Prize) -> Decimal | None:
    return None if candidate.value is None else decimal(candidate.value, prize.places)
