"""What draws say about the places of one field: chances, the line, and two cross-checks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from review.analysis.seeds import seed_of
from review.analysis.stability.drawing import Unknown, settled
from review.analysis.stability.places import Checks, FieldStability, Line, ProposalStability
from review.analysis.stability.words import DOUBT, told
from review.messages import Message
from review.stats.bootstrap import bootstrap
from review.stats.confidence_sets import MOST, Means, confidence_sets
from review.stats.line import candidates, one_more
from review.stats.mixed import fit
from review.stats.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from review.analysis.stability.drawing import Drawn
    from review.model.result import Result, RoundResult, Standing
    from review.stats.bootstrap import Bootstrap
    from review.stats.confidence_sets import ConfidenceSets
    from review.stats.mixed import Mixed

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

LEVEL = 0.9
#: Of the bootstrap: draws, and numbers that they may take.
BOOTSTRAP_DRAWS, BOOTSTRAP_LEAST, BOOTSTRAP_ROOM = 1000, 200, 10_000_000
#: Candidates for one more ballot that are named.
NAMED = 10


def place(
    result: Result,
    round_: RoundResult,
    drawn: Drawn,
    scorer_title: Mapping[str, str] = MappingProxyType({}),
) -> FieldStability:
    """Everything that is said of one field whose scores were drawn.

    `scorer_title`: what people call the scorer, by language.
    """
    placing = _Placing(result, round_, drawn)
    if not settled(drawn.ranking, placing.k):
        return unknown(round_, Unknown(drawn.group, Message("stability_unsettled")))
    field = replace(placing.field(), scorer_title=scorer_title)
    return replace(field, sentences=told(field))


def unknown(round_: RoundResult, field: Unknown) -> FieldStability:
    """That nothing can be said of a field, and why."""
    found = FieldStability(field.group, round_.rubric.scorer.name, field.reason)
    return replace(found, sentences=told(found))


@dataclass(frozen=True)
class _Placing:
    """One field; arrays in the order of `drawn.proposals` if nothing else is said."""

    result: Result
    round: RoundResult
    drawn: Drawn

    def field(self) -> FieldStability:
        return FieldStability(
            group=self.drawn.group,
            scorer=self.round.rubric.scorer.name,
            proposals=self._proposals(),
            size=self.size,
            line=self._line(),
            checks=self._checks(),
        )

    # ------------------------------------------------------------------------ the official ranking

    @cached_property
    def at(self) -> dict[str, int]:
        return {p: i for i, p in enumerate(self.drawn.proposals)}

    @cached_property
    def standings(self) -> list[Standing]:
        """Those whose scores were drawn, in official order."""
        return [s for s in self.round.standings if s.proposal in self.at]

    @cached_property
    def order(self) -> Codes:
        """Where those of the standings are among the drawn."""
        return np.array([self.at[s.proposal] for s in self.standings], dtype=np.int64)

    @cached_property
    def inside(self) -> list[str]:
        """Who is in."""
        entries = self.round.shortlist or ()
        return [e.proposal for e in entries if e.status == "in" and e.proposal in self.at]

    @cached_property
    def undecided(self) -> list[str]:
        """Who is tied across the line, to be decided by people."""
        entries = self.round.shortlist or ()
        return [e.proposal for e in entries if e.status == "undecided" and e.proposal in self.at]

    @cached_property
    def size(self) -> int | None:
        """How many are in; while that is undecided, how many there is place for."""
        if self.round.shortlist is None:
            return None
        if not self.undecided:
            return len(self.inside)
        use = self.result.source.competition.round(self.round.id).shortlist
        declared = use.options.get("size") if use is not None else None
        most = len(self.inside) + len(self.undecided)
        return min(declared, most) if isinstance(declared, int) else most

    @cached_property
    def k(self) -> int | None:
        """The place after which there is a line."""
        return self.size if self.size and self.size < len(self.order) else None

    # ------------------------------------------------------------------------------- figures

    @cached_property
    def seed(self) -> int:
        return seed_of(self.result, "stability", self.round.id, self.drawn.group, "checks")

    @cached_property
    def model(self) -> Mixed:
        return fit(self.drawn.crossed)

    @cached_property
    def boot(self) -> Bootstrap:
        most = BOOTSTRAP_ROOM // len(self.order)
        draws = max(BOOTSTRAP_LEAST, min(BOOTSTRAP_DRAWS, most))
        return bootstrap(self.drawn.crossed, draws=draws, seed=self.seed)

    @cached_property
    def again(self) -> Ranking:
        """The ranks of the bootstrap."""
        return Ranking.of(self.drawn.score(self.boot.means))

    @cached_property
    def top(self) -> Floats | None:
        """Chances of being above the line."""
        return None if self.k is None else self.drawn.ranking.top(self.k)

    @cached_property
    def top_again(self) -> Floats | None:
        """The same by the bootstrap."""
        return None if self.k is None else self.again.top(self.k)

    @cached_property
    def sets(self) -> ConfidenceSets | None:
        """Confidence sets for ranks, None where pairs are too many or noise cannot be told."""
        if len(self.order) > MOST:
            return None
        model, drawn = self.model, self.drawn
        means = Means.of(drawn.crossed, sd_judge=model.sd_judge, sd_residual=model.sd_residual)
        if means.freedom < 1:
            return None
        return confidence_sets(means.times(drawn.times, drawn.rest), level=LEVEL, seed=self.seed)

    @cached_property
    def gains(self) -> dict[int, float]:
        """How many fewer wrong decisions one more ballot on a candidate would bring."""
        if self.k is None or self.top is None:
            return {}
        variance = self.model.sd_judge**2 + self.model.sd_residual**2
        asked = candidates(self.top)
        found = one_more(self.drawn.ranking, self.k, self.drawn.own, variance, asked)
        return dict(zip(asked.tolist(), found.tolist(), strict=True))

    def _proposals(self) -> tuple[ProposalStability, ...]:
        ranking, totals, sets = self.drawn.ranking, self.drawn.totals, self.sets
        half, most = ranking.interval(0.5), ranking.interval(LEVEL)
        again = self.again.interval(LEVEL)
        first = ranking.top(1)
        mean, sd = totals.mean(axis=0, dtype=float), totals.std(axis=0, dtype=float)
        return tuple(
            ProposalStability(
                proposal=standing.proposal,
                title=standing.title,
                rank=int(standing.rank or 0),
                expected_rank=float(ranking.expected[i]),
                sucra=float(ranking.sucra[i]),
                score=float(mean[i]),
                sd=float(sd[i]),
                interval_50=_pair(half, i),
                interval_90=_pair(most, i),
                p_first=float(first[i]),
                p_in=_at(self.top, i),
                marginal=None
                if sets is None
                else _pair((sets.marginal_low, sets.marginal_high), i),
                simultaneous=None if sets is None else _pair((sets.low, sets.high), i),
                bootstrap_90=_pair(again, i),
                bootstrap_in=_at(self.top_again, i),
                one_more=self.gains.get(i),
            )
            for standing, i in zip(self.standings, self.order.tolist(), strict=True)
        )

    def _line(self) -> Line | None:
        if self.k is None or self.top is None:
            return None
        k, names = self.k, [s.proposal for s in self.standings]
        top = self.top[self.order]
        first, last = _blurred(top, k)
        among = None
        if self.sets is not None:
            best = self.sets.best(k)[self.order]
            among = tuple(p for p, held in zip(names, best, strict=True) if held)
        helpful = sorted(self.gains.items(), key=lambda item: (-item[1], item[0]))[:NAMED]
        clear = first > last
        run = top[first - 1 : last]
        doubtful = np.flatnonzero((top > DOUBT) & (top < 1 - DOUBT)) + 1
        return Line(
            size=k,
            first=None if clear else first,
            last=None if clear else last,
            low=float(top[:k].min() if clear else run.min()),
            high=float(top[k:].max() if clear else run.max()),
            proposals=tuple(names[first - 1 : last]),
            also=tuple(names[i - 1] for i in doubtful if not first <= i <= last),
            wrong=float((1 - top[:k]).sum()),
            one_more=tuple((self.drawn.proposals[i], gain) for i, gain in helpful),
            by_rank=bool(self.undecided) or set(self.inside) == set(names[:k]),
            among=among,
        )

    def _checks(self) -> Checks:
        drawn, boot = self.drawn, self.boot
        rank = np.array([s.rank for s in self.standings], dtype=np.float64)
        difference = None
        if self.top is not None and self.top_again is not None:
            difference = float(np.abs(self.top - self.top_again).max())
        return Checks(
            draws=drawn.ranking.draws,
            r_hat=drawn.ranking.r_hat,
            correlation=correlation(rank, drawn.ranking.expected[self.order]),
            is_mean=self._is_mean(),
            connected=drawn.crossed.is_connected,
            ballots=int(drawn.crossed.by_proposal.min()),
            different=boot.different,
            too_small=1 - boot.shrinkage,
            difference=difference,
            parts=bool(drawn.rest.any()),
            left_out=drawn.left_out,
        )

    def _is_mean(self) -> bool:
        """Whether the subtotal of everybody is the mean of the ballots, up to rounding."""
        crossed = self.drawn.crossed
        mean = np.bincount(crossed.proposal, crossed.value) / crossed.by_proposal
        official = np.array([float(s.subtotal or 0) for s in self.standings])
        step = 10.0 ** -self.round.standings.places["subtotal"]
        return bool((np.abs(mean[self.order] - official) <= 0.51 * step + 0.005).all())


def _blurred(top: Floats, k: int) -> tuple[int, int]:
    """The first and last place in doubt next to the line; last < first where the line is clear."""
    first, last = k + 1, k
    while first > 1 and top[first - 2] < 1 - DOUBT:
        first -= 1
    while last < len(top) and top[last] > DOUBT:
        last += 1
    if first > last:
        return first, last
    return min(first, k), max(last, k + 1)


def correlation(rank: Floats, expected: Floats) -> float | None:
    """Spearman's, of two rankings in which equals share their mean place; None of no order."""
    one, other = _average_ranks(rank), _average_ranks(expected)
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size else None


def _average_ranks(values: Floats) -> Floats:
    _, code, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    average: Floats = (ends - (counts - 1) / 2)[code]
    return average


def _pair(ends: Sequence[NDArray[np.integer]], i: int) -> tuple[int, int]:
    return int(ends[0][i]), int(ends[1][i])


def _at(values: Floats | None, i: int) -> float | None:
    return None if values is None else float(values[i])
