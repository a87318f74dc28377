"""What machines ask, and what they are told where the database is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from review.web.metrics import exposition
from tests.occasion import Occasion, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.services import PostgreSQL


TOKEN = "秘密-token"  # noqa: S105 -- for figures that nobody sees


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Occasion]:
    occasion = Occasion.of(make_folder(tmp_path / "hall"), metrics_token=TOKEN)
    yield occasion
    occasion.event.close()


def test_process_and_database_answer(hall: Occasion) -> None:
    probe = hall.visitor()
    assert (probe.get("/health").status_code, probe.get("/health").text) == (200, "ok\n")
    assert probe.get("/ready").json() == {"ready": True, "head": 4}


def test_server_that_is_stopping_is_not_ready(hall: Occasion) -> None:
    hall.event.writer.close()
    answer = hall.visitor().get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    assert answer.headers["retry-after"] == "2"


@pytest.mark.slow
def test_database_that_is_away_is_told_until_it_is_back(
    tmp_path: Path, postgresql: PostgreSQL, capfd: pytest.CaptureFixture[str]
) -> None:
    url = postgresql.create()
    hall = Occasion.of(make_folder(tmp_path / "hall"), url)
    try:
        judge = hall.judge()
        cookies = dict(judge.client.cookies)
        postgresql.stop("immediate")
        try:
            assert judge.get("/health").status_code == 200
            ready = judge.get("/ready")
            assert (ready.status_code, ready.json()) == (503, {"ready": False})
            away = judge.get("/api/state")
            assert (away.status_code, away.json()["code"]) == (503, "not_ready")
            assert away.headers["retry-after"] == "2"
            page = judge.get("/judge")
            assert page.status_code == 503
            assert "The database does not answer just now." in page.text
            assert judge.client.get("/metrics").status_code in {403, 503}
        finally:
            postgresql.start()
        assert judge.get("/ready").status_code == 200
        assert judge.get("/api/state").status_code == 200
        told = capfd.readouterr().err
        assert '"not_ready"' in told
        assert not [token for token in cookies.values() if token in told]
    finally:
        hall.event.close()
        postgresql.drop(url)


@pytest.mark.parametrize(
    ("host", "header", "status"),
    [
        ("127.0.0.1", None, 200),
        ("192.0.2.7", None, 403),
        ("192.0.2.7", "Bearer wrong", 403),
        ("192.0.2.7", "Bearer ", 403),
        ("192.0.2.7", "Bearer 秘密-token", 200),
        ("192.0.2.7", "秘密-token", 403),
    ],
)
def test_figures_are_for_this_machine_and_for_the_token(
    hall: Occasion, host: str, header: str | None, status: int
) -> None:
    headers = {b"authorization": header.encode()} if header else None
    answer = hall.visitor(host).client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("review_record_head 4.0" in answer.text) == (status == 200)


def test_without_a_token_nobody_else_gets_figures(tmp_path: Path) -> None:
    hall = Occasion.of(make_folder(tmp_path / "other"))
    headers = {"authorization": "Bearer "}
    assert hall.visitor().client.get("/metrics", headers=headers).status_code == 403
    hall.event.close()


def test_figures_name_routes_and_nobody(hall: Occasion) -> None:
    hall.judge().get("/judge/score", round="pitch", proposal="p02")
    hall.visitor().get("/nothing/zqw1")
    told = exposition().decode()
    assert 'route="/judge/score"' in told
    assert 'route="unmatched"' in told
    assert not [word for word in ("zqw1", "p02", "林") if word in told]
