"""Between folders and the store: a competition taken in, taken in anew, and given out again."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from review.engine.digests import rules_digest
from review.errors import DataError, Refused
from review.messages import Message
from review.store import changes, people
from review.store.chain import SYSTEM
from review.store.comparing import compared, unfit
from review.store.exporting import Exporting
from review.store.importing import take_in_all
from review.store.marks import Ballot, Cell
from review.store.portable import ballots, definition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from review.app import Opened

__all__ = [
    "Change",
    "compare_definition",
    "export_files",
    "import_folder",
    "renew",
    "write_folder",
]


@dataclass(frozen=True, slots=True)
class Change:
    """What might be done to an event, to see what it would do to the result.

    - `statuses`: proposal → its status (None: restored).
    - `judges`: ref of a person → kept | left_out, or None: restored.
    - `decisions`: rulings, each with `round`, `proposal`, `what`, `by`, `second`, `why`.
    - `undone`: the numbers of rulings that are taken back.
    - `marks`: cells, each with `round`, `person`, `proposal`, `criterion`, `mark`, `state`.
    - `files`: another definition, path → content in base64 (see `of_files`).

    All of it is JSON, so that `Change(**json)` is what `dataclasses.asdict` was given.
    """

    statuses: Mapping[str, str | None] = field(default_factory=dict)
    judges: Mapping[str, str | None] = field(default_factory=dict)
    decisions: Sequence[Mapping[str, str | None]] = ()
    undone: Sequence[int] = ()
    marks: Sequence[Mapping[str, str | None]] = ()
    files: Mapping[str, str] | None = None

    @classmethod
    def of_files(cls, files: Mapping[str, bytes]) -> Change:
        """The change to another definition, as `portable.definition` gives it."""
        return cls(files={p: base64.b64encode(content).decode() for p, content in files.items()})


def import_folder(conn: Connection, opened: Opened, *, actor: str = SYSTEM) -> int:
    """Take a competition in: definition, judges, marks and rulings; the version of the definition.

    Raises DataError where it was read with errors, Refused where the store has a competition.
    """
    refuse_errors(opened)
    if changes.definitions(conn):
        raise Refused(Message("event_exists"), 409)
    loaded = opened.loaded
    version = changes.add_definition(conn, definition(opened), rules_digest(loaded), actor=actor)
    refs = {
        judge: people.add_judge(conn, judge, name or "", actor=actor).ref
        for judge, name in loaded.judges.select("judge", "name").iter_rows()
    }
    take_in_all(conn, _ballots(opened, refs), actor=actor)
    for row in loaded.decisions.iter_rows(named=True):
        changes.decide(conn, **{**row, "why": row["why"] or ""}, actor=actor)
    return version


def _ballots(opened: Opened, refs: Mapping[str, str]) -> Iterator[Ballot]:
    for given in ballots(opened.loaded):
        cells = {criterion: Cell(*cell) for criterion, cell in given.cells.items()}
        op = str(uuid.uuid4())
        yield Ballot(op, refs[given.judge], given.round, given.proposal, cells, given.comment)


def renew(conn: Connection, opened: Opened, *, actor: str) -> int:
    """Take what a folder says now for the next version of the definition; its number.

    Judges that are new are added, others get the names that they have there. Marks, statuses and
    rulings stay those of the store. Raises DataError where the folder was read with errors, Refused
    where a stored mark no longer fits (`details` has `problems`).
    """
    refuse_errors(opened)
    problems = unfit(conn, opened.loaded)
    if problems:
        details = {"problems": [problem.texts() for problem in problems]}
        raise Refused(Message("marks_do_not_fit", {"problems": problems}), 409, details)
    files, rules = definition(opened), rules_digest(opened.loaded)
    version = changes.add_definition(conn, files, rules, actor=actor)
    known = {person.judge: person for person in people.people(conn, "judge")}
    for judge, name in opened.loaded.judges.select("judge", "name").iter_rows():
        if judge not in known:
            people.add_judge(conn, judge, name or "", actor=actor)
        elif known[judge].name != (name or ""):
            people.rename(conn, known[judge].ref, name or "", actor=actor)
    return version


def compare_definition(conn: Connection, opened: Opened) -> list[Message]:
    """What a folder says otherwise than the store, and which stored marks would not fit it."""
    _, kept = changes.definition(conn)
    found = compared(kept, definition(opened))
    rulings = opened.loaded.decisions.select("round", "proposal", "what").rows()
    known = {(d.round, d.proposal, d.what) for d in changes.decisions(conn, undone=True)}
    unknown = [row for row in rulings if row not in known]
    if unknown:
        found.append(Message("folder_rulings", {"count": len(unknown)}))
    return [*found, *unfit(conn, opened.loaded)]


def refuse_errors(opened: Opened) -> None:
    """Raise DataError where a folder was read with errors."""
    errors = sum(problem.is_error for problem in opened.problems)
    if errors:
        raise DataError(Message("not_scored", {"count": errors}), opened.problems)


def export_files(conn: Connection, change: Change | None = None) -> dict[str, bytes]:
    """The event as a folder that `review run` takes: path → content.

    Marks, statuses, rulings and withdrawn judges are those of the store. Of a judge withdrawn as
    `left_out` nothing remains. One withdrawn as `kept` is asked, in assignments.csv, for no more
    than what they have marked completely. With `change`, the folder as it would be after that.
    """
    change = change or Change()
    if change.files is None:
        _, files = changes.definition(conn)
    else:
        files = {path: base64.b64decode(content) for path, content in change.files.items()}
    exporting = Exporting(files)
    exporting.read_people(conn, change.judges)
    exporting.read_marks(conn, change.marks)
    exporting.read_statuses(conn, change.statuses)
    exporting.read_decisions(conn, change.decisions, change.undone)
    return exporting.files()


def write_folder(files: Mapping[str, bytes], out: Path) -> None:
    """Write files below a folder, which is made if need be."""
    for path, content in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
