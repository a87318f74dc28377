"""The canonical files of an event: its definition with what the store has on top of it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from review.load.files import COMPETITION
from review.model.types import fold
from review.store import changes, people, schema
from review.store import marks as stored_marks
from review.store.portable import Grid, Row, marks_csv, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

PROPOSALS, JUDGES = "proposals.csv", "judges.csv"
CONFLICTS, ASSIGNMENTS, DECISIONS = "conflicts.csv", "assignments.csv", "decisions.csv"
_DECISION = ("round", "proposal", "what", "by", "second", "why")
_ASSIGNMENT = ("round", "judge", "proposal")
#: Stands for who ruled where their name was erased.
ERASED = "—"

Cells = dict[str, tuple[str | None, str | None, str | None, int]]
"""criterion → (mark, state, instant, revision), in the order in which they were first stored."""


class Exporting:
    """Puts an export together: read what the store has, then ask for the files."""

    def __init__(self, definition: Mapping[str, bytes]) -> None:
        self._files = dict(definition)
        rules = tomllib.loads(definition[COMPETITION].decode(), parse_float=Decimal)
        self._rules: dict[str, Any] = rules
        self._judged: dict[str, dict[str, Any]] = {
            r["id"]: r for r in rules["rounds"] if "marks" in r
        }
        self._criteria = dict(_local_criteria(definition))
        self._judge_of: dict[str, str] = {}
        self._withdrawn: dict[str, str] = {}
        self._cells: dict[tuple[str, str, str], Cells] = {}
        self._comments: dict[tuple[str, str, str], str] = {}

    def read_people(self, conn: Connection, withdrawn: Mapping[str, str | None]) -> None:
        """Who is who, and who was withdrawn how; `withdrawn`, by ref, takes precedence."""
        for person in people.people(conn, "judge"):
            judge = str(person.judge)
            self._judge_of[person.ref] = judge
            how = withdrawn.get(person.ref, person.withdrawn)
            if how is not None:
                self._withdrawn[judge] = how

    def read_marks(self, conn: Connection, more: Iterable[Mapping[str, str | None]]) -> None:
        """The last revision of every cell, then `more`; and the comments."""
        mark = schema.mark_revision.c
        query = select(
            mark.round, mark.person, mark.proposal, mark.criterion, mark.mark, mark.state, mark.at,
            mark.revision,
        ).order_by(mark.id)  # fmt: skip
        for round_id, person, proposal, criterion, *cell in conn.execute(query):
            key = (round_id, self._judge_of[person], proposal)
            self._cells.setdefault(key, {})[criterion] = tuple(cell)
        for row in more:
            key = (str(row["round"]), self._judge_of[str(row["person"])], str(row["proposal"]))
            cells, criterion = self._cells.setdefault(key, {}), str(row["criterion"])
            revision = cells[criterion][3] if criterion in cells else 0
            cells[criterion] = (row["mark"], row["state"], None, revision + 1)
        for (round_id, person, proposal), text in stored_marks.comments(conn).items():
            self._comments[round_id, self._judge_of[person], proposal] = text

    def read_statuses(self, conn: Connection, more: Mapping[str, str | None]) -> None:
        """What has become of proposals, then `more`."""
        given = {
            proposal: (state.status, state.reason if state.status else None)
            for proposal, state in changes.statuses(conn).items()
        }
        given |= {proposal: (status, None) for proposal, status in more.items()}
        columns = self._columns("proposals")
        status, reason = (
            columns.get("status", "status"),
            columns.get("status_reason", "status_reason"),
        )
        grid = self._grid(PROPOSALS)
        rows = grid.dicts()
        for row in rows:
            proposal = str(row[grid.header[0]])
            if proposal in given:
                row[status], row[reason] = given[proposal]
        self._files[PROPOSALS] = grid.with_rows(rows).written()

    def read_decisions(
        self, conn: Connection, more: Iterable[Mapping[str, str | None]], undone: Sequence[int]
    ) -> None:
        """The rulings that stand but for those `undone`, then `more`."""
        rows = [
            (d.round, d.proposal, d.what, d.by or ERASED, d.second, d.why)
            for d in changes.decisions(conn)
            if d.id not in undone
        ]
        rows += [tuple(row.get(name) for name in _DECISION) for row in more]  # type: ignore[misc]
        if rows:
            self._files[DECISIONS] = Grid(_DECISION, rows).written()

    def files(self) -> dict[str, bytes]:
        """path → content."""
        left_out = {judge for judge, how in self._withdrawn.items() if how == "left_out"}
        for name, column in ((JUDGES, self._grid(JUDGES).header[0]), *_BY_JUDGE):
            if left_out and name in self._files:
                grid = self._grid(name)
                staying = [row for row in grid.dicts() if row[column] not in left_out]
                self._files[name] = grid.with_rows(staying).written()
        assignments = self._assignments()
        if assignments is not None:
            self._files[ASSIGNMENTS] = Grid(_ASSIGNMENT, assignments).written()
        for round_id, round_ in self._judged.items():
            keys = sorted(
                (proposal, judge)
                for of, judge, proposal in {**self._cells, **self._comments}
                if of == round_id and judge not in left_out
            )
            rows = (
                row for proposal, judge in keys for row in self._rows(round_id, judge, proposal)
            )
            self._files[round_["marks"]] = marks_csv(rows)
        return dict(sorted(self._files.items()))

    def _grid(self, path: str) -> Grid:
        return Grid.read(self._files[path])

    def _columns(self, table: str) -> dict[str, str]:
        """column → header, where a table has a column under another name."""
        source = self._rules[table]
        return dict(source.get("columns", {})) if isinstance(source, dict) else {}

    def _rows(self, round_id: str, judge: str, proposal: str) -> Iterator[Row]:
        """The rows of a ballot; its comment stands on the first."""
        cells = self._cells.get((round_id, judge, proposal), {})
        comment = self._comments.get((round_id, judge, proposal))
        criteria = self._criteria.get(self._judged[round_id]["rubric"])
        if criteria is not None:
            ranks = {criterion: n for n, criterion in enumerate(criteria)}
            last = len(ranks)
            cells = dict(sorted(cells.items(), key=lambda item: ranks.get(item[0], last)))
        for criterion in () if cells else [*(criteria or self._seen(round_id))][:1]:
            cells = {criterion: (None, "missing", None, 0)}
        for criterion, (mark, state, at, revision) in cells.items():
            cell = written(mark, state)
            yield Row(proposal, judge, criterion, cell, comment, at, str(revision))
            comment = None

    def _seen(self, round_id: str) -> dict[str, bool]:
        """The criteria of a round on which anybody has said anything, all of which count."""
        return {c: True for key, cells in self._cells.items() if key[0] == round_id for c in cells}

    def _assignments(self) -> list[tuple[str | None, ...]] | None:
        """Who is asked what where judges were withdrawn as `kept`; None where all is as it was."""
        kept = {judge for judge, how in self._withdrawn.items() if how == "kept"}
        if not kept:
            return None
        stated = (
            [tuple(row) for row in self._grid(ASSIGNMENTS).rows]
            if ASSIGNMENTS in self._files
            else []
        )
        rows: list[tuple[str | None, ...]] = []
        changed = False
        for round_id in (r["id"] for r in self._rules["rounds"]):
            named = [row for row in stated if row[0] == round_id]
            asked = self._asked(round_id, named) if round_id in self._judged else named
            fewer = [
                row
                for row in asked
                if row[1] not in kept or self._is_done(round_id, str(row[1]), str(row[2]))
            ]
            # A round without rows is everybody's; so the last judge of all stays asked.
            if fewer and len(fewer) < len(asked):
                named, changed = fewer, True
            rows += named
        return rows if changed else None

    def _asked(
        self, round_id: str, named: list[tuple[str | None, ...]]
    ) -> list[tuple[str | None, ...]]:
        """The pairs of a round: those named, else the whole panel with all proposals."""
        if named:
            return named
        panel = self._judged[round_id].get("panel")
        grid, columns = self._grid(JUDGES), self._columns("judges")
        seat = columns.get("panel", "panel")
        judges = [
            row[grid.header[0]]
            for row in grid.dicts()
            if panel is None or fold(panel) in _panels(row[seat])
        ]
        proposals = [row[0] for row in self._grid(PROPOSALS).rows]
        return [(round_id, judge, proposal) for judge in judges for proposal in proposals]

    def _is_done(self, round_id: str, judge: str, proposal: str) -> bool:
        """Whether a ballot says something on every criterion that counts."""
        cells = self._cells.get((round_id, judge, proposal), {})
        said = {
            c for c, (mark, state, _, _) in cells.items() if mark is not None or state != "missing"
        }
        known = self._criteria.get(self._judged[round_id]["rubric"]) or self._seen(round_id)
        counting = {criterion for criterion, counts in known.items() if counts}
        return bool(said) and counting <= said


_BY_JUDGE = ((CONFLICTS, "judge"), (ASSIGNMENTS, "judge"))


def _panels(text: str | None) -> set[str]:
    return {fold(name) for name in (text or "").replace("；", ";").split(";") if name.strip()}


def _local_criteria(files: Mapping[str, bytes]) -> Iterator[tuple[str, dict[str, bool]]]:
    """rubric → its criteria in their order and whether they count, of the rubrics in a folder."""
    for path, content in files.items():
        if path.startswith("rubrics/") and path.endswith(".toml"):
            rubric = tomllib.loads(content.decode())
            yield rubric["id"], {c["id"]: c.get("counts", True) for c in rubric["criteria"]}
