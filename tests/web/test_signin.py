"""Ways in and out: links, codes, passwords; and how guessing is stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from review.store import chain, people, schema, sessions
from review.store.instants import later, now
from review.web.limits import FAILED_FOR_NAME, FAILED_FROM_ADDRESS, FAILED_OVERALL
from review.web.routes.organiser.account import trouble
from tests.occasion import Occasion, Visitor, make_folder, secret_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Occasion]:
    occasion = Occasion.of(make_folder(tmp_path / "hall"))
    yield occasion
    occasion.event.close()


def link_of(hall: Occasion, judge: str = "lin") -> str:
    ref = hall.ref(judge)
    return str(hall.event.writer.do(lambda conn: people.new_link(conn, ref)))


def code_of(hall: Occasion, judge: str = "lin") -> str:
    ref = hall.ref(judge)
    return str(hall.event.writer.do(lambda conn: people.new_code(conn, ref)))


def head(hall: Occasion) -> int:
    with hall.event.database.reading() as conn:
        return chain.head(conn).seq


def send(visitor: Visitor, path: str, **data: str) -> Any:
    """Fill a form of somebody who is not signed in."""
    visitor.csrf = secret_of(visitor.get(path).text)
    return visitor.post(path, data)


def enter(visitor: Visitor, login: str, secret: str) -> Any:
    """Type a name and a password."""
    return send(visitor, "/sign-in", login=login, password=secret)


GOOD = "correct horse"


def with_password(hall: Occasion) -> None:
    """An organiser whose login is "chair"."""
    hashed = QUICK.hash(GOOD)

    def add(conn: Any) -> None:
        ref = people.add_organiser(conn, "Chair").ref
        people.set_password(conn, ref, "chair", hashed)

    hall.event.writer.do(add)


def test_following_a_link_signs_nobody_in_and_changes_nothing(hall: Occasion) -> None:
    token = link_of(hall)
    before, scanner = head(hall), hall.visitor()
    followed = scanner.get(f"/join/{token}")
    assert (followed.status_code, followed.headers["location"]) == (303, "/join")
    assert followed.headers["set-cookie"].startswith(f"__Host-link={token}; HttpOnly; Max-Age=900;")
    page = scanner.get("/join")
    assert "Are you Lin 林?" in page.text
    assert token not in page.text
    assert scanner.get("/api/state").status_code == 401
    assert head(hall) == before
    assert scanner.client.head(f"/join/{token}").status_code == 405


def test_button_behind_a_link_signs_in_as_often_as_it_is_followed(hall: Occasion) -> None:
    token = link_of(hall)
    for _ in range(2):
        visitor = hall.visitor()
        visitor.get(f"/join/{token}")
        landed = send(visitor, "/join")
        assert landed.headers["location"] == "/judge"
        assert set(visitor.client.cookies) == {"__Host-session"}
        assert visitor.get("/api/state").json()["person"] == hall.ref("lin")
        assert visitor.get("/").headers["location"] == "/judge"


def test_link_signs_in_on_a_database_server(tmp_path: Path, postgresql_url: str) -> None:
    hall = Occasion.of(make_folder(tmp_path / "hall"), postgresql_url)
    assert hall.judge().get("/api/state").json()["person"] == hall.ref("lin")
    hall.event.close()


@pytest.mark.parametrize("how", ["revoked", "unknown", "expired"])
def test_link_that_does_not_work_says_so(hall: Occasion, how: str) -> None:
    token, ref = link_of(hall), hall.ref("lin")
    if how == "unknown":
        token = "x" * 43
    elif how == "revoked":
        hall.event.writer.do(lambda conn: people.revoke_links(conn, ref))
    else:
        past = later(now(), -timedelta(seconds=1))
        token = hall.event.writer.do(lambda conn: people.new_link(conn, ref, expires=past))
    visitor = hall.visitor()
    visitor.get(f"/join/{token}")
    assert "This link does not work any more." in visitor.get("/join").text
    assert send(visitor, "/join").headers["location"] == "/join?wrong=link"
    assert "This link does not work any more." in visitor.get("/join", wrong="link").text
    assert visitor.get("/").headers["location"] == "/join"


def test_link_that_is_revoked_at_the_last_moment_does_not_sign_in(hall: Occasion) -> None:
    """Between the look whose link it is and the writer's turn."""
    token, ref, visitor = link_of(hall), hall.ref("lin"), hall.visitor()
    visitor.get(f"/join/{token}")
    visitor.csrf = secret_of(visitor.get("/join").text)
    before = head(hall)
    with hall.event.database.writing() as conn:  # the writer waits for this
        import threading  # noqa: PLC0415 -- here alone

        answers: list[Any] = []
        asking = threading.Thread(target=lambda: answers.append(visitor.post("/join")))
        asking.start()
        asking.join(1)
        people.revoke_links(conn, ref)
    asking.join()
    assert answers[0].headers["location"] == "/join?wrong=link"
    assert head(hall) == before + 1


