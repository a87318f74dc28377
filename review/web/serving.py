"""Opening the event that a server serves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from review.live.event import Event

if TYPE_CHECKING:
    from review.web.settings import Settings


def open_event(settings: Settings) -> Event:
    """The event in the settings' folder and database; a new database takes the folder in."""
    return Event.open(
        Path(settings.folder) if settings.folder else None,
        settings.database,
        local_plugins=settings.local_plugins,
        blocked=settings.blocked,
    )
