"""People are erased after an event; what came of it stays."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url

from review import app
from review.errors import DataError, Refused, StoreError
from review.live import anonymising
from review.live.anonymising import erase_people, unfinished
from review.live.deriving import Question, derive
from review.live.event import Event
from review.live.pseudonyms import has_people
from review.live.showing import What
from review.output import result_text
from review.store import chain, changes, people, publications, transfer
from review.store.database import Database
from review.store.instants import now
from review.store.portable import Grid
from tests.live.folders import table
from tests.live.gala import PLANTED, TALKS, gala, played, publish
from tests.occasion import Occasion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Keys of result.json with people, and what they said.
PEOPLE = frozenset(("reason", "excluded", "by", "second", "why"))
LATER = "2999-01-01T00:00:00.000000Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return gala(tmp_path / "gala")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The event, played and published, on each engine; to be copied."""
    there = tmp_path_factory.mktemp("played")
    url = f"sqlite:///{there / 'live.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").create()
    occasion, _ = played(gala(there / "gala"), url)
    publish(occasion)
    occasion.event.close()
    yield url
    if request.param == "postgresql":
        request.getfixturevalue("postgresql").drop(url)


@pytest.fixture
def database(template: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A copy of it that nobody serves."""
    address = make_url(template)
    if address.drivername == "sqlite":
        copy = tmp_path / "live.sqlite3"
        shutil.copy(str(address.database), copy)
        kept = Database.open(copy)
        yield kept
        kept.close()
        return
    cluster = request.getfixturevalue("postgresql")
    url = cluster.create(template)
    kept = Database.open(url)
    yield kept
    kept.close()
    cluster.drop(url)


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
            return {k: stripped(v) for k, v in value.items() if k not in PEOPLE}
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
    assert [w["proposal"] for w in after["awards"][0]["winners"]] == ["p2", "p4"]
    assert planted_in(json.dumps(after, ensure_ascii=False).encode()) == []
    done = erased.done
    assert (done.people, done.decisions, done.unpublished) == (5, 1, (1,))
    assert erased.findings == ()
    assert erased.naming == ()
    assert unfinished(database) == []


def test_definition_has_pseudonyms_with_panels(database: Database) -> None:
    with database.reading() as conn:
        judges = {who.ref: who.judge for who in people.people(conn, "judge")}
    erase_people(database, question(database))
    with database.reading() as conn:
        names = {judges[who.ref]: str(who.judge) for who in people.people(conn, "judge")}
    assert sorted(names.values()) == ["judge-1", "judge-2", "judge-3"]
    panels = {names["Zyxwabel"]: "floor;jury", names["j2"]: "floor", names["j3"]: "floor"}
    assert rows_of(database, "judges.csv") == [["id", "panel"], *map(list, sorted(panels.items()))]
    pairs = {("Zyxwabel", "p4"), ("j2", "p1"), ("j3", "p3")}
    assert rows_of(database, "conflicts.csv") == [
        ["judge", "proposal"],
        *sorted([names[judge], proposal] for judge, proposal in pairs),
    ]
    header, *asked = rows_of(database, "assignments.csv")
    assert header == ["round", "judge", "proposal"]
    assert asked == sorted(
        ["first", judge, f"p{n}"] for judge in names.values() for n in (1, 2, 3, 4)
    )


def test_proposals_keep_who_is_one_and_facts(database: Database) -> None:
    erase_people(database, question(database))
    header, *rows = rows_of(database, "proposals.csv")
    wanted = [header.index(name) for name in ("contact", "phone calls", "mobile", "status_reason")]
    assert [[row[n] for n in wanted] for row in rows] == [
        ["1", "2", None, None],
        ["1", "1", None, None],
        ["2", None, None, None],
        [None, None, None, None],
        [None, None, None, None],
    ]
    assert [row[header.index("team")] for row in rows] == ["Green", "Song", "Wood", "Sell", "Look"]


def rows_of(database: Database, path: str) -> list[list[str | None]]:
    """A table of the definition, its header first."""
    with database.reading() as conn:
        grid = Grid.read(changes.definition(conn)[1][path])
    return [list(grid.header), *map(list, grid.rows)]


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


def test_page_that_cannot_be_made_is_not_published(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        anonymising, "derive", lambda *args, **how: replace(derive(*args, **how), page=None)
    )
    assert erase_people(database, question(database)).gone == (What(("first",), awards=True),)


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
    (folder / "plugins/own.py").write_text(OWN)
    (folder / "rubrics/simple.toml").rename(folder / "plugins/simple.toml")
    Event.open(folder, sqlite_url).close()
    database = Database.open(sqlite_url)
    with pytest.raises(DataError):
        erase_people(database, Question(database.url, local_plugins=False))
    assert b"Quuxy" in stored_bytes(database, tmp_path)
    assert erase_people(database, question(database)).naming == ("plugins/own.py",)
    database.close()


OWN = """
# Zyxwabel Quorn asked for it
from pathlib import Path
from review import hookimpl

@hookimpl
def register_rubrics():
    return [Path(__file__).parent / "simple.toml"]
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


@pytest.mark.slow
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


def test_serving_it_again_takes_no_names_from_the_folder(folder: Path, database: Database) -> None:
    erase_people(database, question(database))
    occasion = Occasion.of(folder, database.url)
    event = occasion.event
    assert [found.code for found in event.differences] == ["folder_has_people"]
    with pytest.raises(Refused) as refused:
        event.renew(folder, actor="system")
    assert refused.value.message.code == "folder_has_people"
    judge = occasion.judge("judge-2")
    answer = judge.mark("p2", {"need": "5"}, round_id="first")
    assert (answer.status_code, answer.json()["code"]) == (409, "round_not_open")
    with event.database.reading() as conn:
        assert {who.name for who in people.people(conn)} == {""}
    event.close()


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
    ("change", "refused"),
    [
        (("judges.csv", "judge-1", "nickname", "Zyq"), True),
        (("judges.csv", "judge-1", "nickname", None), False),
        (("judges.csv", "judge-1", "id", "Zyxwabel"), True),
        (("proposals.csv", "p1", "mobile", "555-7771"), True),
        (("proposals.csv", "p1", "contact", "7"), False),
        (("proposals.csv", "p1", "title", "Gardens"), False),
    ],
)
def test_people_come_back_in_no_column(
    folder: Path, sqlite_url: str, tmp_path: Path, change: tuple[str, ...], *, refused: bool
) -> None:
    Event.open(folder, sqlite_url).close()
    database = Database.open(sqlite_url)
    erase_people(database, question(database))
    path, row_id, column, value = change
    with database.reading() as conn:
        files = transfer.export_files(conn)
    grid = Grid.read(files[path])
    header = list(dict.fromkeys([*grid.header, column]))
    rows = [{**dict.fromkeys(header), **row} for row in grid.dicts()]
    for row in rows:
        if row["id"] == row_id:
            row[column] = value
    files[path] = Grid(header, [[row[name] for name in header] for row in rows]).written()
    del files["assignments.csv"], files["conflicts.csv"]
    transfer.write_folder(files, tmp_path / "out")
    with database.reading() as conn:
        assert has_people(conn, app.load(tmp_path / "out", judged_live=True).loaded) is refused
    database.close()