def test_signing_in_makes_a_new_session_and_ends_the_one_before(hall: Occasion) -> None:
    visitor = hall.judge("lin")
    first = visitor.client.cookies["__Host-session"]
    visitor.get(f"/join/{link_of(hall, 'zhou')}")
    assert "Are you Zhou 周?" in visitor.get("/join").text
    assert send(visitor, "/join").headers["location"] == "/judge"
    assert visitor.client.cookies["__Host-session"] != first
    assert visitor.get("/api/state").json()["person"] == hall.ref("zhou")
    with hall.event.database.reading() as conn:
        assert sessions.find(conn, first, now()) is None


def test_session_that_an_attacker_put_there_is_not_taken_over(hall: Occasion) -> None:
    visitor = hall.visitor()
    visitor.client.cookies.set("__Host-session", "planted", domain="judging.example.org")
    visitor.get(f"/join/{link_of(hall)}")
    send(visitor, "/join")
    assert visitor.client.cookies.get("__Host-session", domain="judging.example.org") != "planted"


def test_code_signs_in_once_however_it_is_typed(hall: Occasion) -> None:
    code = code_of(hall)
    typed = f" {code.lower().replace('-', ' ')} "
    visitor = hall.visitor()
    assert send(visitor, "/join", code=typed).headers["location"] == "/judge"
    again = hall.visitor()
    assert send(again, "/join", code=code).headers["location"] == "/join?wrong=code"
    assert "That code is wrong, used or too old." in again.get("/join", wrong="code").text


def test_code_is_void_after_five_guesses(hall: Occasion) -> None:
    code = code_of(hall)
    guesser = hall.visitor("198.51.100.9")
    for _ in range(5):
        wrong = send(guesser, "/join", code=code[:2] + "2" * 8)
        assert wrong.headers["location"] == "/join?wrong=code"
    assert send(hall.visitor(), "/join", code=code).headers["location"] == "/join?wrong=code"


@pytest.mark.slow
def test_venue_behind_one_address_signs_in(hall: Occasion) -> None:
    """Three hundred sign-ins from one address, and a few who mistype."""
    token, host = link_of(hall), "192.0.2.7"
    for number in range(300):
        visitor = hall.visitor(host)
        visitor.get(f"/join/{token}")
        assert send(visitor, "/join").headers["location"] == "/judge", number
        if number % 10 == 0:
            assert (
                send(hall.visitor(host), "/join", code=f"{chr(65 + number // 10)}2").status_code
                == 303
            )


def test_failures_are_limited_by_name_and_links_still_work(hall: Occasion) -> None:
    with_password(hall)
    guesser = hall.visitor()
    for _ in range(FAILED_FOR_NAME.count):
        wrong = enter(guesser, "chair", "guess")
        assert wrong.headers["location"] == "/sign-in?wrong=password"
    held = enter(hall.visitor("203.0.113.5"), "chair", GOOD)
    assert held.status_code == 429
    assert 0 < int(held.headers["retry-after"]) <= FAILED_FOR_NAME.seconds
    assert "Too many attempts. Try again in" in held.text
    assert hall.judge().get("/api/state").status_code == 200


