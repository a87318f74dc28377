"""An event opens, is served alone, follows what others write, and takes a new definition."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from review.errors import DataError, StoreError, UsageError
from review.live import ballots
from review.live.changing import Changed
from review.live.event import Event
from review.store import chain, changes, people, rounds
from review.store.database import Database
from tests.live.conftest import FIRST, begin, give, judge, organiser, refusal, sent
from tests.live.folders import COMPETITION, RUBRIC, hall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_first_opening_takes_the_folder_in(event: Event) -> None:
    assert (event.definition.version, list(event.definition.forms)) == (1, [FIRST, "final"])
    with event.database.reading() as conn:
        assert [p.judge for p in people.people(conn, "judge")] == ["j 2", "j1", "评委3"]
    assert event.differences == ()


def test_database_is_beside_the_competition_unless_named(tmp_path: Path) -> None:
    event = Event.open(hall(tmp_path))
    event.close()
    assert (tmp_path / "live.sqlite3").is_file()


def test_opening_again_finds_the_event_and_tells_what_the_folder_says_otherwise(
    tmp_path: Path, database_url: str
) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    Event.open(hall(folder), database_url).close()
    same = Event.open(folder, database_url)
    assert (same.definition.version, same.differences) == (1, ())
    same.close()
    hall(folder, {"rubrics/simple.toml": RUBRIC.replace("weight = 2", "weight = 3")})
    other = Event.open(folder, database_url)
    assert len(other.differences) == 1
    assert other.definition.form(FIRST).rubric.criteria[0].weight == 2
    other.close()


def test_event_opens_without_its_folder(tmp_path: Path, sqlite_url: str) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    Event.open(hall(folder), sqlite_url).close()
    for gone in (None, tmp_path / "gone"):
        event = Event.open(gone, sqlite_url)
        assert (event.definition.version, event.differences) == (1, ())
        event.close()


def test_nothing_to_open_is_told(tmp_path: Path, sqlite_url: str) -> None:
    with pytest.raises(UsageError, match="name a competition"):
        Event.open(None)
    with pytest.raises(UsageError, match="holds no event yet"):
        Event.open(None, sqlite_url)
    with pytest.raises(UsageError, match=r"holds no competition\.toml"):
        Event.open(tmp_path, sqlite_url)
    assert list(tmp_path.iterdir()) == []  # no database is made for nothing


def test_database_without_an_event_is_told(sqlite_url: str) -> None:
    Database.open(sqlite_url).close()
    with pytest.raises(UsageError) as refused:
        Event.open(None, sqlite_url)
    assert refused.value.message.code == "live_no_event"


def test_folder_with_errors_is_not_taken_in(tmp_path: Path, sqlite_url: str) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    with pytest.raises(DataError):
        Event.open(
            hall(folder, {"rubrics/simple.toml": RUBRIC.replace("weighted", "x")}), sqlite_url
        )
    hall(folder)
    Event.open(folder, sqlite_url).close()


def test_second_server_on_a_file_is_refused(light: Event) -> None:
    with pytest.raises(StoreError, match=r"has “.*” open"):
        Event.open(None, light.database.url)


def test_who_subscribed_is_told_once_of_what_is_written_here(light: Event) -> None:
    told, others = list[int](), list[int]()
    end = light.changed.subscribe(told.append)
    begin(light)
    receipt = give(light, "j1", "p1", "9")
    _wait(lambda: told[-1:] == [receipt.seq])
    assert sorted(set(told)) == told
    end()
    light.changed.subscribe(others.append)
    last = give(light, "j1", "p2", "9").seq
    _wait(lambda: others[-1:] == [last])
    assert told[-1] == receipt.seq


def _wait(happened: Callable[[], bool]) -> None:
    """An answer is given before everybody is told."""
    for _ in range(200):
        if happened():
            return
        time.sleep(0.02)
    pytest.fail("nobody was told")


def test_what_another_process_writes_is_seen(event: Event, tmp_path: Path) -> None:
    other = Database.open(event.database.url)
    told = threading.Event()
    event.changed.subscribe(lambda _seq: told.set())
    folder = tmp_path / "other"
    folder.mkdir()
    from review import app  # noqa: PLC0415 -- one test's own
    from review.store import transfer  # noqa: PLC0415 -- as above

    opened = app.load(
        hall(folder, {"rubrics/simple.toml": RUBRIC.replace("weight = 2", "weight = 3")})
    )
    with other.writing() as conn:
        transfer.renew(conn, opened, actor=chain.SYSTEM)
    other.close()
    assert told.wait(10)
    assert event.definition.version == 2
    assert event.definition.form(FIRST).rubric.criteria[0].weight == 3


def test_new_definition_refuses_ballots_on_the_old_form(event: Event, tmp_path: Path) -> None:
    begin(event)
    who = judge(event, "j1")
    old, stored = (sent(event, FIRST, "p1", {"need": "8"}) for _ in range(2))
    ballots.record(event, who, stored).result(10)
    folder = tmp_path / "other"
    folder.mkdir()
    files = {"rubrics/simple.toml": RUBRIC.replace("step = 0.5", "step = 1")}
    assert event.renew(hall(folder, files), actor=organiser(event).ref).version == 2
    assert refusal(lambda: ballots.record(event, who, old).result(10)) == ("rubric_changed", 409)
    assert ballots.record(event, who, stored).result(10).replay
    give(event, "j1", "p1", "9")


def test_new_definition_comes_from_a_sound_competition(light: Event, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no competition\.toml"):
        light.renew(tmp_path / "nowhere", actor="system")
    folder = tmp_path / "other"
    folder.mkdir()
    broken = COMPETITION.replace('rubric = "simple"', 'rubric = "none"')
    with pytest.raises(DataError):
        light.renew(hall(folder, {"competition.toml": broken}), actor="system")
    assert light.definition.version == 1


def test_marks_of_a_folder_are_taken_in(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "hall"
    folder.mkdir()
    marks = "proposal,judge,need,team spirit\np1,j1,9,8.5\np2,j1,缺席,\n"
    toml = COMPETITION.replace(
        'rubric = "simple"\n[rounds.s', 'rubric = "simple"\nmarks = "m.csv"\n[rounds.s'
    )
    event = Event.open(hall(folder, {"competition.toml": toml, "m.csv": marks}), database_url)
    with event.database.reading() as conn:
        assert rounds.state(conn, FIRST).state == "planned"
    begin(event)
    opened = ballots.open_ballot(event, judge(event, "j1"), FIRST, "p1")
    assert [tuple(cell) for cell in opened.stored.cells.values()] == [
        ("9", None, 1),
        ("8.5", None, 1),
    ]
    give(event, "j1", "p1", "9.5", "8.5")
    event.close()


def test_one_that_fails_keeps_nobody_else_from_being_told(caplog: pytest.LogCaptureFixture) -> None:
    changed, told = Changed(), list[int]()

    def fail(_seq: int) -> None:
        raise LookupError

    end = changed.subscribe(fail)
    changed.subscribe(told.append)
    changed.tell(3)
    end()
    changed.tell(4)
    assert told == [3, 4]
    assert len(caplog.records) == 1


def test_definition_is_read_once_for_a_version(light: Event) -> None:
    before = light.definition
    light.writer.do(
        lambda conn: changes.set_proposal_status(conn, "p1", None, actor="system", why="")
    )
    assert light.definition is before
