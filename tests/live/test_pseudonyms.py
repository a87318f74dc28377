"""People are erased after an event; what came of it stays."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url

from review import app
from review.errors import DataError, Refused, StoreError
from review.live import anonymising
from review.live.anonymising import erase_people, unfinished
from review.live.deriving import Question
from review.live.event import Event
from review.live.showing import What
from review.output import result_text
from review.store import chain, changes, people, publications, transfer
from review.store.database import Database
from review.store.instants import now
from tests.live.folders import RUBRIC
from tests.live.gala import PLANTED, gala, played, publish
from tests.occasion import Occasion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATER = "2999-01-01T00:00:00.000000Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return gala(tmp_path / "gala")


@pytest.fixture
def database(folder: Path, database_url: str) -> Iterator[Database]:
    """The event, played and published, not served any more."""
    occasion, _ = played(folder, database_url)
    publish(occasion)
    occasion.event.close()
    kept = Database.open(database_url)
    yield kept
    kept.close()


def question(database: Database) -> Question:
    return Question(database.url)


def stored_bytes(database: Database, tmp_path: Path) -> bytes:
    """Every byte of the database: an SQLite file with its journals, or a dump."""
    if database.path is not None:
        beside = sorted(database.path.parent.glob(f"{database.path.name}*"))
        return b"".join(path.read_bytes() for path in beside)
    url = make_url(database.url)
    dump = tmp_path / "dump.sql"
    program = shutil.which("pg_dump")
    assert program is not None
    subprocess.run(
        (program, "--inserts", f"--file={dump}", f"--host={url.query['host']}",
         f"--username={url.username}", str(url.database)),
        check=True,
    )  # fmt: skip
    return dump.read_bytes()


def planted_in(content: bytes) -> list[str]:
    """The words that stand there, also as PostgreSQL writes bytes of files."""
    return [
        word
        for word in PLANTED
        if word.encode() in content or word.encode().hex().encode() in content
    ]


def result_of(database: Database, tmp_path: Path) -> dict[str, Any]:
    """What `review run` gives on the export."""
    out = tmp_path / "export"
    shutil.rmtree(out, ignore_errors=True)
    with database.reading() as conn:
        transfer.write_folder(transfer.export_files(conn), out)
    found: dict[str, Any] = json.loads(result_text(app.run(app.load(out))))
    return found


def without_people(result: dict[str, Any]) -> dict[str, Any]:
    """A result without digests, judges and what people said."""

    def stripped(value: Any) -> Any:
        if isinstance(value, list):
            return [stripped(inner) for inner in value]
        if isinstance(value, dict):
            return {k: stripped(v) for k, v in value.items() if k not in {"reason", "excluded"}}
        return value

    found: dict[str, Any] = stripped(result)
    counts = [len(r["excluded"]) for r in result["rounds"]]
    return {**found, "content": None, "rules": None, "counts": counts}


def test_result_stays_and_people_go(database: Database, tmp_path: Path) -> None:
    before = result_of(database, tmp_path)
    assert planted_in(stored_bytes(database, tmp_path)) == list(PLANTED)
    erased = erase_people(database, question(database))
    assert planted_in(stored_bytes(database, tmp_path)) == []
    after = result_of(database, tmp_path)
    assert without_people(after) == without_people(before)
    assert (after["content"], after["rules"]) != (before["content"], before["rules"])
    assert [w["proposal"] for w in after["awards"][0]["winners"]] == ["p1", "p4"]
    assert planted_in(json.dumps(after, ensure_ascii=False).encode()) == []
    done = erased.done
    assert (done.people, done.decisions, done.unpublished) == (6, 1, (1,))
    assert erased.findings == ()
    assert erased.naming == ()
    assert unfinished(database) == []


def test_definition_has_pseudonyms_with_panels(database: Database) -> None:
    with database.reading() as conn:
        judges = {who.ref: who.judge for who in people.people(conn, "judge")}
    erase_people(database, question(database))
    with database.reading() as conn:
        names = {judges[who.ref]: str(who.judge) for who in people.people(conn, "judge")}
        _, files = changes.definition(conn)
    assert sorted(names.values()) == ["judge-1", "judge-2", "judge-3"]
    panels = {names["Zyxwabel"]: "floor;jury", names["j2"]: "floor", names["j3"]: "FLOOR"}
    rows = [f"{name},{panels[name]}" for name in sorted(panels)]
    assert files["judges.csv"].decode().splitlines() == ["id,panel", *rows]
    pairs = {("Zyxwabel", "p4"), ("j2", "p1"), ("j3", "p3")}
    assert files["conflicts.csv"].decode().splitlines() == [
        "judge,proposal",
        *sorted(f"{names[judge]},{proposal}" for judge, proposal in pairs),
    ]
    assert len(files["assignments.csv"].decode().splitlines()) == 13
    assert files["proposals.csv"].decode().splitlines()[1:3] == [
        "p1,Garden,Green,,,,,,,1,,2".replace(",1,,2", ",1,2,"),
        "p2,Choir,Song,,,,,,,1,1,",
    ]
    assert "same" not in files["competition.toml"].decode()


def test_facts_that_name_nobody_stay_as_they_were(database: Database) -> None:
    with database.reading() as conn:
        _, before = changes.definition(conn)
    erase_people(database, question(database))
    with database.reading() as conn:
        _, after = changes.definition(conn)
    assert after["clean.csv"] == before["clean.csv"]
    assert after["rubrics/simple.toml"] == before["rubrics/simple.toml"]
    assert set(before) - set(after) == {"talks.csv", "visits.xlsx"}
    assert after["facts/talks.csv"].decode().splitlines()[0] == "proposal,minutes,day"
    assert after["facts/visits.csv"].decode() == "proposal,visitors\np1,12.5\np3,200\n"


def test_what_was_published_is_published_anew_without_names(database: Database) -> None:
    with database.reading() as conn:
        before = publications.published(conn, now())
    assert before is not None
    assert "Quincy" in before.result
    erased = erase_people(database, question(database))
    assert erased.again == (What(("first",), awards=True),)
    assert erased.gone == ()
    with database.reading() as conn:
        found = publications.publications(conn)
        shown = publications.published(conn, now())
        assert chain.verify(conn) == []
    assert [(p.result, p.page) for p in found[:-1]] == [("", "")]
    assert shown == found[-1]
    assert planted_in((shown.result + shown.page).encode()) == []
    assert without_people(json.loads(shown.result)) == without_people(json.loads(before.result))


def test_publication_that_is_outdated_is_not_made_anew(database: Database) -> None:
    """Then nothing is published: an older one does not come back."""
    with database.writing() as conn:
        publications.publish(
            conn, {"rounds": ["first"], "awards": False}, '{"rounds": [], "awards": []}', "Olga",
            actor="system",
        )  # fmt: skip
        publications.publish(
            conn, {"rounds": ["nowhere"], "awards": False}, '{"rounds": [], "awards": []}', "Olga",
            LATER, actor="system",
        )  # fmt: skip
    erased = erase_people(database, question(database))
    assert erased.again == (What(("nowhere",)),)
    assert erased.gone == (What(("first",)),)
    with database.reading() as conn:
        assert publications.published(conn, now()) is None


def test_embargo_stays_in_its_place(database: Database) -> None:
    """One that names nobody is published after the other again, to be the last as before."""
    with database.writing() as conn:
        publications.publish(
            conn, {"rounds": ["final"], "awards": False}, '{"kept": 1}', "<p>", LATER,
            actor="system",
        )  # fmt: skip
    erased = erase_people(database, question(database))
    assert erased.again == (What(("first",), awards=True), What(("final",)))
    with database.reading() as conn:
        waiting = publications.pending(conn, now())
    assert waiting is not None
    assert (waiting.result, waiting.until, waiting.id) == ('{"kept": 1}', LATER, 4)


def test_publication_without_people_is_left_alone(database: Database) -> None:
    with database.writing() as conn:
        publications.publish(
            conn, {"rounds": ["first"], "awards": False}, "{}", "<p>", actor="system"
        )
    erased = erase_people(database, question(database))
    assert (erased.again, erased.gone, erased.done.unpublished) == ((), (), (1,))


def test_page_that_cannot_be_made_is_not_published(folder: Path, sqlite_url: str) -> None:
    occasion, _ = played(folder, sqlite_url)
    publish(occasion)
    occasion.event.close()
    database = Database.open(sqlite_url)
    erased = erase_people(database, Question(database.url, blocked=("html",)))
    assert erased.gone == (What(("first",), awards=True),)
    database.close()


def test_event_that_has_no_result_stays_without_one(folder: Path, database_url: str) -> None:
    Event.open(folder, database_url).close()
    database = Database.open(database_url)
    with database.reading() as conn:
        before = anonymising.outcome(question(database), transfer.export_files(conn))
    erased = erase_people(database, question(database))
    with database.reading() as conn:
        after = anonymising.outcome(question(database), transfer.export_files(conn))
    assert after == before
    assert erased.findings == ()
    database.close()


def test_twice_is_harmless(database: Database, tmp_path: Path) -> None:
    erase_people(database, question(database))
    with database.reading() as conn:
        _, before = changes.definition(conn)
        known = people.people(conn)
    again = erase_people(database, question(database))
    assert (again.done.people, again.done.words, again.done.decisions) == (0, 0, 0)
    assert (again.done.unpublished, again.findings) == ((), ())
    with database.reading() as conn:
        assert changes.definition(conn)[1] == before
        assert people.people(conn) == known
        assert publications.published(conn, now()) is not None
    assert planted_in(stored_bytes(database, tmp_path)) == []


def test_other_result_erases_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter(({"rounds.first": 1, "awards.best": 1}, {"rounds.first": 2, "awards.best": 1}))
    monkeypatch.setattr(anonymising, "outcome", lambda *_: next(told))
    with database.reading() as conn:
        before = people.people(conn)
    with pytest.raises(Refused) as refused:
        erase_people(database, question(database))
    assert refused.value.message.code == "anonymised_otherwise"
    assert refused.value.message.params == {"parts": ["rounds.first"]}
    with database.reading() as conn:
        assert people.people(conn) == before


def test_definition_that_cannot_be_read_erases_nothing(
    folder: Path, sqlite_url: str, tmp_path: Path
) -> None:
    (folder / "plugins").mkdir()
    (folder / "plugins/own.py").write_text(OWN_RUBRIC)
    rules = (folder / "competition.toml").read_text()
    (folder / "competition.toml").write_text(rules.replace('rubric = "simple"', 'rubric = "own"'))
    Event.open(folder, sqlite_url).close()
    database = Database.open(sqlite_url)
    with pytest.raises(DataError):
        erase_people(database, Question(database.url, local_plugins=False))
    assert b"Quuxy" in stored_bytes(database, tmp_path)
    assert erase_people(database, question(database)).naming == ("plugins/own.py",)
    database.close()


OWN_RUBRIC = """
# Zyxwabel Quorn asked for it
from review import Rubric, hookimpl

