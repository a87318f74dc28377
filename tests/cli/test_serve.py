"""`review serve` as a process of its own, and as judges and organisers meet it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx2
import pytest
from wcwidth import wcswidth

from review.rehearsal.server import free_port
from tests.cli.live import take_in
from tests.occasion import make_folder, secret_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

LAST_LINE = {"en": "Stop with Ctrl+C", "zh-Hans": "Ctrl+C"}
START = 60


class Served:
    """A server that was started, and what it has printed until it served."""

    def __init__(self, folder: Path, *options: str, language: str = "en") -> None:
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "review", "serve", str(folder), "--port", "0", *options,
                "--lang", language,
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if LAST_LINE[language] in line:
                break
        self._rest: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        found = re.search(r"http://localhost:\d+", self.printed)
        self.address = found.group() if found else ""

    def _read(self) -> None:
        assert self.process.stdout is not None
        self._rest += self.process.stdout

    def close(self) -> None:
        """End it, and whatever it started, if it still runs."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        self._reader.join(30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def link(self) -> str:
        """The organiser's link."""
        found = re.search(r"^  (http\S+/join/\S+)$", self.printed, re.MULTILINE)
        assert found is not None, self.printed
        return found.group(1)

    def wait(self) -> None:
        """Until it is ready."""
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"{self.address}/ready").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.05)
        pytest.fail("never ready")

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float, str]:
        """Exit code, seconds until it ended, and what it printed meanwhile."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(30)
        seconds = time.monotonic() - began
        self._reader.join(30)
        return code, seconds, "".join(self._rest)


@contextmanager
def serving(folder: Path, *options: str, language: str = "en") -> Iterator[Served]:
    served = Served(folder, *options, language=language)
    try:
        served.wait()
        yield served
    finally:
        served.close()


class Guest:
    """A browser without scripts, over plain http on this machine; each request connects anew."""

    def __init__(self, address: str) -> None:
        limits = httpx2.Limits(max_keepalive_connections=0)
        self.client = httpx2.Client(base_url=address, timeout=30, limits=limits)
        self.csrf = ""

    def follow(self, link: str) -> Guest:
        """Sign in by a link."""
        self.client.get(f"/join/{link.rpartition('/')[2]}")
        csrf = secret_of(self.client.get("/join").text)
        landed = self.client.post("/join", data={"csrf": csrf})
        assert landed.status_code == 303, landed.text
        self.csrf = secret_of(self.client.get(landed.headers["location"]).text)
        return self

    def post(self, path: str, **data: str) -> httpx2.Response:
        return self.client.post(path, data={"csrf": self.csrf, **data})

    def invite(self) -> str:
        """As an organiser, a link for the first judge."""
        page = self.client.get("/organiser/judges").text
        ref = re.search(r"/organiser/judge\?ref=(\w+)", page)
        assert ref is not None, page
        made = self.post("/organiser/judge/link", ref=ref.group(1))
        link = re.search(r"/join/([\w-]{43})", made.text)
        assert link is not None, made.text
        return link.group(1)

    def open_round(self) -> None:
        """As an organiser."""
        opened = self.post("/organiser/round?round=pitch&to=open", version="0")
        assert opened.headers.get("location") == "/organiser", opened.text

    def mark(self, proposal: str, mark: str = "8") -> httpx2.Response:
        """As a judge, a ballot."""
        (form,) = (
            r for r in self.client.get("/api/state").json()["rounds"] if r["round"] == "pitch"
        )
        marks = [{"criterion": c, "mark": mark, "base": 0} for c in ("need", "team/fit")]
        body = {
            "op": str(uuid4()), "round": "pitch", "proposal": proposal, "rubric": form["rubric"],
            "marks": marks,
        }  # fmt: skip
        return self.client.post("/api/ballots", json=body, headers={"X-CSRF-Token": self.csrf})


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "hall")


@pytest.mark.slow
def test_what_was_stored_is_there_after_a_kill(hall: Path) -> None:
    with serving(hall) as served:
        chair = Guest(served.address).follow(served.link)
        chair.open_round()
        link = chair.invite()
        judge = Guest(served.address).follow(link)
        assert judge.mark("p02").status_code == 200
        assert served.stop(signal.SIGKILL)[0] == -signal.SIGKILL
    with serving(hall) as served:
        again = Guest(served.address).follow(link)
        assert again.mark("p02", "7").json()["code"] == "stale"  # it is there
        judge.client.base_url = httpx2.URL(served.address)
        assert judge.client.get("/api/state").status_code == 200  # still signed in
        code, _seconds, rest = served.stop()
    assert code == 0
    assert "Traceback" not in rest


@pytest.mark.slow
def test_server_stops_at_once_although_pages_listen(hall: Path) -> None:
    with serving(hall) as served:
        chair = Guest(served.address).follow(served.link)
        with chair.client.stream("GET", "/organiser/events?view=home") as stream:
            assert next(stream.iter_lines()) == "retry: 2000"
            code, seconds, rest = served.stop()
    assert (code, "Traceback" in rest, "exceeded" in rest) == (0, False, False)
    assert seconds < 3


@pytest.mark.slow
def test_interrupt_ends_a_server_in_order(hall: Path) -> None:
    with serving(hall) as served:
        code, _seconds, rest = served.stop(signal.SIGINT)
    assert (code, "Traceback" in rest, "Abort" in rest) == (0, False, False)
    assert not (hall / "live.sqlite3-wal").exists()  # everything is in the file


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_second_server_is_refused_and_what_is_printed_fits(
    hall: Path, tmp_path: Path, language: str, review: Callable[..., Result]
) -> None:
    with serving(hall, "--insecure-lan", language=language) as served:
        second = review("serve", hall, "--port", "0", "--lang", language)
        other = make_folder(tmp_path / "other")
        port = served.address.rpartition(":")[2]
        taken = review("serve", other, "--port", port, "--lang", language)
        lan = review("serve", other, "--host", "::1", "--port", "70000", "--lang", language)
        _code, _seconds, rest = served.stop()
    told = {
        "en": ("another server has", "cannot listen on 127.0.0.1:"),
        "zh-Hans": ("另一个服务器正在使用", "127.0.0.1:"),
    }[language]
    assert (second.exit_code, second.stdout) == (1, "")
    assert told[0] in second.stderr
    assert taken.exit_code == 2
    assert told[1] in taken.stderr
    assert "--port" in taken.stderr
    assert lan.exit_code == 2
    printed = served.printed + rest + second.stderr + taken.stderr
    lines = [
        line for line in printed.splitlines() if not line.startswith(("{", "Database", "数据库"))
    ]
    assert max(map(wcswidth, lines)) <= 80


def test_address_that_is_not_ours_is_told(hall: Path, review: Callable[..., Result]) -> None:
    done = review("serve", hall, "--host", "2001:db8::1", "--port", "0")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: cannot listen on [2001:db8::1]:0: ")


def test_folder_without_a_competition_is_told(
    tmp_path: Path, review: Callable[..., Result]
) -> None:
    done = review("serve", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "holds no competition.toml" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_folder_with_errors_is_told_as_check_tells_it(
    broken: Path, review: Callable[..., Result]
) -> None:
    checked, served = review("check", broken), review("serve", broken)
    assert served.exit_code == 1
    problems = checked.stdout.rpartition("\n\n")[0]
    assert problems in served.stderr
    assert "serve" not in str(list(broken.glob("live*")))
    assert list(broken.glob("live*")) == []


@pytest.mark.parametrize("how", [[], ["--database", "event.sqlite3"]])
def test_several_workers_need_a_database_server(
    hall: Path, how: list[str], review: Callable[..., Result]
) -> None:
    done = review("serve", hall, "--workers", "2", *how)
    assert done.exit_code == 2
    assert "--workers 2 needs --database postgresql://…" in done.stderr


@pytest.mark.slow
def test_folder_that_was_changed_meanwhile_is_told(hall: Path) -> None:
    with serving(hall) as served:
        served.stop()
    with (hall / "proposals.csv").open("a", encoding="utf-8") as table:
        table.write("p9,Late,Late team,9,\n")
    again = Served(hall, "--base-url", "https://judging.example.org/")
    again.close()
    assert "https://judging.example.org/join/" in again.printed
    assert "proposals.csv: the folder and the event differ in p9" in again.printed


def workers_of(served: Served) -> list[int]:
    """The processes that answer."""
    pid = served.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [
        int(child)
        for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


@pytest.mark.slow
def test_workers_share_a_database_and_see_what_the_other_stores(
    hall: Path, postgresql_url: str
) -> None:
    with (
        ExitStack() as stack,
        serving(hall, "--workers", "2", "--database", postgresql_url) as served,
    ):
        chair = Guest(served.address).follow(served.link)
        chair.open_round()
        judge = Guest(served.address).follow(chair.invite())
        first, second = workers_of(served)
        with only(first, second):
            page = chair.client.get("/organiser/coverage", params={"round": "pitch"}).text
            mark = re.search(r'data-mark="([^"]+)"', page)
            assert mark is not None, page
            stream = stack.enter_context(
                chair.client.stream(
                    "GET", "/organiser/events",
                    params={"view": "coverage", "round": "pitch", "mark": mark.group(1)},
                )
            )  # fmt: skip
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
        with only(second, first):
            assert judge.mark("p02").status_code == 200
        data = next(line for line in lines if line.startswith(("data:", "event: reload")))
        assert data != "event: reload"
        code, seconds, rest = served.stop()
    assert (code, "Traceback" in rest) == (0, False)
    assert seconds < 5


@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them(hall: Path, postgresql_url: str) -> None:
    with serving(hall, "--workers", "2", "--database", postgresql_url) as served:
        workers = workers_of(served)
        served.process.kill()
        served.process.wait(30)
        deadline = time.monotonic() + START
        while any(map(is_running, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [is_running(worker) for worker in workers] == [False, False]


def is_running(pid: int) -> bool:
    """Whether a process is there, and not one that ended and waits to be buried."""
    with suppress(OSError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    return False


@contextmanager
def only(_answering: int, resting: int) -> Iterator[None]:
    """Requests go to one worker, since the other holds still."""
    os.kill(resting, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(resting, signal.SIGCONT)


@contextmanager
def stopped_when_ready(port: int) -> Iterator[None]:
    """Have this process asked to end as soon as somebody answers on a port."""

    def wait() -> None:
        deadline = time.monotonic() + START
        while time.monotonic() < deadline:
            with suppress(httpx2.TransportError):
                if httpx2.get(f"http://127.0.0.1:{port}/ready").status_code == 200:
                    break
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in signal.valid_signals() - UNTAKEN}
    asking = threading.Thread(target=wait)
    asking.start()
    try:
        yield
    finally:
        asking.join()
        for number, handler in before.items():
            signal.signal(number, handler)


UNTAKEN = {signal.SIGKILL, signal.SIGSTOP, *range(32, 65)}


def test_serving_ends_with_nothing_left_open(hall: Path, review: Callable[..., Result]) -> None:
    take_in(hall, hall / "live.sqlite3")
    with (hall / "judges.csv").open("a", encoding="utf-8") as table:
        table.write("late,Late,,main\n")
    port = free_port()
    with stopped_when_ready(port):
        done = review("serve", hall, "--port", port, "--insecure-lan", "--host", "127.0.0.1")
    assert done.exit_code == 0
    assert f"Serving hall-2026 at http://localhost:{port}\n" in done.stdout
    assert done.stderr.startswith("Plain http: anybody in this network can read along")
    assert "Phones cannot open this address" in done.stderr
    assert "judges.csv: the folder and the event differ in late\n" in done.stderr
    assert sorted(file.name for file in hall.glob("live.sqlite3*")) == [
        "live.sqlite3", "live.sqlite3.lock",
    ]  # fmt: skip


def test_serving_with_workers_ends_with_nothing_left_open(
    hall: Path, postgresql_url: str, review: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEW_SERVE", "")  # is set by the command
    port = free_port()
    with stopped_when_ready(port):
        done = review(
            "serve", hall, "--port", port, "--database", postgresql_url, "--workers", "2",
            "--base-url", "https://judging.example.org",
        )  # fmt: skip
    assert done.exit_code == 0
    assert "Phones cannot open" not in done.stderr
    assert len(refused_connections(port)) == 1


def refused_connections(port: int) -> list[str]:
    """What is told where nobody answers."""
    try:
        httpx2.get(f"http://127.0.0.1:{port}/health")
    except httpx2.ConnectError as found:
        return [str(found)]
    return []
