"""How many variants are tried where there are too many, and which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.plugin.parts import Scorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.comparing.beside import Beside
    from review.analysis.comparing.changes import Change
    from review.model.result import Result

ROWS = 3_000_000
"""So many marks and lines of standings are worked through for one question, at most."""

SLOW = 10
"""What a scorer that iterates in Python counts for."""

BALLOTS = 300
"""What a shortlist rule counts for that works on ballots, as a lottery does on their posterior."""


@dataclass(frozen=True)
class Tried:
    """How many there are of a kind, and how many of them were tried."""

    tried: int
    of: int

    @property
    def is_all(self) -> bool:
        """Whether none was left out."""
        return self.tried == self.of


def affordable(beside: Beside, example: Change, most: int) -> int:
    """How many variants like `example` are tried: at least 1, at most `most`."""
    rows = max(1, beside.rows(example) * slowness(beside))
    return max(1, min(most, ROWS // rows))


def slowness(beside: Beside) -> int:
    """1 where scorers are expressions on frames and rules look at standings alone, else more."""
    scorers, rules = beside.plugins.scorers(), beside.plugins.shortlists()
    uses = [r.shortlist for r in beside.loaded.competition.rounds if r.shortlist is not None]
    if any(rules[use.rule].part(use.options, line=use.line).wants_ballots for use in uses):
        return BALLOTS
    names = {rubric.scorer.name for rubric in beside.loaded.rubrics.values()}
    return 1 if all(issubclass(scorers[name].part, Scorer) for name in names) else SLOW


def nearness(result: Result) -> Mapping[str, int]:
    """How many places each ranked proposal is away from a line, in the round where it is nearest.

    The line is the last place on the shortlist; where there is none, the last that wins an award
    of the round, or the first.
    """
    found: dict[str, int] = {}
    for round_ in result.rounds:
        winners = {w.proposal for a in result.awards if a.round == round_.id for w in a.winners}
        line = max(1, len(winners))
        if round_.shortlist is not None:
            line = max(1, sum(e.status == "in" for e in round_.shortlist))
        frame = round_.standings.frame
        for proposal, rank in frame.select("proposal", "rank").drop_nulls().iter_rows():
            found[proposal] = min(abs(rank - line), found.get(proposal, rank + line))
    return found


def nearest(proposals: Sequence[str], near: Mapping[str, int], most: int) -> list[str]:
    """The `most` proposals nearest to a line, in their order."""
    far = max(near.values(), default=0) + 1
    chosen = set(sorted(proposals, key=lambda p: (near.get(p, far), p))[:most])
    return [p for p in proposals if p in chosen]
