"""How fast people are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds over which judges arrive, and seconds that a ballot takes (median; 0: none).

    `forms`: whether each ballot's form is opened, or only the first one. `freely`: the share of
    judges who go through the list in an order of their own.
    """

    arrival: float
    think: float
    forms: bool
    freely: float = 0.3


#: Half a minute for a ballot, ten times as fast: an hour's judging in six minutes.
HUMAN = Pace(arrival=20.0, think=3.0, forms=True)
#: No time at all: a hall of phones that come back from an outage, all at once.
FAST = Pace(arrival=2.0, think=0.0, forms=False)

PACES = {"human": HUMAN, "fast": FAST}
