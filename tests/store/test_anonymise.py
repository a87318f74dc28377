from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from review.errors import Refused, StoreError
from review.store import chain, changes, marks, people, publications, schema
from review.store.anonymise import anonymise, was_anonymised
from review.store.database import Database
from review.store.instants import now
from tests.store.staging import ROUND, Staged, stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: What is known of people in the staged event, and nowhere in its marks and rules.
PERSONAL = (
    "陈思远", "Bea Blum", "Cyrus Cole", "Ona Gan", "ona\0", "Said of", "Earlier", "late",
    "moved away", "fair", "$argon2id", "made-up",
)  # fmt: skip


def pseudonymised(
    files: Mapping[str, bytes], pseudonyms: Mapping[str, str]
) -> tuple[dict[str, bytes], str]:
    assert files == {"competition.toml": b"id = 'y'"}
    judges = "".join(f"\n{name}" for name in sorted(pseudonyms.values()))
    return {**files, "judges.csv": f"id{judges}".encode()}, "r3"


@pytest.fixture
def staged(database: Database) -> Staged:
    with database.writing() as conn:
        return stage(conn)


def text_of(database: Database) -> str:
    """Every value of every row."""
    with database.reading() as conn:
        return "\0".join(
            str(value)
            for table in schema.metadata.sorted_tables
            for row in conn.execute(select(table))
            for value in row
        )


def test_nothing_personal_is_left_and_the_record_verifies(
    database: Database, staged: Staged
) -> None:
    before = text_of(database)
    assert [word for word in PERSONAL if word not in before] == []
    done = anonymise(database, pseudonymised)
    after = text_of(database)
    assert [word for word in PERSONAL if word in after] == []
    assert (done.people, done.words, done.decisions, done.unpublished) == (4, 10, 2, (2,))
    with database.reading() as conn:
        assert chain.verify(conn) == []
        assert chain.head(conn) == done.head


def test_marks_stay_under_other_names(database: Database, staged: Staged) -> None:
    with database.reading() as conn:
        before = marks.current(conn)
    anonymise(database, pseudonymised)
    with database.reading() as conn:
        assert marks.current(conn) == before
        judges = people.people(conn, "judge")
        assert sorted(str(who.judge) for who in judges) == ["judge-1", "judge-2", "judge-3"]
        assert {who.name for who in judges} == {""}
        (organiser,) = people.people(conn, "organiser")
        assert (organiser.name, organiser.judge, organiser.login) == ("", None, None)
        assert changes.definition(conn) == (
            3,
            {"competition.toml": b"id = 'y'", "judges.csv": b"id\njudge-1\njudge-2\njudge-3"},
        )
        assert changes.definition(conn, 1) == (1, {})
        (decision,) = changes.decisions(conn)
        assert (decision.by, decision.second, decision.why) == (None, None, None)
        assert marks.comments(conn) == {}


def test_every_way_in_is_gone(database: Database, staged: Staged) -> None:
    anonymise(database, pseudonymised)
    with database.reading() as conn:
        assert people.by_link(conn, staged.link, now()) is None
        assert people.by_login(conn, "ona") is None
        for table in (schema.link, schema.session, schema.code, schema.draft):
            assert conn.execute(select(table)).all() == []


def test_publication_without_names_stays(database: Database, staged: Staged) -> None:
    """One that a judge's id or name is in is erased."""
    with database.writing() as conn:
        for result, page in (('{"rank": 1}', "<p>"), ('{"judge": "j1"}', "<p>"), ("", "Ona Gan")):
            publications.publish(conn, {"rounds": [ROUND]}, result, page, actor=staged.organiser)
    anonymise(database, pseudonymised)
    with database.reading() as conn:
        kept = [(made.result, made.page) for made in publications.publications(conn)]
        assert kept == [("{}", "<p>"), ("", ""), ('{"rank": 1}', "<p>"), ("", ""), ("", "")]
        assert chain.verify(conn) == []


