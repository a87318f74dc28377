"""The first start: the folder is taken into the database, and everybody gets a link."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.live.event import Event
from review.store import people

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Ways:
    """Tokens of sign-in links: of each judge by id, and of the organiser."""

    judges: Mapping[str, str]
    organiser: str


def invite(folder: Path, url: str) -> Ways:
    """Import the competition into an empty database, and make the links."""

    def make(conn: Connection) -> Ways:
        judges = {
            person.judge: people.new_link(conn, person.ref)
            for person in people.people(conn, "judge")
            if person.judge is not None
        }
        return Ways(judges, people.organiser_link(conn, "rehearsal"))

    with closing(Event.open(folder, url)) as event:
        return event.writer.do(make)
