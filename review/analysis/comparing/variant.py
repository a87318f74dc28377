"""What a change comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.analysis.comparing.changes import Change
    from review.messages import Message
    from review.model.result import AwardResult, RoundResult


@dataclass
class Variant:
    """What a change comes to: its rounds and awards, or why there are none.

    `rounds` are those that were run; one is lacking that waits for a decision. `changed`: the
    rounds that were run anew; the others are the official ones. `warnings`: what scorers and rules
    told of the rounds run anew, and not of the official ones.
    """

    change: Change
    rounds: dict[str, RoundResult] = field(default_factory=dict)
    awards: tuple[AwardResult, ...] = ()
    refusal: Message | None = None
    changed: set[str] = field(default_factory=set)
    warnings: list[Message] = field(default_factory=list)


def in_(round_: RoundResult) -> frozenset[str]:
    """Who is in on a shortlist."""
    return frozenset(e.proposal for e in round_.shortlist or () if e.status == "in")
