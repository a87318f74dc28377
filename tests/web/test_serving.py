"""A server as a process: how it opens the event, and how it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from review.errors import DataError
from review.web import app, serving
from review.web.settings import Settings
from tests.occasion import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def caught() -> Iterator[list[int]]:
    """The signals that this process got meanwhile, which end nothing."""
    found: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _frame: found.append(got))
        for number in serving.STOPS
    }
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


def test_settings_reach_worker_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wished = Settings(
        folder=str(tmp_path), database="postgresql://x", base_url="https://x", insecure_lan=True,
        metrics_token="秘密",  # noqa: S106 -- of nothing
        local_plugins=False, blocked=("a", "b"),
    )  # fmt: skip
    monkeypatch.setenv("REVIEW_SERVE", wished.to_environment()["REVIEW_SERVE"])
    assert Settings.from_environment() == wished
    monkeypatch.delenv("REVIEW_SERVE")
    with pytest.raises(KeyError):
        Settings.from_environment()


def test_worker_opens_the_event_and_closes_it(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, caught: list[int]
) -> None:
    wished = Settings(folder=str(make_folder(tmp_path / "hall")), database=postgresql_url)
    monkeypatch.setenv("REVIEW_SERVE", wished.to_environment()["REVIEW_SERVE"])
    with TestClient(app.serve_app(), client=("127.0.0.1", 1)) as client:
        assert client.get("/ready").status_code == 200
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"review-writer", "review-waking"}


def test_folder_with_errors_is_not_opened(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "hall")
    (folder / "rubrics/pitch.toml").write_text("id = 1", encoding="utf-8")
    with pytest.raises(DataError):
        serving.open_event(Settings(folder=str(folder)))
    assert list(folder.glob("live*")) == []


def test_end_is_announced_before_the_server_hears_of_it(caught: list[int]) -> None:
    told: list[int] = []
    with serving.before_stopping(lambda: told.append(len(caught))):
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
    assert (told, caught) == ([0, 1], [signal.SIGTERM, signal.SIGINT])
    os.kill(os.getpid(), signal.SIGTERM)
    assert len(told) == 2


def test_end_is_announced_where_nobody_handles_it(caught: list[int]) -> None:
    told: list[str] = []
    for handler in (signal.SIG_IGN, signal.SIG_DFL):
        signal.signal(signal.SIGINT, handler)
        with serving.before_stopping(lambda: told.append("ending")):
            os.kill(os.getpid(), signal.SIGINT)
    assert told == ["ending", "ending"]


def test_signals_are_left_alone_outside_the_main_thread() -> None:
    def use() -> None:
        with serving.before_stopping(list):
            found.append(signal.getsignal(signal.SIGTERM))

    found: list[object] = []
    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert found == [signal.getsignal(signal.SIGTERM)]


def test_process_that_is_asked_to_end_does_so_in_order() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended, serving.stopping():
        os.kill(os.getpid(), signal.SIGTERM)
    assert ended.value.code == 0
    assert signal.getsignal(signal.SIGTERM) == before


def test_worker_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch, caught: list[int]) -> None:
    parent = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(0,))
    parent.start()
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: parent)
    serving.end_with_parent()
    deadline = time.monotonic() + 30
    while not caught and time.monotonic() < deadline:
        time.sleep(0.01)
    assert caught == [signal.SIGTERM]
