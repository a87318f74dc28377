from __future__ import annotations

import asyncio
import io
import json
import signal
import zipfile
from typing import TYPE_CHECKING

import pytest

from review.errors import ReviewError
from review.rehearsal.organiser import Organiser
from review.rehearsal.play import beside
from review.rehearsal.server import Server, free_port
from tests.rehearsal.hall import Hall

if TYPE_CHECKING:
    from pathlib import Path


def test_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    server = Server(tmp_path / "nothing", str(tmp_path / "live.sqlite3"), tmp_path / "log")

    async def play() -> None:
        with pytest.raises(ReviewError, match=r"its last words: Usage: .* serve"):
            await server.start()
        assert await server.stop() == 2
        assert await server.stop() == 0  # there is nothing left to stop

    asyncio.run(play())


def test_server_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that ignores being asked stands in for a server that does."""
    monkeypatch.setattr("review.rehearsal.server.STOP", 0.2)
    server = Server(tmp_path, "", tmp_path / "log")

    async def play() -> int:
        server.process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", "trap '' TERM; echo; while :; do sleep 1; done",
            stdout=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert server.process.stdout is not None
        await server.process.stdout.readline()
        return await server.stop()

    assert asyncio.run(play()) == -signal.SIGKILL


def shortlist(*statuses: str) -> bytes:
    """The files of a result in which proposals p1, p2, … have these statuses."""
    entries = [{"proposal": f"p{n}", "status": s} for n, s in enumerate(statuses, 1)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        rounds = [{"id": "first", "shortlist": entries}, {"id": "last", "shortlist": None}]
        archive.writestr("result.json", json.dumps({"rounds": rounds}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "ruled"),
    [(2, {"p2": "in", "p3": "out"}), (None, {"p2": "in", "p3": "in"})],
)
def test_organiser_rules_on_ties_across_the_line(size: int | None, ruled: dict[str, str]) -> None:
    async def play() -> list[dict[str, str]]:
        async with Hall(files=shortlist("in", "undecided", "undecided", "out")).open() as hall:
            organiser = Organiser(hall.port, "boss")
            await organiser.sign_in()
            assert await organiser.decide("first", size) == 2
            assert await organiser.decide("last", size) == 0
            organiser.browser.close()
            return hall.rulings

    assert {ruling["proposal"]: ruling["what"] for ruling in asyncio.run(play())} == ruled


def test_what_failed_beside_a_block_fails_it() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async def play() -> None:
        async with beside(asyncio.sleep(9), fail()):
            await asyncio.sleep(0)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(play())


def test_organiser_gives_up_on_what_is_refused_or_not_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("review.rehearsal.organiser.GIVE_UP", 0.1)

    async def play() -> None:
        async with Hall().open() as hall:
            organiser = Organiser(hall.port, "boss")
            await organiser.sign_in()
            hall.fault = "shut"
            with pytest.raises(ReviewError, match="POST /api/ballots was not done: 409"):
                await organiser.press("/organiser", "/api/ballots", {"x": "1"})
            hall.sessions.clear()
            with pytest.raises(ReviewError, match="GET /organiser was not done: 401"):
                await organiser.get("/organiser")
            organiser.browser.close()
        with pytest.raises(ReviewError, match="GET / was not done: –"):
            await Organiser(free_port(), "boss").get("/")

    asyncio.run(play())
