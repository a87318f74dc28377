from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from review.errors import Refused
from review.store import chain, changes, people, schema, sessions
from review.store.instants import later, now
from review.store.people import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from review.store.database import Database
    from review.store.writer import Writer


@pytest.fixture
def judge(writer: Writer) -> Person:
    return writer.do(lambda conn: people.add_judge(conn, "j1", "陈思远"))


@pytest.fixture
def organiser(writer: Writer) -> Person:
    return writer.do(lambda conn: people.add_organiser(conn, "Ona Gan"))


def in_future(**span: float) -> str:
    return later(now(), timedelta(**span))


def everything(database: Database) -> str:
    """All that the chain has."""
    with database.reading() as conn:
        return str([found.to_json() for found in chain.events(conn)])


def test_people_are_found(database: Database, judge: Person, organiser: Person) -> None:
    with database.reading() as conn:
        assert judge == Person(judge.ref, "judge", "j1", "陈思远", None, None)
        assert people.person(conn, judge.ref) == people.by_judge(conn, "j1") == judge
        assert people.people(conn) == [judge, organiser]
        assert people.people(conn, "organiser") == [organiser]
        assert people.person(conn, "nobody") is None
        assert people.by_judge(conn, "nobody") is None


def test_record_names_nobody(database: Database, writer: Writer, judge: Person) -> None:
    writer.do(lambda conn: people.rename(conn, judge.ref, "陈 思远"))
    code = writer.do(lambda conn: people.new_code(conn, judge.ref))
    link = writer.do(lambda conn: people.new_link(conn, judge.ref))
    token = writer.do(lambda conn: sessions.open_session(conn, judge.ref, now()))
    writer.do(lambda conn: people.set_password(conn, judge.ref, "chen", "hash of a password"))
    told = everything(database)
    secrets = ("陈", "'j1'", code[:5], code[6:], link, token, "chen", "hash of")
    assert [secret for secret in secrets if secret in told] == []
    with database.reading() as conn:
        assert people.person(conn, judge.ref) == Person(
            judge.ref, "judge", "j1", "陈 思远", "chen", None
        )


def test_link_signs_in_until_it_is_revoked(
    database: Database, writer: Writer, judge: Person
) -> None:
    token = writer.do(lambda conn: people.new_link(conn, judge.ref))
    with database.reading() as conn:
        assert people.by_link(conn, token, in_future(days=300)) == judge
        assert people.by_link(conn, token + "x", now()) is None
    assert writer.do(lambda conn: people.use_link(conn, token, now())) == judge
    assert writer.do(lambda conn: people.use_link(conn, token, now())) == judge
    session = writer.do(lambda conn: sessions.open_session(conn, judge.ref, now()))
    code = writer.do(lambda conn: people.new_code(conn, judge.ref))
    writer.do(lambda conn: people.revoke_links(conn, judge.ref))
    assert writer.do(lambda conn: people.use_link(conn, token, now())) is None
    assert writer.do(lambda conn: people.take_code(conn, code, now())) is None
    with database.reading() as conn:
        assert sessions.find(conn, session, now()) is None


def test_looking_at_a_link_writes_nothing(
    database: Database, writer: Writer, judge: Person
) -> None:
    token = writer.do(lambda conn: people.new_link(conn, judge.ref))
    with database.reading() as conn:
        before = chain.head(conn)
        people.by_link(conn, token, now())
        assert chain.head(conn) == before
        assert conn.scalars(select(schema.link.c.used)).all() == [None]


def test_link_expires(database: Database, writer: Writer, judge: Person) -> None:
    token = writer.do(lambda conn: people.new_link(conn, judge.ref, expires=in_future(hours=1)))
    with database.reading() as conn:
        assert people.by_link(conn, token, in_future(minutes=59)) == judge
        assert people.by_link(conn, token, in_future(minutes=61)) is None


