"""Judges as organisers see them: who has a way in, who has been there, how far they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from review.live.coverage import coverage
from review.store import chain, rounds, schema
from review.store import people as store
from review.store.database import now
from review.text import _
from review.web.rendering import html
from review.web.routes.organiser.matrix import ballots
from review.web.streams import Part, Snapshot

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from review.live.event import Event


@dataclass(frozen=True, slots=True)
class Judge:
    """One line of the list; `part` is its id in the page."""

    part: str
    ref: str
    judge: str
    name: str
    withdrawn: str | None
    links: int
    sessions: int
    seen: str | None
    done: int
    of: int
    state: str
    css: str


def look(event: Event) -> Snapshot:
    """A part for every judge."""
    with event.database.reading() as conn:
        seq = chain.head(conn).seq
    found = judges(event)
    parts = [_part(judge) for judge in found]
    return Snapshot(seq, tuple(judge.ref for judge in found), parts)


def _part(judge: Judge) -> Part:
    return Part(judge.part, judge, lambda: html("organiser/parts/judge.html", j=judge))


def judges(event: Event) -> list[Judge]:
    """Everybody who judges, in the order of their table."""
    with event.database.reading() as conn:
        people = store.people(conn, "judge")
        links = _working_links(conn)
        sessions, seen = _sessions(conn)
        states = rounds.states(conn)
    progress = _progress(event, [s.round for s in states.values() if s.state != "planned"])
    return [
        _judge(
            f"p{i}", person, links[person.ref], sessions[person.ref], seen.get(person.ref), progress
        )
        for i, person in enumerate(people)
    ]


def _judge(  # noqa: PLR0913, PLR0917 -- what a line is made of
    part: str,
    person: store.Person,
    links: int,
    sessions: int,
    seen: str | None,
    progress: dict[str, tuple[int, int]],
) -> Judge:
    judge = person.judge or ""
    done, of = progress.get(judge, (0, 0))
    state, css = _state(person, links, sessions, seen, done >= of > 0)
    return Judge(
        part, person.ref, judge, person.name or judge, person.withdrawn,
        links, sessions, seen, done, of, state, css,
    )  # fmt: skip


def _state(
    person: store.Person,
    links: int,
    sessions: int,
    seen: str | None,
    through: bool,  # noqa: FBT001
) -> tuple[str, str]:
    """Where somebody stands, in words, and the class of its tag."""
    if person.withdrawn:
        return _("withdrawn"), "bad"
    if through:
        return _("through"), "done"
    if sessions:
        return _("signed in"), "ok"
    if seen:
        return _("signed out"), "part"
    return (_("invited"), "closed") if links else (_("no way in yet"), "")


def _progress(event: Event, opened: list[str]) -> dict[str, tuple[int, int]]:
    """Ballots done and asked for, by judge, over all rounds that have opened."""
    done: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for round_id in opened:
        for line in coverage(event, round_id).judges:
            asked[line.judge] += ballots(line)
            done[line.judge] += line.done
    return {judge: (done[judge], count) for judge, count in asked.items()}


def _working_links(conn: Connection) -> Counter[str]:
    link = schema.link.c
    query = (
        select(link.person, func.count())
        .where(link.revoked.is_(None), link.expires.is_(None) | (link.expires > now()))
        .group_by(link.person)
    )
    return Counter({row[0]: row[1] for row in conn.execute(query)})


def _sessions(conn: Connection) -> tuple[Counter[str], dict[str, str]]:
    """Working sessions by person, and when each person was last seen at all."""
    session = schema.session.c
    query = select(session.person, session.seen, session.revoked, session.expires)
    working: Counter[str] = Counter()
    seen: dict[str, str] = {}
    at = now()
    for ref, last, revoked, expires in conn.execute(query):
        seen[ref] = max(last, seen.get(ref, ""))
        working[ref] += revoked is None and expires > at
    return working, seen
