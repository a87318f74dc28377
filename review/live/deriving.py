"""The live result: what `review run` gives on the export, worked out in a process of its own.

So neither polars nor a plugin holds up marks, and one that hangs can be stopped.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from review import app
from review.errors import DataError, ReviewError
from review.live.naming import named
from review.live.showing import What, only
from review.messages import Message
from review.model.problem import error, warning
from review.output import result_text
from review.plugin.manager import guarded
from review.store import chain, changes, schema, transfer
from review.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from review.app import Opened
    from review.model.problem import Problem
    from review.model.result import Result

#: Seconds that a result may take.
TIMEOUT = 60.0
#: Events that no result depends on.
BESIDE = (
    "link_made", "link_used", "links_revoked", "code_made", "code_missed", "code_used",
    "password_set", "session_opened", "session_ended", "sessions_ended", "signed_in", "signed_out",
    "sign_in_failed", "organiser_added", "published", "publication_withdrawn",
)  # fmt: skip
PAGE = "html"


@dataclass(frozen=True, slots=True)
class Question:
    """Which event's result, read with which plugins."""

    url: str
    local_plugins: bool = True
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derived:
    """A result as of event `seq` (whose hash is `hash`) under version `definition` of the rules.

    `text` is result.json to the byte and `page` the report, both None where there is no result;
    `problems` (as `Problem.to_json` gives them) says why, or what there is to know.
    """

    seq: int
    hash: str
    definition: int
    text: str | None
    page: str | None
    problems: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def result(self) -> dict[str, Any] | None:
        """result.json; numbers are Decimals at their own decimals."""
        found: dict[str, Any] | None
        found = None if self.text is None else json.loads(self.text, parse_float=Decimal)
        return found

    def round(self, round_id: str) -> dict[str, Any] | None:
        """The part of result.json on one round; None where it has no result."""
        rounds = self.result["rounds"] if self.result else ()
        return next((r for r in rounds if r["id"] == round_id), None)

    @property
    def errors(self) -> tuple[Mapping[str, Any], ...]:
        """The problems that stand in the way of a result, or of all of it."""
        return tuple(p for p in self.problems if p["severity"] == "error")


def derive(
    question: Question, change: transfer.Change | None = None, what: What | None = None
) -> Derived:
    """The result of an event as it stands; with `change`, what it would be after that.

    `what`: only what is published. Errors in data and plugins are in `problems`.
    """
    database = Database.open(question.url)
    try:
        with database.reading() as conn:
            head = chain.head(conn)
            version, _ = changes.definition(conn)
            files = transfer.export_files(conn, change)
    finally:
        database.close()
    with tempfile.TemporaryDirectory(prefix="review-") as name:
        folder = Path(name) / "competition"
        transfer.write_folder(files, folder)
        text, page, problems = _answer(question, folder, what)
    return Derived(head.seq, head.hash, version, text, page, tuple(p.to_json() for p in problems))


def _answer(
    question: Question, folder: Path, what: What | None
) -> tuple[str | None, str | None, Sequence[Problem]]:
    try:
        opened = app.load(folder, local_plugins=question.local_plugins, blocked=question.blocked)
    except ReviewError as found:
        return None, None, [error(found.message)]
    text, page, problems = _results(opened, what)
    told = [replace(p, message=named(p.message, opened.loaded)) for p in problems]
    return text, page, told


def _results(opened: Opened, what: What | None) -> tuple[str | None, str | None, Sequence[Problem]]:
    try:
        result = app.run(opened)
        # what is said about judges is not for everybody
        shown = replace(result if what is None else only(result, what), analyst=None)
        text = result_text(shown)
    except DataError as found:
        return None, None, found.problems
    except ReviewError as found:
        return None, None, [error(found.message)]
    try:
        return text, page_of(opened, shown), result.all_problems
    except ReviewError as found:
        told = warning(Message("page_failed", {"error": found.message}))
        return text, None, [*result.all_problems, told]