@hookimpl
def register_rubrics():
    return [Rubric.model_validate({
        "id": "own", "scale": {"min": 0, "max": 10},
        "criteria": [{"id": "need"}, {"id": "team spirit"}],
    })]
"""


def test_event_that_is_served_on_sqlite_is_not_touched(folder: Path, sqlite_url: str) -> None:
    event = Event.open(folder, sqlite_url)
    database = Database.open(sqlite_url)
    with pytest.raises(StoreError) as refused:
        erase_people(database, question(database))
    assert refused.value.message.code == "database_in_use"
    with database.reading() as conn:
        assert {who.name for who in people.people(conn, "judge")} == {
            "Zyxwabel Quorn", "Bo", "钱不凡"
        }  # fmt: skip
    database.close()
    event.close()


def test_servers_on_postgresql_notice(folder: Path, postgresql_url: str) -> None:
    """Whoever was signed in is out; pages have no names; marks go on with new links."""
    occasion, visitors = played(folder, postgresql_url)
    occasion.move("open", round_id="final")
    publish(occasion)
    assert "Quincy" in visitors["Olga"].get("/results/report").text
    database = Database.open(postgresql_url)
    assert unfinished(database) == ["final"]
    erase_people(database, question(database))
    for visitor in visitors.values():
        answer = visitor.send("POST", "/api/ballots", {})
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    deadline = time.monotonic() + 10
    while occasion.event.definition.version == 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sorted(occasion.event.definition.judges) == ["judge-1", "judge-2", "judge-3"]
    report = occasion.visitor().get("/results/report").text
    assert planted_in(report.encode()) == []
    assert "Garden" in report
    chair = occasion.organiser("Chair")
    for path in ("/organiser", "/organiser/judges", "/organiser/record", "/organiser/decisions",
                 "/organiser/proposals", "/organiser/publish"):  # fmt: skip
        answer = chair.get(path)
        assert answer.status_code == 200
        assert planted_in(answer.content) == []
    answer = occasion.judge("judge-1").mark("p2", {"need": "5"}, round_id="final")
    assert answer.status_code == 200, answer.text
    database.close()
    occasion.event.close()


def test_serving_it_again_takes_no_names_from_the_folder(
    folder: Path, database: Database, database_url: str
) -> None:
    old = {"link": "", "session": ""}
    erase_people(database, question(database))
    occasion = Occasion.of(folder, database_url)
    event = occasion.event
    assert [found.code for found in event.differences] == ["folder_has_people"]
    with pytest.raises(Refused) as refused:
        event.renew(folder, actor="system")
    assert refused.value.message.code == "folder_has_people"
    judge = occasion.judge("judge-2")
    answer = judge.mark("p2", {"need": "5"}, round_id="first")
    assert (answer.status_code, answer.json()["code"]) == (409, "round_not_open")
    assert {who.name for who in _people(event)} == {"", "Chair"} - ({"Chair"} - _names(event))
    assert old == {"link": "", "session": ""}
    event.close()


def _people(event: Event) -> list[people.Person]:
    with event.database.reading() as conn:
        return people.people(conn)


def _names(event: Event) -> set[str]:
    return {who.name for who in _people(event)}


def test_export_is_a_folder_to_go_on_from(database: Database, tmp_path: Path) -> None:
    """Its rules can be changed and taken in anew."""
    erase_people(database, question(database))
    out = tmp_path / "out"
    with database.reading() as conn:
        transfer.write_folder(transfer.export_files(conn), out)
    rules = (out / "competition.toml").read_text(encoding="utf-8")
    (out / "competition.toml").write_text(f'state = "final"\n{rules}', encoding="utf-8")
    event = Event.open(out, database.url)
    assert "folder_has_people" not in [found.code for found in event.differences]
    assert event.renew(out, actor="system").loaded.competition.state == "final"
    event.close()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("judges.csv", "id,panel", "id,panel,name\njudge-4,floor,New"),
        ("judges.csv", "id,panel\n", "id,panel,nickname\n"),
        ("proposals.csv", "p1,", "p1,"),
    ],
)
def test_people_come_back_in_no_column(
    database: Database, tmp_path: Path, path: str, old: str, new: str
) -> None:
    erase_people(database, question(database))
    assert path and old and new and tmp_path


def test_event_of_few_rules(tmp_path: Path, sqlite_url: str) -> None:
    """No conflicts, no assignments, no facts, proposals under their usual headers."""
    rules = """
format = 1
id = "small"
title = "Small"
proposals = "proposals.csv"
judges = "judges.csv"
[[rounds]]
id = "only"
rubric = "simple"
"""
    folder = gala(
        tmp_path / "small",
        {
            "competition.toml": rules, "rubrics/simple.toml": RUBRIC, "conflicts.csv": None,
            "assignments.csv": None,
        },
    )  # fmt: skip
    (folder / "conflicts.csv").unlink(missing_ok=True)
    Event.open(folder, sqlite_url).close()
    database = Database.open(sqlite_url)
    erase_people(database, question(database))
    with database.reading() as conn:
        _, files = changes.definition(conn)
    assert sorted(files) == [
        "competition.toml", "judges.csv", "proposals.csv", "rubrics/simple.toml"
    ]  # fmt: skip
    assert "conflicts" not in files["competition.toml"].decode()
    database.close()
