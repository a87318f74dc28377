"""An event in a hall: two rounds, three judges, four proposals, one of them withdrawn."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

import pytest

from review.live import ballots, rounds
from review.live.event import Event
from review.store import people
from tests.live.folders import hall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from review.store.marks import Receipt
    from review.store.people import Person

FIRST, FINAL = "first/一", "final"


@pytest.fixture
def event(tmp_path: Path, database_url: str) -> Iterator[Event]:
    """An event that nobody has touched yet, on each database."""
    folder = tmp_path / "hall"
    folder.mkdir()
    event = Event.open(hall(folder), database_url)
    yield event
    event.close()


@pytest.fixture
def light(tmp_path: Path, sqlite_url: str) -> Iterator[Event]:
    """The same on SQLite alone."""
    folder = tmp_path / "hall"
    folder.mkdir()
    event = Event.open(hall(folder), sqlite_url)
    yield event
    event.close()


def organiser(event: Event) -> Person:
    """Somebody who runs the event."""
    with event.database.reading() as conn:
        known = people.people(conn, "organiser")
    return known[0] if known else event.writer.do(lambda conn: people.add_organiser(conn, "Olga"))


def judge(event: Event, judge_id: str) -> Person:
    """A judge as the database has them now."""
    with event.database.reading() as conn:
        found = people.by_judge(conn, judge_id)
    assert found is not None
    return found


def begin(event: Event, round_id: str = FIRST) -> None:
    """Open a round that was planned."""
    rounds.open_round(event, organiser(event), round_id, 0)


def sent(
    event: Event, round_id: str, proposal: str, cells: Mapping[str, str | None], **other: object
) -> ballots.Sent:
    """A ballot as a device sends it, under a new operation."""
    given: dict[str, object] = {"op": f"op-{next(_OPS)}", **other}
    return ballots.Sent(
        round=round_id,
        proposal=proposal,
        cells=cells,
        **{"rubric": event.definition.form(round_id).digest, **given},  # type: ignore[arg-type]
    )


_OPS = itertools.count(1)


def give(
    event: Event, judge_id: str, proposal: str, *marks: str, round_id: str = FIRST, **other: object
) -> Receipt:
    """Store marks on the criteria in their order, over whatever is there."""
    who = judge(event, judge_id)
    form = event.definition.form(round_id)
    cells = dict(zip(form.criteria, marks, strict=False))
    known = ballots.open_ballot(event, who, round_id, proposal).stored.cells
    base = {criterion: cell.revision for criterion, cell in known.items()}
    ballot = sent(event, round_id, proposal, cells, **{"base": base, **other})
    return ballots.record(event, who, ballot).result(10)


def refusal(call: Callable[[], object]) -> tuple[str, int]:
    """Code and status of what a call refuses."""
    with pytest.raises(ballots.Refused) as refused:
        call()
    return refused.value.code, refused.value.status


@pytest.fixture
def statements(light: Event) -> Iterator[Callable[[], int]]:
    """How many statements this thread sent to `light`'s database since it was last asked.

    BEGINs are left out, and so is what the event asks by itself when the record grows.
    """
    from sqlalchemy import event as listening  # noqa: PLC0415 -- one fixture's own

    seen: list[str] = []
    here = threading.get_ident()

    def note(*args: object) -> None:
        if threading.get_ident() == here and str(args[2]).startswith("SELECT"):
            seen.append(str(args[2]))

    listening.listen(light.database.engine, "before_cursor_execute", note)

    def count() -> int:
        found = len(seen)
        seen.clear()
        return found

    yield count
    listening.remove(light.database.engine, "before_cursor_execute", note)
