"""The marks of a competition: every cell once, exact, and held against who may mark what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.load.cells import COLUMN, TABLE, read_cells
from review.load.files import COMPETITION
from review.load.gaps import tell_incomplete
from review.load.headers import ROW
from review.load.moments import moments
from review.load.revisions import REVISION, latest_revisions, with_revision
from review.load.suggest import did_you_mean
from review.load.values import with_criteria, with_values
from review.model.problem import Place, Severity
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from review.load.cells import Cells
    from review.load.files import Files
    from review.load.report import Report, Row
    from review.load.sheets import Field
    from review.load.tables import Table
    from review.model.competition import Competition

MARKS = ("round", "proposal", "judge", "criterion", "value", "state", "comment")
TIMES = (*MARKS[:4], "at")
BALLOT = ["round", "judge", "proposal"]


@dataclass(frozen=True)
class Rights:
    """Who may mark what: panels, conflicts, assignments; and which proposals have a status.

    `entrants`: the proposals of each round whose attributes say who is in it.
    """

    panels: Mapping[str, Collection[str]]
    conflicts: pl.DataFrame
    assignments: pl.DataFrame | None
    statuses: pl.DataFrame
    entrants: Mapping[str, Collection[str]]


def read_marks(
    files: Files, competition: Competition, field: Field, rights: Rights
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """All marks (columns `MARKS`), one row per cell after revisions, sorted by the first four.

    Beside them the moments of those that have one (columns `TIMES`), None where none has.
    """
    cells = with_criteria(with_revision(read_cells(files, competition, field)), field.rubrics)
    # Nothing is left out before all that is wrong with a row is told.
    cells = with_values(cells, field.rubrics)
    cells = cells.with_frame(cells.frame.drop_nulls(["proposal", "judge", REVISION]))
    cells = latest_revisions(without_doubted(cells, field))
    numbers = cells.frame.filter(pl.col("state").is_null())
    ballots = numbers.sort(TABLE, ROW, maintain_order=True).unique(
        BALLOT, keep="first", maintain_order=True
    )
    ballots_only = cells.with_frame(ballots)
    tell_not_on_panel(ballots_only, competition, rights)
    tell_in_conflict(ballots_only, competition, rights)
    tell_with_status(ballots_only, rights)
    if rights.assignments is not None:
        unasked = ballots.join(rights.assignments, on=BALLOT, how="anti", maintain_order="left")
        cells.each(unasked, at_judge(Severity.WARNING, "mark_not_assigned"))
    tell_incomplete(cells, competition, field, rights)
    if not field.doubted():
        tell_unmarked(numbers, cells, field, competition)
    return cells.frame.select(MARKS).sort(MARKS[:4]), times(cells)


def times(cells: Cells) -> pl.DataFrame | None:
    """When each mark was given, as far as its table says; None where no table says."""
    stated = cells.frame.filter(pl.col("at").is_not_null())
    if stated.is_empty():
        return None
    read = stated.with_columns(moment=moments(pl.col("at")))
    unread = read.filter(pl.col("moment").is_null()).unique(
        [TABLE, ROW], keep="first", maintain_order=True
    )
    cells.each(
        unread,
        lambda table, row: table.note("mark_time_unreadable", row[ROW], "at", value=row["at"]),
    )
    known = read.drop_nulls("moment").with_columns(at="moment")
    return known.select(TIMES).sort(TIMES[:4]) if known.height else None


def without_doubted(
    cells: Cells, field: Field, proposals: Collection[str] = ("proposal",)
) -> Cells:
    """The cells but for ids that stand for several things: all else would follow from that.

    `proposals`: the columns that hold ids of proposals.
    """
    frame = cells.frame
    for noun, ids in field.doubted().items():
        for column in proposals if noun == "proposal" else (noun,):
            frame = frame.filter(~pl.col(column).is_in(ids))
    return cells.with_frame(frame)


def at_judge(severity: Severity, code: str, **params: object) -> Callable[[Table, Row], None]:
    """Tells of a ballot at the place of its first mark."""

    def tell(table: Table, row: Row) -> None:
        told = {name: row[name] for name in BALLOT}
        reason = {"reason": row["reason"] or "—"} if "reason" in row else {}
        say = table.error if severity is Severity.ERROR else table.warning
        say(code, row[ROW], row[COLUMN], value=row["judge"], **told, **reason, **params)

    return tell


def tell_not_on_panel(ballots: Cells, competition: Competition, rights: Rights) -> None:
    """Marks by a judge who does not sit on the panel of the round."""
    for round_ in competition.rounds:
        if round_.panel is not None and fold(round_.panel) in rights.panels:
            members = list(rights.panels[fold(round_.panel)])
            outside = (pl.col("round") == round_.id) & ~pl.col("judge").is_in(members)
            tell = at_judge(Severity.ERROR, "judge_not_on_panel", panel=round_.panel)
            ballots.each(ballots.frame.filter(outside), tell)


def tell_in_conflict(ballots: Cells, competition: Competition, rights: Rights) -> None:
    """Marks that a conflict of interest forbids; those that do not count stay in the frame."""
    found = ballots.frame.join(rights.conflicts, on=["judge", "proposal"], maintain_order="left")
    if competition.conflicts.marks == "refuse":
        ballots.each(found, at_judge(Severity.ERROR, "mark_in_conflict"))
    else:
        ballots.each(found, at_judge(Severity.WARNING, "mark_in_conflict_excluded"))


def tell_with_status(ballots: Cells, rights: Rights) -> None:
    """Marks of proposals that are withdrawn, disqualified or absent: once for each round."""
    found = ballots.frame.join(rights.statuses, on="proposal", maintain_order="left").unique(
        ["round", "proposal"], keep="first", maintain_order=True
    )

    def tell(table: Table, row: Row) -> None:
        told = {"value": row["proposal"], "proposal": row["proposal"], "status": row["status"]}
        table.note("mark_with_status", row[ROW], "proposal", **told)

    ballots.each(found, tell)


def tell_unmarked(
    numbers: pl.DataFrame, cells: Cells, field: Field, competition: Competition
) -> None:
    """Criteria for which nobody gave a mark, and rounds without any.

    Nothing is said of rounds with an error in their files: that may be why.
    """
    report = cells.report
    marked = set(numbers.select("round", "criterion").unique().iter_rows())
    for round_ in competition.rounds:
        files = cells.files.get(round_.id, set())
        if not files or files & report.wrong_files or round_.id not in field.rubrics:
            continue
        criteria = [criterion.id for criterion in field.rubrics[round_.id].criteria]
        unmarked = [name for name in criteria if (round_.id, name) not in marked]
        place = Place(COMPETITION, column=f"rounds.{round_.id}.marks")
        if len(unmarked) == len(criteria):
            report.warning("round_not_marked", place, value=round_.id)
            continue
        for name in unmarked:
            report.warning("criterion_not_marked", place, value=name, round=round_.id)


def tell_unknown_panels(
    competition: Competition, panels: Mapping[str, Collection[str]], report: Report
) -> None:
    """Panels that no judge sits on."""
    for round_ in competition.rounds:
        if round_.panel is not None and fold(round_.panel) not in panels:
            place = Place(COMPETITION, column=f"rounds.{round_.id}.panel")
            hint = did_you_mean(round_.panel, sorted(panels))
            report.error("panel_empty", place, value=round_.panel, hint=hint)