def test_files_do_not_hold_what_was_erased(sqlite_url: str, tmp_path: Path) -> None:
    """Not in free pages, and not in the journal."""
    database = Database.open(sqlite_url)
    with database.writing() as conn:
        stage(conn)
    anonymise(database, pseudonymised)
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"need" in content
    assert [word for word in PERSONAL if word.encode() in content] == []
    database.close()


def test_tampering_is_found_afterwards(database: Database, staged: Staged) -> None:
    anonymise(database, pseudonymised)
    for statement in (
        "UPDATE person SET judge = 'judge-9' WHERE judge = 'judge-1'",
        "UPDATE person SET name = 'Mallory' WHERE judge = 'judge-1'",
        "UPDATE words SET text = 'Never said'",
        "UPDATE decision SET why = 'Other'",
        "UPDATE publication SET result = 'Other'",
        "UPDATE definition_file SET content = NULL WHERE version = 3",
        "INSERT INTO link SELECT 'd', ref, 'm', NULL, NULL, NULL FROM person WHERE name = ''",
    ):
        found: list[object] = []

        def tamper(said: str = statement, found: list[object] = found) -> None:
            with database.writing() as conn:
                conn.exec_driver_sql(said.replace("SELECT 'd', ref", "SELECT ref, ref"))
                found += chain.verify(conn)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            tamper()
        assert found != [], statement


def test_event_goes_on_afterwards(database: Database, staged: Staged) -> None:
    anonymise(database, pseudonymised)
    with database.writing() as conn:
        ref = people.add_judge(conn, "j9", "New").ref
        people.new_link(conn, ref)
        changes.decide(
            conn, round=ROUND, proposal="p1", what="shortlist", by="New", second=None, why="x",
            actor=ref,
        )  # fmt: skip
        changes.set_proposal_status(conn, "p1", "withdrawn", actor=ref, why="y")
    with database.reading() as conn:
        assert chain.verify(conn) == []
    anonymise(database, lambda files, _: (files, "r4"))
    with database.reading() as conn:
        assert chain.verify(conn) == []
        assert len({who.judge for who in people.people(conn, "judge")}) == 4


def test_event_that_is_served_is_not_anonymised(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    with database.alone(), pytest.raises(StoreError) as refused:
        anonymise(database, pseudonymised)
    assert refused.value.message.code == "database_in_use"
    database.close()


def test_pseudonyms_that_fail_erase_nothing(database: Database, staged: Staged) -> None:
    before = text_of(database)
    with pytest.raises(ZeroDivisionError):
        anonymise(database, lambda files, _: (files, str(1 / 0)))
    assert text_of(database) == before


def test_outcome_stays_or_nothing_is_erased(
    database: Database, staged: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.store.anonymise.transfer.export_files", lambda _: {})
    before = text_of(database)
    ranks = iter((1, 2))
    with pytest.raises(Refused) as refused:
        anonymise(database, pseudonymised, lambda _: {"rounds.r": next(ranks), "awards.a": 1})
    assert refused.value.message.params == {"parts": ["rounds.r"]}
    assert text_of(database) == before
    anonymise(database, pseudonymised, lambda _: {"rounds.r": 1})
    with database.reading() as conn:
        assert was_anonymised(conn)


def test_what_is_quoted_of_people_is_not_published_any_more(
    database: Database, staged: Staged
) -> None:
    """Who ruled and why, and why a proposal got its status; not what is said elsewhere."""
    with database.writing() as conn:
        assert not was_anonymised(conn)
        changes.set_proposal_status(conn, "p2", "absent", actor="system", why="it’s <far>")
        pages = ("<p>it&#39;s <far>", "<p>it’s &lt;far&gt;", "<p>fair</p>", "<p>fairly</p>")
        made = [
            publications.publish(conn, {"rounds": [ROUND]}, "{}", page, actor="system").id
            for page in pages
        ]
    done = anonymise(database, pseudonymised)
    assert [number in done.unpublished for number in made] == [False, True, True, False]
