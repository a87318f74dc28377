"""What there is to look at in a round: residuals, pairs, own proposals, entries of judges."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from review.analysis.crossing import ballots
from review.analysis.unusual.kinship import attributes, entries, own
from review.analysis.unusual.words import attribute_of
from review.messages import Message
from review.stats.affinity import Affinity, affinity
from review.stats.favours import Side
from review.stats.mixed import fit
from review.stats.residuals import residuals
from review.stats.together import LEAST_IN_BLOCKS, LEAST_SHARED, MOST_IN_BLOCKS, Together

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.model.loaded import LoadedCompetition
    from review.model.result import Result, RoundResult
    from review.stats.crossed import Crossed, Floats
    from review.stats.permutation import Flags
    from review.stats.residuals import Residuals

LEAST_JUDGES = 3
LEAST_BALLOTS = 3
LEAST_DEGREES = 10
LEAST_OWN = 3
LEAST_OTHERS = 5
MOST_JUDGES = 4_000
MOST_SHUFFLED = 20_000


@dataclass(frozen=True)
class Own:
    """Own proposals by an attribute, of one judge or of all (None), for one test."""

    judge: str | None
    attribute: tuple[str, str]
    found: Affinity


@dataclass(frozen=True)
class Mutual:
    """Two judges who marked each other's entries."""

    judges: tuple[str, str]
    first: Side
    second: Side


@dataclass(frozen=True, eq=False)
class Look:
    """Everything that will be tested in a round.

    `crossed`, `spread`, `left`: all ballots, the standard deviation and the residuals of the mixed
    model. `tested`: the ballots on proposals that two others marked. `together`: the pairs of
    `common_judges`, None where there are none.
    """

    round_id: str
    crossed: Crossed
    spread: float
    left: Residuals
    tested: Flags
    common_judges: tuple[str, ...]
    together: Together | None
    owns: Sequence[Own]
    mutual: Sequence[Mutual]
    untested: Sequence[Message]

    @property
    def has_groups(self) -> bool:
        """Whether groups of judges are tested."""
        return self.together is not None and self.together.may_have_blocks

    @property
    def tests(self) -> int:
        """How many tests that makes."""
        pairs = len(self.together) if self.together else 0
        rest = int(self.has_groups) + len(self.owns) + len(self.mutual)
        return int(self.tested.sum()) + pairs + rest


@dataclass(frozen=True, eq=False)
class _Beside:
    """Ballots on proposals that somebody else marked too, and what is left of them.

    Proposals are taken as they are here: a strong one that is shrunk to the mean would look
    favoured by everybody.
    """

    crossed: Crossed
    left: Residuals
    standardised: Floats

    @classmethod
    def of(cls, crossed: Crossed, left: Residuals) -> _Beside:
        return cls(crossed, left, left.raw / np.sqrt(1.0 - left.leverage))

    def side(self, judge: int, theirs: Flags) -> Side:
        """The residuals of one judge; `theirs` (N,): which are on the other's proposals."""
        rows = self.crossed.judge == judge
        deleted = self.crossed.value[rows] - self.left.expected[rows]
        return Side(deleted, self.standardised[rows], theirs[rows])


def look(result: Result, round_: RoundResult) -> Look | Message:
    """What there is to test, or why there is nothing."""
    crossed = ballots(result, round_.id)
    if crossed is None:
        return Message("unusual_no_ballots")
    marked = crossed.by_proposal[crossed.proposal]
    common = crossed.take(marked > 1)
    if len(common.judges) < LEAST_JUDGES or len(common) - sum(common.shape) < LEAST_DEGREES:
        params = {"ballots": len(crossed), "judges": len(crossed.judges)}
        return Message("unusual_too_few", params)
    if len(crossed.judges) > MOST_JUDGES:
        return Message("unusual_too_many", {"judges": len(crossed.judges), "most": MOST_JUDGES})
    mixed = fit(crossed)
    if mixed.sd_residual == 0 or "residual" in mixed.boundary:
        return Message("unusual_all_agree")
    beside = _Beside.of(common, residuals(common, mixed, shrunk=False))
    tested = marked >= LEAST_BALLOTS
    together = _together(beside)
    owns, unowned = _owns(result.source, beside)
    mutual = list(_mutual(result.source, beside))
    untested = [
        *([] if tested.any() else [Message("unusual_no_marks")]),
        *_unpaired(together, len(common)),
        *unowned,
        *([] if mutual else [Message("unusual_no_entries")]),
    ]
    return Look(
        round_id=round_.id,
        crossed=crossed,
        spread=mixed.sd_residual,
        left=residuals(crossed, mixed),
        tested=tested,
        common_judges=common.judges,
        together=together,
        owns=owns,
        mutual=mutual,
        untested=untested,
    )


def _together(beside: _Beside) -> Together | None:
    if len(beside.crossed) > MOST_SHUFFLED:
        return None
    found = Together(beside.crossed, beside.left.smoother, beside.standardised)
    return found if len(found) else None


def _unpaired(together: Together | None, ballots_: int) -> Iterator[Message]:
    if ballots_ > MOST_SHUFFLED:
        params = {"ballots": ballots_, "most": MOST_SHUFFLED}
        yield Message("unusual_pairs_too_many", params)
        return
    if together is None:
        yield Message("unusual_no_pairs", {"least": LEAST_SHARED})
        return
    if together.left_out:
        yield Message("unusual_pairs_left_out", {"count": together.left_out})
    if not together.may_have_blocks:
        params = {"least": LEAST_IN_BLOCKS, "most": MOST_IN_BLOCKS}
        yield Message("unusual_no_groups", params)


def _owns(source: LoadedCompetition, beside: _Beside) -> tuple[list[Own], list[Message]]:
    """For each attribute: all judges together where there are two or more, then one by one."""
    owns: list[Own] = []
    untested = []
    known = attributes(source)
    for attribute in known:
        flags = own(source, beside.crossed, attribute)
        found = list(_owns_by(attribute, flags, beside))
        if not found:
            params = {
                "attribute": attribute_of(attribute),
                "own": int(flags.sum()),
                "least": LEAST_OWN,
                "others": LEAST_OTHERS,
            }
            untested.append(Message("unusual_no_own", params))
        owns += found
    return owns, untested if known else [Message("unusual_no_attribute")]


def _owns_by(attribute: tuple[str, str], flags: Flags, beside: _Beside) -> Iterator[Own]:
    judge, names = beside.crossed.judge, beside.crossed.judges
    is_large = len(judge) > MOST_SHUFFLED
    alone = [(names[j], flags & (judge == j)) for j in np.unique(judge[flags])]
    for name, own_ in [(None, flags), *alone]:
        found = affinity(judge, beside.left, own_)
        if found is None or (name is None and (found.judges == 1 or is_large)):
            continue
        if found.own >= LEAST_OWN and found.others >= LEAST_OTHERS:
            yield Own(name, attribute, found)


def _mutual(source: LoadedCompetition, beside: _Beside) -> Iterator[Mutual]:
    """Pairs of judges who each marked an entry of the other, and five proposals of others."""
    crossed, entered = beside.crossed, entries(source)
    theirs = {
        j: np.isin(np.array(crossed.proposals), list(entered[name]))[crossed.proposal]
        for j, name in enumerate(crossed.judges)
        if name in entered
    }
    for j, k in combinations(theirs, 2):
        first, second = beside.side(j, theirs[k]), beside.side(k, theirs[j])
        if all(s.theirs.any() and (~s.theirs).sum() >= LEAST_OTHERS for s in (first, second)):
            yield Mutual((crossed.judges[j], crossed.judges[k]), first, second)
