"""A judge's own marks at a glance: how high, how wide, in which order. Nobody else's are in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING

from review.live.ballots import entrants_of
from review.live.tallies import own
from review.live.values import Weighing
from review.store import rounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.live.event import Event
    from review.live.tallies import Given
    from review.store.people import Person


@dataclass(frozen=True, slots=True)
class Place:
    """A proposal in a judge's own order; equal values share a place."""

    place: int
    proposal: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Picture:
    """A judge's own complete ballots in a round, on the scale of the round's score.

    `mean` and `deviation` (the standard deviation, of all and not of a sample) are None without a
    complete ballot. `order` is highest first. `histogram` has for each criterion the marks given
    and how often, lowest first.
    """

    round: str
    ballots: int
    mean: Decimal | None
    deviation: Decimal | None
    order: Sequence[Place]
    histogram: Mapping[str, Sequence[tuple[Decimal, int]]]


def picture(event: Event, person: Person, round_id: str) -> Picture:
    """A judge's own picture of a round so far."""
    definition, form = event.definition, event.definition.form(round_id)
    with event.database.reading() as conn:
        entrants = entrants_of(definition, rounds.state(conn, round_id))
        given = own(conn, form, person.ref)
    mine = {p: given[p] for p in entrants if p in given}
    weighing = Weighing.of(form.rubric)
    read = [(weighing.numerator(ballot.cells), proposal) for proposal, ballot in mine.items()]
    found = [(value, proposal) for value, proposal in read if value is not None]
    values = [value for value, _ in found]
    return Picture(
        round=round_id,
        ballots=len(values),
        mean=weighing.shown(_mean(values)) if values else None,
        deviation=weighing.shown(_deviation(values)) if values else None,
        order=[
            Place(1 + sum(other > value for other in values), p, weighing.shown(value))
            for value, p in sorted(found, key=lambda pair: -pair[0])
        ],
        histogram={c.id: _histogram(c.id, mine) for c in form.rubric.criteria},
    )


def _mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def _deviation(values: Sequence[int]) -> Fraction:
    """To some six decimals more than the values have: it is shown, nothing is decided by it."""
    mean = _mean(values)
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)
    return Fraction(isqrt(int(variance * 10**12)), 10**6)


def _histogram(criterion: str, given: Mapping[str, Given]) -> list[tuple[Decimal, int]]:
    cells = (g.cells.get(criterion) for g in given.values())
    marks = Counter(Decimal(c.mark) for c in cells if c is not None and c.mark is not None)
    return sorted(marks.items())