def test_withdrawn_judge_has_no_way_in(
    database: Database, writer: Writer, judge: Person, organiser: Person
) -> None:
    by = organiser.ref
    writer.do(lambda conn: changes.withdraw_judge(conn, judge.ref, "left_out", actor=by, why="x"))
    token = writer.do(lambda conn: people.new_link(conn, judge.ref))
    code = writer.do(lambda conn: people.new_code(conn, judge.ref))
    session = writer.do(lambda conn: sessions.open_session(conn, judge.ref, now()))
    writer.do(lambda conn: people.set_password(conn, judge.ref, "chen", "hash"))
    assert writer.do(lambda conn: people.take_code(conn, code, now())) is None
    with database.reading() as conn:
        assert people.by_link(conn, token, now()) is None
        assert people.by_login(conn, "chen") is None
        assert sessions.find(conn, session, now()) is None
    writer.do(lambda conn: changes.restore_judge(conn, judge.ref, actor=by, why="back"))
    with database.reading() as conn:
        assert people.by_link(conn, token, now()) == people.person(conn, judge.ref)


def test_code_works_once_however_it_is_typed(writer: Writer, judge: Person) -> None:
    code = writer.do(lambda conn: people.new_code(conn, judge.ref))
    assert (len(code), code[5]) == (11, "-")
    assert set(code) - set(people.ALPHABET) == {"-"}
    typed = f" {code.lower().replace('-', ' ')} "
    assert writer.do(lambda conn: people.take_code(conn, typed, now())) == judge
    assert writer.do(lambda conn: people.take_code(conn, code, now())) is None


@pytest.mark.parametrize("typed", ["KQ7M2-X9PHD", " kq7m2 x9phd", "K-Q"])
def test_handle_of_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert people.handle_of(typed) == "KQ"


def test_code_lives_ten_minutes(writer: Writer, judge: Person) -> None:
    code = writer.do(lambda conn: people.new_code(conn, judge.ref))
    assert writer.do(lambda conn: people.take_code(conn, code, in_future(minutes=11))) is None
    assert writer.do(lambda conn: people.take_code(conn, code, in_future(minutes=9))) == judge


def test_five_wrong_guesses_end_a_code(writer: Writer, judge: Person) -> None:
    code = writer.do(lambda conn: people.new_code(conn, judge.ref))
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for _ in range(people.GUESSES):
        assert writer.do(lambda conn: people.take_code(conn, wrong, now())) is None
    assert writer.do(lambda conn: people.take_code(conn, code, now())) is None


def test_new_code_ends_the_one_before(writer: Writer, judge: Person) -> None:
    first = writer.do(lambda conn: people.new_code(conn, judge.ref))
    second = writer.do(lambda conn: people.new_code(conn, judge.ref))
    assert writer.do(lambda conn: people.take_code(conn, first, now())) is None
    assert writer.do(lambda conn: people.take_code(conn, second, now())) == judge


@pytest.mark.parametrize("typed", ["", "K", "KQ7M2-X9PHD", "考"])
def test_code_that_nobody_has_is_wrong(writer: Writer, typed: str) -> None:
    assert writer.do(lambda conn: people.take_code(conn, typed, now())) is None


def test_codes_run_out_only_while_all_are_alive(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "ALPHABET", "2")
    first, second = (
        writer.do(lambda conn, n=n: people.add_judge(conn, n, n)).ref  # type: ignore[misc]
        for n in ("a", "b")
    )
    writer.do(lambda conn: people.new_code(conn, first))
    with pytest.raises(Refused) as refused:
        writer.do(lambda conn: people.new_code(conn, second))
    assert refused.value.code == "codes_all_given"
    writer.do(lambda conn: conn.execute(update(schema.code).values(expires=now())))
    assert writer.do(lambda conn: people.new_code(conn, second)) == "22222-22222"


