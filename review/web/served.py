"""Which rounds somebody serves as a judge, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.store import rounds

if TYPE_CHECKING:
    from review.live.definition import Form
    from review.live.event import Event
    from review.store.people import Person
    from review.store.rounds import RoundState


def serves(form: Form, person: Person) -> bool:
    """Whether a judge is asked to mark anything in a round."""
    if form.assigned is not None:
        return any(judge == person.judge for judge, _proposal in form.assigned)
    return person.judge in form.panel


def state_of(event: Event, round_id: str) -> RoundState:
    """Where a round stands."""
    with event.database.reading() as conn:
        return rounds.state(conn, round_id)


def states(event: Event) -> dict[str, RoundState]:
    """Where each round stands that has begun."""
    with event.database.reading() as conn:
        return dict(rounds.states(conn))