def page_of(opened: Opened, result: Result) -> str:
    """The report as the exporter of pages writes it.

    Raises ReviewError where it fails or is not there.
    """
    registered = opened.plugins.exporters().get(PAGE)
    if registered is None:
        formats = sorted(opened.plugins.exporters())
        raise ReviewError(Message("format_unknown", {"format": PAGE, "formats": formats}))
    with tempfile.TemporaryDirectory(prefix="review-") as name, guarded(registered):
        (path,) = registered.part().export(result, Path(name))
        return path.read_text(encoding="utf-8")


def result_head(conn: Connection) -> int:
    """The number of the last event that a result may depend on."""
    event = schema.event.c
    query = select(event.seq).where(event.kind.not_in(BESIDE)).order_by(event.seq.desc()).limit(1)
    return conn.scalar(query) or 0


class Deriver:
    """Works results out in one other process; threads may share it.

    `head` gives the number of the last event that a result depends on.
    """

    def __init__(
        self, question: Question, head: Callable[[], int], *, timeout: float = TIMEOUT
    ) -> None:
        self.question = question
        self._head = head
        self._worker = Worker(timeout)
        self._latest: Derived | None = None
        self._computing = threading.Lock()

    @property
    def known(self) -> Derived | None:
        """The last result that was worked out, however old."""
        return self._latest

    def latest(self) -> Derived:
        """The result as things stand; those who ask at the same time wait for the same answer."""
        wanted = self._head()
        with self._computing:
            found = self._latest
            if found is None or found.seq < wanted:
                found = self._latest = self.ask(at_least=wanted)
            return found

    def ask(
        self,
        change: transfer.Change | None = None,
        what: What | None = None,
        *,
        at_least: int = 0,
    ) -> Derived:
        """What `derive` gives, from the other process.

        Where that hangs or ends, the answer says so in `problems`, as of event `at_least`.
        """
        request = {
            "question": asdict(self.question),
            "change": change and asdict(change),
            "what": what and asdict(what),
        }
        try:
            answer = self._worker.ask(request)
        except ReviewError as found:
            return Derived(at_least, "", 0, None, None, (error(found.message).to_json(),))
        return Derived(**{**answer, "problems": tuple(answer["problems"])})

    def close(self) -> None:
        """End the other process."""
        self._worker.close()


class Worker:
    """Another Python that answers one request at a time, started when it is first asked.

    It ends when its standard input does, so however this process ends, that one ends with it.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._asking = threading.Lock()
        self._closed = False

    def ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        """Send a request, wait for the answer.

        Raises ReviewError where there is none within the time, or the process ended.
        """
        with self._asking:
            if self._closed:
                raise ReviewError(Message("writer_closed"))
            if self._process is None or self._process.poll() is not None:
                self._process = _start()
            late = threading.Event()
            timer = threading.Timer(self._timeout, _stop, (self._process, late))
            timer.start()
            try:
                line = _exchange(self._process, json.dumps(request))
            finally:
                timer.cancel()
            if not line:
                status = _end(self._process)
                self._process = None
                raise ReviewError(
                    Message("result_took_too_long", {"seconds": round(self._timeout)})
                    if late.is_set()
                    else Message("result_worker_ended", {"error": f"exit status {status}"})
                )
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise ReviewError(Message("result_worker_ended", {"error": answer["failed"]}))
        return answer

    def close(self) -> None:
        """End the process, whatever it is at."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
        with self._asking:
            if self._process is not None:
                _end(self._process)
                self._process = None


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-P", "-c", "from review.live.worker import main; main()"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def _exchange(process: subprocess.Popen[str], request: str) -> str:
    """A line for a line; nothing where the process has ended."""
    assert process.stdin is not None  # noqa: S101 -- both are pipes
    assert process.stdout is not None  # noqa: S101 -- as above
    try:
        process.stdin.write(request + "\n")
        process.stdin.flush()
        return process.stdout.readline()
    except OSError:
        return ""


def _stop(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[str]) -> int:
    """Make sure that a process has ended and let go of its pipes; its exit status."""
    process.kill()
    with suppress(OSError):  # a request that was not read may be in the pipe
        process.communicate()
    return process.wait()