def test_people_that_nobody_erased_are_no_news(folder: Path, sqlite_url: str) -> None:
    event = Event.open(folder, sqlite_url)
    with event.database.reading() as conn:
        assert not has_people(conn, event.definition.loaded)
    event.close()


def test_fact_files_do_not_write_over_others(tmp_path: Path, sqlite_url: str) -> None:
    """One that stays in `facts`, and one with decimal commas that does not."""
    folder = gala(tmp_path / "gala")
    rules = (folder / "competition.toml").read_text(encoding="utf-8")
    rules = rules.replace('"clean.csv"', '"facts/talks.csv"')
    (folder / "competition.toml").write_text(rules, encoding="utf-8")
    (folder / "facts").mkdir()
    (folder / "clean.csv").rename(folder / "facts/talks.csv")
    talks = table(TALKS).replace(",", ";").replace(";10;", ";10,5;")
    (folder / "talks.csv").write_text(talks, encoding="utf-8")
    Event.open(folder, sqlite_url).close()
    database = Database.open(sqlite_url)
    with database.reading() as conn:
        _, before = changes.definition(conn)
    erase_people(database, question(database))
    with database.reading() as conn:
        _, after = changes.definition(conn)
    assert sorted(p for p in before if p.startswith("facts/")) == ["facts/clean.csv"]
    assert sorted(p for p in after if p.startswith("facts/")) == [
        "facts/clean.csv", "facts/talks.csv", "facts/visits.csv"
    ]  # fmt: skip
    assert after["facts/clean.csv"] == before["facts/clean.csv"]
    assert b"10,5" in after["facts/talks.csv"]
    database.close()


def test_plugin_that_fails_is_an_outcome() -> None:
    found = anonymising.outcome(Question("", blocked=("nobody",)), {})
    assert found == {"problems": ["plugin_unknown"]}


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
            "competition.toml": rules, "conflicts.csv": None, "assignments.csv": None,
            "judges.csv": table((("id", "name"), ("j1", "Ada"))),
        },
    )  # fmt: skip
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