def test_failures_are_limited_by_address_and_overall(hall: Occasion) -> None:
    limits = hall.app.state.limits
    for _ in range(FAILED_FROM_ADDRESS.count):
        limits.count(FAILED_FROM_ADDRESS, "2001:db8:1:2::/64")
    code = code_of(hall)
    neighbour = hall.visitor("2001:db8:1:2::9")
    assert send(neighbour, "/join", code=code).status_code == 429
    for _ in range(FAILED_OVERALL.count):
        limits.count(FAILED_OVERALL, "")
    assert send(hall.visitor(), "/join", code=code).status_code == 429
    visitor = hall.visitor()
    visitor.get(f"/join/{link_of(hall)}")
    assert send(visitor, "/join").headers["location"] == "/judge"  # nobody guesses a link


def test_password_signs_an_organiser_in(hall: Occasion) -> None:
    with_password(hall)
    visitor = hall.visitor()
    assert "Organisers sign in with name and password" in visitor.get("/join").text
    landed = enter(visitor, "chair", GOOD)
    assert landed.headers["location"] == "/organiser"
    assert visitor.get("/organiser").status_code == 200
    assert visitor.get("/").headers["location"] == "/organiser"


@pytest.mark.parametrize(("login", "password"), [("nobody", GOOD), ("chair", "")])
def test_wrong_password_and_unknown_name_are_told_alike_and_recorded(
    hall: Occasion, login: str, password: str
) -> None:
    with_password(hall)
    before, visitor = head(hall), hall.visitor()
    wrong = enter(visitor, login, password)
    assert wrong.headers["location"] == "/sign-in?wrong=password"
    assert "Name or password is wrong." in visitor.get("/sign-in", wrong="password").text
    with hall.event.database.reading() as conn:
        (event,) = chain.events(conn, after=before)
    assert (event.kind, dict(event.data)) == ("sign_in_failed", {})


def test_unknown_reason_in_an_address_is_no_text_on_the_page(hall: Occasion) -> None:
    page = hall.visitor().get("/sign-in", wrong="<b>You won</b>").text
    assert "You won" not in page
    assert 'role="alert"' not in page


def test_too_long_a_login_is_refused(hall: Occasion) -> None:
    assert enter(hall.visitor(), "x" * 201, "y").status_code == 422


def test_signing_out_ends_the_session_and_empties_the_cache(hall: Occasion) -> None:
    judge = hall.judge()
    token = judge.client.cookies["__Host-session"]
    answer = judge.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/join")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "__Host-session" not in judge.client.cookies
    judge.client.cookies.set("__Host-session", token)
    assert judge.get("/api/state").status_code == 401


def test_session_in_use_is_written_down_as_used(hall: Occasion) -> None:
    organiser = hall.organiser()
    session = schema.session.c
    digest = people.digest_of(organiser.client.cookies["__Host-session"])

    def seen() -> str:
        with hall.event.database.reading() as conn:
            return str(conn.scalar(select(session.seen).where(session.digest == digest)))

    def age(span: timedelta) -> None:
        at = later(now(), -span)
        hall.event.writer.do(
            lambda conn: conn.execute(
                update(schema.session).where(session.digest == digest).values(seen=at)
            )
        )

    fresh = seen()
    assert organiser.get("/organiser").status_code == 200
    assert seen() == fresh
    age(timedelta(hours=11))
    assert organiser.get("/organiser").status_code == 200
    hall.event.writer.do(lambda _conn: None)  # what was submitted before is done
    assert seen() > fresh
    age(timedelta(hours=13))
    assert organiser.get("/organiser").headers["location"] == "/join"


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "The password is too short: at least 8 characters."),
        ("password123", "That password is among the first"),
        ("12345678", "That password is among the first"),
        ("aaaaaaaaaa", "That password is among the first"),
        ("qwertyuiop!", "That password is among the first"),
        ("2024-12-05", "That password is among the first"),
        ("the-chair-person", "That password is among the first"),
        ("Hall Pitch 2026", "That password is among the first"),
        ("hall-2026!", "That password is among the first"),
        ("correct horse battery", ""),
        ("梅花三弄 一二三四五", ""),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password: str, complaint: str) -> None:
    found = trouble("the-chair-person", password, ("hall-2026", "Hall Pitch 2026"))
    assert found.startswith(complaint)
    assert bool(found) == bool(complaint)
