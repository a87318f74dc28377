"""What an error says, and what it keeps to itself."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from review.errors import DataError, StoreError
from review.messages import Message
from review.store import people
from review.web import logs
from review.web.security import POLICY
from tests.occasion import Occasion, make_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from starlette.responses import Response


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Occasion]:
    folder: Path = make_folder(tmp_path_factory.mktemp("hall") / "event")
    occasion = Occasion.of(folder)

    async def fail() -> Response:
        raise ValueError("zebra-secret")

    async def fail_later() -> Response:
        from starlette.responses import StreamingResponse  # noqa: PLC0415 -- here alone

        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            raise ValueError("zebra-secret")

        return StreamingResponse(parts())

    async def store() -> Response:
        raise StoreError(Message("writer_closed"))

    async def data() -> Response:
        raise DataError(Message("not_scored", {"count": 2}), [])

    async def away() -> Response:
        raise OperationalError("SELECT 'zebra-secret'", {}, OSError("zebra-secret"))

    for function in (fail, fail_later, store, data, away):
        for path in (f"/{function.__name__}", f"/api/{function.__name__}"):
            occasion.app.add_api_route(path, function)
    yield occasion
    occasion.event.close()


def test_fault_has_a_number_and_no_details(
    hall: Occasion, capfd: pytest.CaptureFixture[str]
) -> None:
    page = hall.visitor().get("/fail")
    assert page.status_code == 500
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    (fault,) = (line for line in lines if line["event"] == "unexpected")
    (request,) = (line for line in lines if line["event"] == "request")
    assert f"This is a fault of the server, number {fault['number']}." in page.text
    assert fault["error"][0].startswith("ValueError ")
    assert " fail" in fault["error"][0]
    assert (request["route"], request["status"]) == ("/fail", 500)
    assert "zebra-secret" not in page.text + json.dumps(lines)
    assert page.headers["content-security-policy"] == POLICY


def test_fault_speaks_the_language_of_the_visitor(hall: Occasion) -> None:
    page = hall.visitor().get("/fail", lang="zh-Hans")
    assert 'lang="zh-Hans"' in page.text
    answer = hall.visitor().get("/api/fail").json()
    assert (sorted(answer), answer["code"]) == (["code", "details", "message"], "unexpected")


def test_fault_in_an_answer_that_has_begun_cuts_it_short(
    hall: Occasion, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = hall.visitor().get("/fail_later")
    assert (answer.status_code, answer.text) == (200, "begun")
    told = capfd.readouterr().err
    assert '"unexpected"' in told
    assert "zebra-secret" not in told


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/api/store", 503, "writer_closed"), ("/api/data", 422, "not_scored"),
     ("/api/away", 503, "not_ready")],
)  # fmt: skip
def test_errors_of_the_domain_have_their_status(
    hall: Occasion, path: str, status: int, code: str
) -> None:
    answer = hall.visitor().get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "zebra-secret" not in answer.text
    assert hall.visitor().get(path.removeprefix("/api")).status_code == status


def test_what_is_not_wanted_is_told_without_what_was_sent(hall: Occasion) -> None:
    judge = hall.judge()
    answer = judge.send("POST", "/api/ballots", {"op": "zebra-secret", "round": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    places = [detail["at"] for detail in answer.json()["details"]]
    assert ["body", "op"] in places
    assert "zebra-secret" not in answer.text


def test_broken_json_is_told(hall: Occasion) -> None:
    judge = hall.judge()
    for content in (b"{", b"\xff", b"[" * 20_000):
        answer = judge.client.post(
            "/api/ballots", content=content,
            headers={"content-type": "application/json", "X-CSRF-Token": judge.csrf},
        )  # fmt: skip
        assert answer.status_code in {400, 422}


def test_logs_have_routes_and_no_names_tokens_or_addresses(
    hall: Occasion, capfd: pytest.CaptureFixture[str]
) -> None:
    token = hall.event.writer.do(lambda conn: people.organiser_link(conn, "Chairwoman"))
    visitor = hall.visitor("198.51.100.77")
    visitor.get(f"/join/{token}")
    judge = hall.judge()
    judge.get("/judge/score", round="pitch", proposal="zqw1")
    judge.get("/health")
    told = capfd.readouterr().err
    lines = [json.loads(line) for line in told.splitlines()]
    assert {"/join/{token}", "/judge/score"} <= {line["route"] for line in lines}
    assert "/health" not in {line["route"] for line in lines}
    assert {tuple(line) for line in lines} == {
        ("at", "level", "event", "method", "route", "status", "ms")
    }
    secrets = (token, *judge.client.cookies.values(), judge.csrf)
    words = ("Lin", "zqw1", "198.51", "Chairwoman", "pitch&")
    assert not [word for word in (*secrets, *words) if word in told]


def _fail_twice() -> None:
    try:
        int("zebra-secret")
    except ValueError as found:
        raise KeyError("zebra-secret") from found


def test_libraries_log_as_lines_without_what_exceptions_say(
    capfd: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.take_logs()
    try:
        try:
            _fail_twice()
        except KeyError:
            logging.getLogger("some.library").exception("it failed with %s", "zebra-secret")
        logging.getLogger("some.library").info("not told")
        logging.getLogger("some.library").warning("mind the gap")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    first, second = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert (first["level"], first["event"], first["message"]) == (
        "error", "some.library", "it failed with %s",
    )  # fmt: skip
    assert [place.partition(" ")[0] for place in first["error"]] == ["KeyError", "ValueError"]
    assert (second["message"], "error" in second) == ("mind the gap", False)


def test_scopes_that_are_no_requests_pass_through(hall: Occasion) -> None:
    """Start and end of the server, which every middleware lets by."""
    with hall.visitor().client as client:
        assert client.get("/health").status_code == 200
