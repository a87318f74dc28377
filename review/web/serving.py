"""Opening the event that a server serves, and the first way in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from review.live.event import Event
from review.store import people

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.web.settings import Settings


def open_event(settings: Settings) -> Event:
    """The event in the settings' folder and database; a new database takes the folder in."""
    return Event.open(
        Path(settings.folder) if settings.folder else None,
        settings.database,
        local_plugins=settings.local_plugins,
        blocked=settings.blocked,
    )


def organiser_link(event: Event, name: str = "") -> str:
    """A token that signs the organiser of that name in, for a day; made where there is none yet."""

    def make(conn: Connection) -> str:
        known = [p for p in people.people(conn, "organiser") if p.name == name]
        person = known[0] if known else people.add_organiser(conn, name)
        expires = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="microseconds")
        return people.new_link(conn, person.ref, expires=expires.replace("+00:00", "Z"))

    return event.writer.do(make)