def test_login_finds_the_person_and_their_hash(
    database: Database, writer: Writer, organiser: Person
) -> None:
    writer.do(lambda conn: people.set_password(conn, organiser.ref, "ona", "hash"))
    with database.reading() as conn:
        assert people.by_login(conn, "ona") == (people.person(conn, organiser.ref), "hash")
        assert people.by_login(conn, "Ona") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda conn: people.new_link(conn, "nobody"),
        lambda conn: people.new_code(conn, "nobody"),
        lambda conn: people.set_password(conn, "nobody", "login", "hash"),
        lambda conn: people.rename(conn, "nobody", "name"),
        lambda conn: changes.withdraw_judge(conn, "nobody", "kept", actor="system", why="x"),
    ],
    ids=["link", "code", "password", "name", "withdraw"],
)
def test_nobody_is_refused(
    database: Database, writer: Writer, change: Callable[[Connection], object]
) -> None:
    with pytest.raises(Refused) as refused:
        writer.do(change)
    assert (refused.value.code, refused.value.status) == ("person_unknown", 404)
    assert everything(database) == "[]"


def test_organiser_link_is_for_who_is_there_or_made(database: Database, writer: Writer) -> None:
    first, second = (writer.do(lambda conn: people.organiser_link(conn, "Ona")) for _ in range(2))
    other = writer.do(lambda conn: people.organiser_link(conn, "Bo"))
    with database.reading() as conn:
        found = [people.by_link(conn, token, now()) for token in (first, second, other)]
        assert [who and who.name for who in found] == ["Ona", "Ona", "Bo"]
        assert len(people.people(conn, "organiser")) == 2
        assert people.by_link(conn, first, in_future(hours=25)) is None


def test_session_is_found_until_it_is_ended(
    database: Database, writer: Writer, judge: Person
) -> None:
    token = writer.do(lambda conn: sessions.open_session(conn, judge.ref, now()))
    other = writer.do(lambda conn: sessions.open_session(conn, judge.ref, now()))
    with database.reading() as conn:
        found = sessions.find(conn, token, now())
        assert found is not None
        assert (found.person, len(found.csrf)) == (judge, 43)
        assert sessions.find(conn, "nothing", now()) is None
    writer.do(lambda conn: sessions.end(conn, token))
    writer.do(lambda conn: sessions.end(conn, token))
    with database.reading() as conn:
        assert sessions.find(conn, token, now()) is None
        assert sessions.find(conn, other, now()) is not None
    writer.do(lambda conn: sessions.end_all(conn, judge.ref))
    with database.reading() as conn:
        assert sessions.find(conn, other, now()) is None
        assert chain.verify(conn) == []


def test_session_of_a_judge_lives_seven_days(
    database: Database, writer: Writer, judge: Person
) -> None:
    token = writer.do(lambda conn: sessions.open_session(conn, judge.ref, now()))
    with database.reading() as conn:
        assert sessions.find(conn, token, in_future(days=6.9)) is not None
        assert sessions.find(conn, token, in_future(days=7.1)) is None


def test_session_of_an_organiser_ends_when_it_is_idle(
    database: Database, writer: Writer, organiser: Person
) -> None:
    token = writer.do(lambda conn: sessions.open_session(conn, organiser.ref, now()))
    with database.reading() as conn:
        assert sessions.find(conn, token, in_future(hours=11.9)) is not None
        assert sessions.find(conn, token, in_future(hours=12.1)) is None
    writer.do(lambda conn: sessions.touch(conn, token, in_future(hours=11)))
    with database.reading() as conn:
        assert sessions.find(conn, token, in_future(hours=22)) is not None
        assert sessions.find(conn, token, in_future(hours=24)) is None


def test_password_set_by_another_is_told(
    database: Database, writer: Writer, judge: Person, organiser: Person
) -> None:
    writer.do(
        lambda conn: people.set_password(conn, judge.ref, "chen", "hash", actor=organiser.ref)
    )
    with database.reading() as conn:
        *_, last = chain.events(conn)
        assert (last.kind, last.actor) == ("password_set", organiser.ref)
