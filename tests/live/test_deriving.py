"""The live result is that of `review run` on the export, worked out in a process of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from review import app
from review.live import deriving, worker
from review.live.deriving import Deriver, Question, derive, result_head
from review.live.event import Event
from review.live.showing import What
from review.output import result_text
from review.store import changes, transfer
from review.store.transfer import Change
from tests.live.conftest import FIRST, begin, give, judge, organiser
from tests.live.folders import COMPETITION, hall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SLEEPING = """
from review import Scorer, hookimpl
import {module}

class Sleepy(Scorer):
    id = "sleepy"
    title = {{"en": "Sleepy", "zh-Hans": "瞌睡"}}

    def score(self, values, keys):
        {body}

@hookimpl
def register_scorers():
    return [Sleepy]
"""


def exported_text(event: Event, folder: Path) -> str:
    """What `review run` gives on the export."""
    with event.database.reading() as conn:
        transfer.write_folder(transfer.export_files(conn), folder)
    return result_text(app.run(app.load(folder)))


def test_result_is_that_of_the_export_to_the_byte(event: Event, tmp_path: Path) -> None:
    begin(event)
    give(event, "j1", "p1", "9", "8.5", comment="good, “really”")
    give(event, "j 2", "p2", "4", "abstain")
    derived = event.deriver.latest()
    assert derived.text == exported_text(event, tmp_path / "out")
    assert derive(event.deriver.question).text == derived.text
    assert derived.errors == ()
    assert derived.page is not None
    assert "Garden" in derived.page


def test_numbers_of_a_result_keep_their_decimals(light: Event) -> None:
    begin(light)
    give(light, "j1", "p1", "9", "9")
    first = light.deriver.latest().round(FIRST)
    assert first is not None
    assert [repr(line["score"]) for line in first["standings"][:1]] == [repr(Decimal("9.00"))]
    assert light.deriver.latest().round("third") is None


def test_result_is_kept_until_something_happens_that_it_depends_on(light: Event) -> None:
    begin(light)
    first = light.deriver.latest()
    assert light.deriver.known is first
    ref = judge(light, "j1").ref
    from review.store import people  # noqa: PLC0415 -- one test's own

    light.writer.do(lambda conn: people.new_link(conn, ref))
    assert light.deriver.latest() is first
    give(light, "j1", "p1", "9")
    second = light.deriver.latest()
    assert second.seq > first.seq
    with light.database.reading() as conn:
        assert result_head(conn) == second.seq


def test_those_who_ask_at_once_share_an_answer(light: Event) -> None:
    begin(light)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(light.deriver.latest())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(answer) for answer in found}) == 1


def test_change_is_tried_and_not_made(event: Event) -> None:
    begin(event)
    give(event, "j1", "p1", "9", "9")
    give(event, "j1", "p2", "8", "8")
    before = event.deriver.latest()
    after = event.deriver.ask(Change(statuses={"p1": "withdrawn"}))
    assert after.seq == before.seq
    assert (after.result or {})["rounds"][0]["standings"][0]["proposal"] == "p2"
    assert event.deriver.latest().text == before.text


def test_errors_in_data_are_told_as_problems(light: Event) -> None:
    begin(light)
    change = Change(decisions=[{"round": FIRST, "proposal": "p1", "what": "up", "by": "O",
                                "second": None, "why": "x"}])  # fmt: skip
    derived = derive(light.deriver.question, change)
    assert (derived.text, derived.page, derived.result) == (None, None, None)
    assert [problem["code"] for problem in derived.errors] == ["decision_unknown"]


def test_only_what_is_published_is_in_the_answer(light: Event) -> None:
    begin(light)
    give(light, "j1", "p1", "9", "9")
    derived = derive(light.deriver.question, what=What((FIRST,)))
    assert [r["id"] for r in (derived.result or {})["rounds"]] == [FIRST]


@pytest.fixture
def plugged(tmp_path: Path, sqlite_url: str) -> Iterator[Callable[[str, str], Event]]:
    """An event whose scorer is a plugin of its own."""
    events: list[Event] = []

    def opened(module: str, body: str) -> Event:
        folder = tmp_path / "plugged"
        folder.mkdir()
        rubric = (hall(folder) / "rubrics/simple.toml").read_text(encoding="utf-8")
        files = {
            "plugins/sleepy.py": SLEEPING.format(module=module, body=body),
            "rubrics/simple.toml": rubric.replace("weighted_mean", "sleepy"),
        }
        events.append(Event.open(hall(folder, files), sqlite_url))
        begin(events[0])
        give(events[0], "j1", "p1", "9", "9")
        return events[0]

    yield opened
    for event in events:
        event.close()


def test_plugin_that_raises_is_told_as_a_problem(plugged: Callable[[str, str], Event]) -> None:
    event = plugged("math", "raise LookupError('no pen')")
    for derived in (event.deriver.latest(), derive(event.deriver.question)):
        assert derived.text is None
        assert [problem["code"] for problem in derived.errors] == ["plugin_failed_at"]


@pytest.mark.slow
def test_plugin_that_hangs_is_stopped_and_told(plugged: Callable[[str, str], Event]) -> None:
    event = plugged("time", "time.sleep(600)")
    deriver = Deriver(event.deriver.question, lambda: 7, timeout=4)
    derived = deriver.latest()
    assert (derived.seq, [p["code"] for p in derived.errors]) == (7, ["result_took_too_long"])
    deriver.close()


def test_plugin_that_ends_the_process_is_told(plugged: Callable[[str, str], Event]) -> None:
    event = plugged("os", "print('bye', flush=True); os._exit(3)")
    assert [p["code"] for p in event.deriver.latest().errors] == ["result_worker_ended"]
    assert "exit status 3" in event.deriver.latest().errors[0]["message"]["en"]


def test_page_that_fails_leaves_the_result(light: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(light)
    monkeypatch.setattr(deriving, "PAGE", "paper")
    derived = derive(light.deriver.question)
    assert derived.text is not None
    assert derived.page is None
    assert [p["code"] for p in derived.problems if p["code"] == "page_failed"] == ["page_failed"]


def test_plugins_that_are_left_out_are_told_as_problems(light: Event) -> None:
    begin(light)
    derived = derive(Question(light.database.url, blocked=("review_plugins",)))
    assert derived.text is None
    assert derived.errors


def test_plugin_to_leave_out_that_is_not_installed_is_told_as_a_problem(light: Event) -> None:
    derived = derive(Question(light.database.url, blocked=("long_gone",)))
    assert (derived.text, [p["code"] for p in derived.errors]) == (None, ["plugin_unknown"])


def test_database_that_cannot_be_read_is_told() -> None:
    deriver = Deriver(Question("nonsense://"), lambda: 3)
    derived = deriver.latest()
    deriver.close()
    assert (derived.seq, [p["code"] for p in derived.errors]) == (3, ["result_worker_ended"])
    assert "StoreError" in derived.errors[0]["message"]["en"]


def test_worker_that_does_not_even_read_is_stopped_and_told(light: Event) -> None:
    """The request is larger than a pipe holds, and the time is over before it is read."""
    deriver = Deriver(light.deriver.question, lambda: 1, timeout=0.05)
    derived = deriver.ask(Change.of_files({"facts.csv": bytes(1 << 20)}))
    deriver.close()
    assert [p["code"] for p in derived.errors] == ["result_took_too_long"]


def test_deriver_that_was_closed_says_so(light: Event) -> None:
    light.deriver.latest()
    light.deriver.close()
    assert [p["code"] for p in light.deriver.ask().errors] == ["writer_closed"]
    light.deriver.close()


def test_worker_answers_line_by_line_until_nobody_asks(light: Event) -> None:
    begin(light)
    request: dict[str, dict[str, object]] = {
        "question": {"url": light.database.url, "local_plugins": True, "blocked": []},
        "change": {"statuses": {"p1": "absent"}},
        "what": {"rounds": [FIRST], "awards": False},
    }
    broken = {**request, "question": {**request["question"], "url": "nonsense://"}}
    ended = threading.Event()
    answers = io.StringIO()
    worker.serve([json.dumps(request), json.dumps(broken)], answers, ended.set)
    good, bad = map(json.loads, answers.getvalue().splitlines())
    assert [r["id"] for r in json.loads(good["text"])["rounds"]] == [FIRST]
    assert bad["failed"].startswith("StoreError")
    assert ended.wait(5)


def test_worker_keeps_what_is_printed_out_of_its_answers(
    light: Event, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    begin(light)
    question = {"url": light.database.url, "local_plugins": True, "blocked": []}
    request = json.dumps({"question": question, "change": None, "what": None}) + "\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(request.encode())))
    ended = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    try:
        worker.main(ended.set, nice=0)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    os.write(1, b"printed by a plugin")
    told = capfd.readouterr()
    assert json.loads(told.out)["text"] == derive(light.deriver.question).text
    assert told.err.endswith("printed by a plugin")
    assert ended.wait(5)


def test_worker_ends_with_whoever_started_it(light: Event) -> None:
    code = (
        "import sys\n"
        "from review.live.deriving import Deriver, Question\n"
        f"d = Deriver(Question({light.database.url!r}), lambda: 1)\n"
        "d.latest()\n"
        "print(d._worker._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        (sys.executable, "-c", code),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    for _ in range(100):
        if not _is_running(child):
            return
        time.sleep(0.05)
    pytest.fail("the worker outlived its parent")


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # one that ended and that nobody has asked about yet
        with open(f"/proc/{pid}/stat", encoding="ascii") as status:  # noqa: PTH123 -- no file really
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_definition_that_is_tried_is_not_kept(light: Event, tmp_path: Path) -> None:
    begin(light)
    folder = tmp_path / "other"
    folder.mkdir()
    opened = app.load(
        hall(folder, {"competition.toml": COMPETITION.replace("size = 2", "size = 1")})
    )
    from review.store.portable import definition  # noqa: PLC0415 -- one test's own

    give(light, "j1", "p1", "9", "9")
    derived = light.deriver.ask(Change.of_files(definition(opened)))
    entries = (derived.round(FIRST) or {})["shortlist"]
    assert [e["proposal"] for e in entries if e["status"] == "in"] == ["p1"]
    with light.database.reading() as conn:
        assert len(changes.definitions(conn)) == 1
    assert organiser(light).role == "organiser"
