"""Ballots, judges and pairs of judges that are unusual: `review unusual`.

Always a question, never a verdict. Every p-value of the report is adjusted for all of its tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from review.analysis.seeds import seed_of
from review.analysis.unusual.look import Look, look
from review.analysis.unusual.report import (
    LEVEL,
    Group,
    Kin,
    Mark,
    Odds,
    Pair,
    Returned,
    RoundUnusual,
    Unusual,
)
from review.messages import Message
from review.stats.favours import favour
from review.stats.multiplicity import benjamini_hochberg
from review.stats.permutation import FIRST, draws_for
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.model.result import Result, RoundResult
    from review.stats.crossed import Codes, Floats
    from review.stats.favours import Favour, Side
    from review.stats.permutation import Permuted
    from review.stats.together import Block, Pairs

FAR = 3.0
MOST_LISTED = 200
#: Numbers drawn at random for all tests of a kind, so that large rounds come to an end.
MOST_NUMBERS = 30_000_000


@dataclass(frozen=True, eq=False)
class _Tested:
    """What the tests of a round gave, in the order of `p` (k,)."""

    look: Look
    pairs: Pairs | None
    affinity: Sequence[Permuted]
    group: Block | None
    favours: Sequence[Favour]
    draws: int

    @property
    def p(self) -> Floats:
        group = [] if self.group is None else [self.group.test.p]
        return np.concatenate(
            [
                self.look.left.p[self.look.tested],
                np.empty(0) if self.pairs is None else self.pairs.p,
                [test.p for test in self.affinity],
                group,
                [found.p for found in self.favours],
            ]
        )


@on_one_thread
def unusual(result: Result, round_id: str | None = None) -> Unusual:
    """What is unusual in every round or in one (KeyError where it was not run)."""
    rounds = result.rounds if round_id is None else (result.round(round_id),)
    looks = [look(result, each) for each in rounds]
    tests = sum(each.tests for each in looks if isinstance(each, Look))
    tested = [each if isinstance(each, Message) else _test(result, each, tests) for each in looks]
    every = [each.p for each in tested if isinstance(each, _Tested)]
    adjusted = benjamini_hochberg(np.concatenate([*every, np.empty(0)]))
    told, start = [], 0
    for round_, found in zip(rounds, tested, strict=True):
        if isinstance(found, Message):
            told.append(RoundUnusual(round_.id, round_.title, unlooked=found))
            continue
        end = start + found.look.tests
        told.append(_told(result, round_, found, adjusted[start:end], tests))
        start = end
    return Unusual(
        result.competition, result.title, result.content, result.rules, tests, tuple(told)
    )


def _test(result: Result, this: Look, tests: int) -> _Tested:
    affordable = MOST_NUMBERS // len(this.crossed)
    draws = max(FIRST, min(draws_for(tests, LEVEL), affordable))
    rng = np.random.Generator(np.random.PCG64(seed_of(result, "unusual", this.round_id)))
    pairs = this.together.pairs(rng, draws) if this.together else None
    group = None
    if this.together is not None and pairs is not None and this.has_groups:
        group = this.together.block(rng, pairs.by_chance, draws)
    kin = [each.found.test(rng, draws) for each in this.owns]
    favours = [favour(each.first, each.second, rng) for each in this.mutual]
    return _Tested(this, pairs, kin, group, favours, draws)


def _told(
    result: Result, round_: RoundResult, found: _Tested, adjusted: Floats, tests: int
) -> RoundUnusual:
    """The report of one round: what was tested, with its adjusted p-values (k,)."""
    this, left = found.look, found.look.left
    names = _names(result)
    ends = np.cumsum(
        [this.tested.sum(), len(found.pairs.p) if found.pairs else 0, len(found.affinity)]
    )
    of_marks, of_pairs, of_affinity, rest = np.split(adjusted, ends)
    of_groups, of_favours = np.split(rest, [int(found.group is not None)])
    rows = np.flatnonzero(this.tested)
    is_far = np.abs(left.standardised[rows]) >= FAR
    chance = _two_sided(FAR, left.degrees - 1.0)
    least = _quantile(LEVEL / max(tests, 1), left.degrees - 1.0)
    free = np.sqrt(1.0 - left.leverage[rows].mean()) if len(rows) else 0.0
    return RoundUnusual(
        id=round_.id,
        title=round_.title,
        tests=this.tests,
        tested=len(rows),
        far=int(is_far.sum()),
        far_by_chance=len(rows) * chance,
        detectable=float(least * this.spread / free) if len(rows) else None,
        spread=this.spread,
        marks=tuple(_marks(round_, this, rows, of_marks, names)),
        pairs=tuple(_pairs(found, of_pairs, names)),
        affinity=tuple(_affinity(found, of_affinity, names)),
        groups=tuple(_groups(found, of_groups, names)),
        favours=tuple(_favours(found, of_favours, names)),
        untested=(*this.untested, *_coarse(found, tests)),
    )


def _coarse(found: _Tested, tests: int) -> Iterator[Message]:
    """Whether a single finding among so many tests is beyond what so many draws can tell."""
    if (found.pairs is not None or found.affinity) and tests > LEVEL * (found.draws + 1):
        yield Message("unusual_coarse", {"tests": tests, "draws": found.draws})


def _names(result: Result) -> Mapping[str, str]:
    """How each judge is called: the id, with the name where there is one."""
    judges = result.source.judges
    if "name" not in judges.columns:
        return {judge: judge for judge in judges["judge"]}
    rows = judges.select("judge", "name").iter_rows()
    return {judge: judge if name in {None, judge} else f"{judge} {name}" for judge, name in rows}


def _marks(
    round_: RoundResult, this: Look, rows: Codes, adjusted: Floats, names: Mapping[str, str]
) -> Iterator[Mark]:
    """Ballots that are unusual or far, the furthest first."""
    crossed, left = this.crossed, this.left
    told = (adjusted <= LEVEL) | (np.abs(left.standardised[rows]) >= FAR)
    order = np.argsort(-np.abs(left.standardised[rows]), kind="stable")
    for at in order[told[order]][:MOST_LISTED]:
        row = rows[at]
        same = crossed.proposal == crossed.proposal[row]
        others = crossed.value[same & (crossed.judge != crossed.judge[row])]
        judge = crossed.judges[crossed.judge[row]]
        proposal = crossed.proposals[crossed.proposal[row]]
        yield Mark(
            judge=judge,
            called=names[judge],
            proposal=proposal,
            title=round_.standings.titles[proposal],
            ballot=float(crossed.value[row]),
            count=len(others),
            others=(float(others.min()), float(others.mean()), float(others.max())),
            expected=float(left.expected[row]),
            residual=float(left.raw[row]),
            deviations=float(left.standardised[row]),
            odds=Odds(float(left.p[row]), float(adjusted[at]), "t"),
        )


def _pairs(found: _Tested, adjusted: Floats, names: Mapping[str, str]) -> Iterator[Pair]:
    """Pairs, the least likely first."""
    pairs = found.pairs
    if pairs is None:
        return
    ids = found.look.common_judges
    far = -np.abs(pairs.correlation - pairs.by_chance)
    for k in np.lexsort((far, pairs.p))[:MOST_LISTED]:
        both = (ids[pairs.first[k]], ids[pairs.second[k]])
        yield Pair(
            judges=both,
            called=(names[both[0]], names[both[1]]),
            shared=int(pairs.shared[k]),
            correlation=float(pairs.correlation[k]),
            by_chance=float(pairs.by_chance[k]),
            odds=Odds(float(pairs.p[k]), float(adjusted[k]), "drawn", int(pairs.draws[k])),
        )


def _affinity(found: _Tested, adjusted: Floats, names: Mapping[str, str]) -> Iterator[Kin]:
    """All judges together first, then each judge, the least likely first, by attribute."""
    every = zip(found.look.owns, found.affinity, adjusted, strict=True)
    ordered = sorted(every, key=lambda each: (each[0].judge is not None, each[1].p))
    for of, test, p in ordered[:MOST_LISTED]:
        kin = of.found
        yield Kin(
            judge=of.judge,
            called=of.judge and names[of.judge],
            attribute=of.attribute,
            own=kin.own,
            others=kin.others,
            effect=kin.effect,
            low=kin.low,
            high=kin.high,
            odds=_odds(test, p, 2 if kin.own == kin.others else 1),
        )


def _groups(found: _Tested, adjusted: Floats, names: Mapping[str, str]) -> Iterator[Group]:
    for block, p in zip([found.group] if found.group else [], adjusted, strict=True):
        judges = tuple(found.look.common_judges[j] for j in block.judges)
        yield Group(
            judges=judges,
            called=tuple(names[judge] for judge in judges),
            correlation=block.correlation,
            by_chance=block.by_chance,
            odds=_odds(block.test, p),
        )


def _favours(found: _Tested, adjusted: Floats, names: Mapping[str, str]) -> Iterator[Returned]:
    every = zip(found.look.mutual, found.favours, adjusted, strict=True)
    for of, both, p in sorted(every, key=lambda each: each[1].p)[:MOST_LISTED]:
        yield Returned(
            judges=of.judges,
            called=(names[of.judges[0]], names[of.judges[1]]),
            to_second=both.to_second,
            to_first=both.to_first,
            odds=Odds(both.p, float(p), "tails", least=_ways(of.first) * _ways(of.second)),
        )


def _ways(side: Side) -> float:
    """How likely one deal of the other's entries is among all there are."""
    return 1 / comb(len(side.theirs), int(side.theirs.sum()))


def _odds(test: Permuted, adjusted: float, extremes: int = 1) -> Odds:
    """`extremes`: how many deals are the furthest; where halves are dealt, each and its mirror."""
    if test.exact:
        return Odds(test.p, float(adjusted), "exact", test.deals, extremes / test.deals)
    return Odds(test.p, float(adjusted), "drawn", test.deals)


def _two_sided(t: float, degrees: float) -> float:
    from scipy.special import stdtr  # noqa: PLC0415 -- costs a tenth of a second

    return float(2 * stdtr(degrees, -t))


def _quantile(level: float, degrees: float) -> float:
    """The |t| that chance alone exceeds in a share `level` of cases."""
    from scipy.special import stdtrit  # noqa: PLC0415 -- costs a tenth of a second

    return float(stdtrit(degrees, 1 - level / 2))
