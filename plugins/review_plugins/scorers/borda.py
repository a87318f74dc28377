"""Points for everybody one was placed above."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING

from review import FieldScorer, FieldScores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review import Field


class Borda(FieldScorer):
    """Borda count over what each judge saw.

    A judge gives a proposal one point for each proposal marked lower and half a point for each
    marked the same. Where every judge marked everything this is the classic count. Where a judge
    saw fewer, the points are taken as a share of those that were there to win, and scaled to a full
    field and panel: absent is not zero.
    """

    id = "borda"
    title = {"en": "Borda count", "zh-Hans": "波达计数"}
    unit = "points"

    def score_field(self, field: Field) -> FieldScores:
        """Mean over judges of below / (seen - 1), × (proposals - 1) × judges.

        A judge who saw one proposal alone compared nothing and gives no points; a proposal alone
        in its field has the 0 points that were there to win.
        """
        if len(set(field.proposals)) == 1:
            return FieldScores({field.proposals[0]: 0})
        shares: dict[str, list[Fraction]] = {}
        panels = [ballot for ballot in field.by_judge().values() if len(ballot) > 1]
        for ballot in panels:
            for proposal, share in _shares(ballot).items():
                shares.setdefault(proposal, []).append(share)
        scale = len(panels) * (len(set(field.proposals)) - 1)
        return FieldScores(
            {p: sum(found, Fraction(0)) * scale / len(found) for p, found in shares.items()}
        )


def _shares(ballot: Mapping[str, int]) -> dict[str, Fraction]:
    """What part of the others a judge placed below each proposal; a tie is half below."""
    ordered = sorted(ballot.values())
    others = len(ordered) - 1
    return {
        proposal: Fraction(
            bisect_left(ordered, value) + bisect_right(ordered, value) - 1, 2 * others
        )
        for proposal, value in ballot.items()
    }
