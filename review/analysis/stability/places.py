"""The report on the places of one field, as it is read and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.messages import Message

Interval = tuple[int, int]


@dataclass(frozen=True)
class ProposalStability:
    """What is known of one proposal's place.

    `rank` is the official one. `score`, `sd`: mean and spread of its drawn scores, None where they
    are in no unit of the round's score. `p_first`, `p_in`: chances of being first, and of being
    among as many as are in (None without a line). `marginal`, `simultaneous`: confidence sets for
    the rank, None where there are too many proposals. `bootstrap_90`, `bootstrap_in`: the interval
    and the chance with judges drawn anew. `one_more`: how many fewer wrong decisions one more
    ballot on it would bring, None where it is not near the line.
    """

    proposal: str
    title: Mapping[str, str]
    rank: int
    expected_rank: float
    sucra: float
    score: float
    sd: float
    interval_50: Interval
    interval_90: Interval
    p_first: float
    p_in: float | None
    marginal: Interval | None
    simultaneous: Interval | None
    bootstrap_90: Interval
    bootstrap_in: float | None
    one_more: float | None = None

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "proposal": self.proposal,
            "title": dict(self.title),
            "rank": self.rank,
            "expected_rank": _rounded(self.expected_rank),
            "sucra": _rounded(self.sucra),
            "score": _rounded(self.score),
            "sd": _rounded(self.sd),
            "interval_50": list(self.interval_50),
            "interval_90": list(self.interval_90),
            "p_first": _rounded(self.p_first),
            "p_in": _rounded(self.p_in),
            "marginal": self.marginal and list(self.marginal),
            "simultaneous": self.simultaneous and list(self.simultaneous),
            "bootstrap_90": list(self.bootstrap_90),
            "bootstrap_in": _rounded(self.bootstrap_in),
            "one_more": _rounded(self.one_more),
        }


@dataclass(frozen=True)
class Line:
    """The line after place `size`.

    `proposals` at places `first` to `last` cannot be told apart (none where the line is clear);
    their chances of being above it are between `low` and `high`; of a clear line, `low` is the
    least above it and `high` the most below. `also`: others in doubt, away from the line. `wrong`:
    how many of those above are expected to belong below. `one_more`: candidates for another ballot,
    with how many fewer wrong decisions it brings, the most helpful first. `by_rank`: whether those
    who are in are those with the best ranks. `among`: the confidence set of the best.
    """

    size: int
    first: int | None
    last: int | None
    low: float
    high: float
    proposals: tuple[str, ...]
    also: tuple[str, ...]
    wrong: float
    one_more: tuple[tuple[str, float], ...]
    by_rank: bool
    among: tuple[str, ...] | None

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "size": self.size,
            "first": self.first,
            "last": self.last,
            "low": _rounded(self.low),
            "high": _rounded(self.high),
            "proposals": list(self.proposals),
            "also": list(self.also),
            "wrong": _rounded(self.wrong),
            "one_more": [{"proposal": p, "fewer": _rounded(f)} for p, f in self.one_more],
            "by_rank": self.by_rank,
            "among": None if self.among is None else list(self.among),
        }


@dataclass(frozen=True)
class Checks:
    """What the figures rest on.

    `draws`, and the agreement of their halves (`r_hat`, 1 is perfect). `correlation` of official
    and expected rank; `is_mean`: whether the scorer takes the mean of ballots. `connected`: whether
    judges connect all proposals. `different`: how many panels the bootstrap can draw for who has
    the fewest `ballots`; `too_small`: by which share its spread is too small; `difference`: the
    largest to the model, in a chance of being in. `parts`: whether facts or earlier rounds enter.
    `left_out`: ranked without a ballot.
    """

    draws: int
    r_hat: float
    correlation: float | None
    is_mean: bool
    connected: bool
    ballots: int
    different: int
    too_small: float
    difference: float | None
    parts: bool
    left_out: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "draws": self.draws,
            "r_hat": _rounded(self.r_hat),
            "correlation": _rounded(self.correlation),
            "is_mean": self.is_mean,
            "connected": self.connected,
            "bootstrap": {
                "ballots": self.ballots,
                "different": self.different,
                "too_small": _rounded(self.too_small),
                "difference": _rounded(self.difference),
            },
            "parts": self.parts,
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True)
class FieldStability:
    """How sure the places of one field (a round, or a group in it) are.

    `reason` tells why nothing can be said; then there are no `proposals` and no `checks`.
    `proposals` are in the order of the standings. `size`: how many are in, None where the round has
    no shortlist; `line`: None where everybody or nobody is in as well.
    """

    group: str | None
    scorer: str
    reason: Message | None = None
    proposals: tuple[ProposalStability, ...] = ()
    size: int | None = None
    line: Line | None = None
    checks: Checks | None = None
    sentences: tuple[Message, ...] = ()
    scorer_title: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "group": self.group,
            "sentences": [s.to_json() for s in self.sentences],
            "reason": self.reason and self.reason.to_json(),
            "size": self.size,
            "line": self.line and self.line.to_json(),
            "checks": self.checks and self.checks.to_json(),
            "proposals": [p.to_json() for p in self.proposals],
        }


def _rounded(number: float | None) -> float | None:
    """A number as it is shown; never -0."""
    return None if number is None else round(number, 4) + 0.0
