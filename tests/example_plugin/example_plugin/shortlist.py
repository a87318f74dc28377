"""A shortlist rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Choice, Message, Selection, ShortlistRule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from review import Entrant

ABOVE = {"en": "not below the median of {median}", "zh-Hans": "不低于中位数 {median}"}
BELOW = {"en": "below the median of {median}", "zh-Hans": "低于中位数 {median}"}


class UpperHalf(ShortlistRule):
    """Whoever does not score below the median goes on; there is no line to be tied at."""

    id = "upper_half"
    title = {"en": "Upper half", "zh-Hans": "前半数"}

    def select(self, entrants: Sequence[Entrant]) -> Selection:
        """In or out by the lower median of the scores; people's rulings are kept to."""
        median = entrants[(len(entrants) - 1) // 2].score
        return Selection(
            {
                entrant.proposal: self._choice(entrant, place, median)
                for place, entrant in enumerate(entrants, start=1)
            }
        )

    def _choice(self, entrant: Entrant, place: int, median: Decimal) -> Choice:
        above = entrant.score >= median
        chosen = entrant.ruling == "in" or (above and entrant.ruling is None)
        reason = Message("upper_half", {"median": median}, ABOVE if above else BELOW)
        return Choice("in", reason, place) if chosen else Choice("out", reason)
