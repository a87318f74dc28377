"""The marks of a competition: every cell once, exact, and held against who may mark what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from review.load.cells import COLUMN, TABLE, read_cells
from review.load.revisions import latest_revisions, with_revision
from review.load.suggest import did_you_mean
from review.load.tables import ROW
from review.load.values import each_place, with_criteria, with_values
from review.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from review.load.files import Files
    from review.load.report import Report
    from review.load.sheets import Field
    from review.load.tables import Table
    from review.model.competition import Competition

MARKS = ("round", "proposal", "judge", "criterion", "value", "state", "comment")
BALLOT = ["round", "judge", "proposal"]


@dataclass(frozen=True)
class Rights:
    """Who may mark what: panels, conflicts, assignments; and which proposals have a status."""

    panels: Mapping[str, Collection[str]]
    conflicts: pl.DataFrame
    assignments: pl.DataFrame | None
    statuses: pl.DataFrame


def read_marks(
    files: Files, competition: Competition, field: Field, rights: Rights
) -> pl.DataFrame:
    """All marks (`round` … `comment`), one row per cell after revisions, sorted by their first four columns."""
    report = files.report
    cells, tables = read_cells(files, competition, field)
    cells = with_revision(cells, tables, report)
    cells = with_criteria(cells, field.rubrics, tables, report)
    cells = latest_revisions(with_values(cells, field.rubrics, tables, report), tables, report)
    ballots = (
        cells.filter(pl.col("state").is_null())
        .sort(TABLE, ROW, maintain_order=True)
        .unique(BALLOT, keep="first", maintain_order=True)
    )
    tell_not_on_panel(ballots, competition, rights, tables, report)
    tell_in_conflict(ballots, competition, rights, tables, report)
    tell_with_status(ballots, rights, tables, report)
    if rights.assignments is not None:
        unasked = ballots.join(rights.assignments, on=BALLOT, how="anti", maintain_order="left")
        each_place(unasked, report, at_judge(tables, report.warning, "mark_not_assigned"))
    tell_unmarked(cells, field, competition, report)
    return cells.select(MARKS).sort(MARKS[:4])


def at_judge(
    tables: list[Table], tell: Callable[..., None], code: str, **params: object
) -> Callable[[Mapping[str, object]], None]:
    """Tells of a ballot at the place of its first mark."""

    def say(row: Mapping[str, object]) -> None:
        table, number, column = tables[int(str(row[TABLE]))], int(str(row[ROW])), str(row[COLUMN])
        names = {name: row[name] for name in BALLOT}
        reason = {"reason": row["reason"] or "—"} if "reason" in row else {}
        tell(code, table.place(number, column), at=table.at(number, column), value=row["judge"],
             **names, **reason, **params)  # fmt: skip

    return say


def tell_not_on_panel(
    ballots: pl.DataFrame,
    competition: Competition,
    rights: Rights,
    tables: list[Table],
    report: Report,
) -> None:
    """Marks by a judge who does not sit on the panel of the round."""
    for round_ in competition.rounds:
        if round_.panel in rights.panels:
            members = list(rights.panels[round_.panel])
            others = ballots.filter(
                (pl.col("round") == round_.id) & ~pl.col("judge").is_in(members)
            )
            say = at_judge(tables, report.error, "judge_not_on_panel", panel=round_.panel)
            each_place(others, report, say)


def tell_in_conflict(
    ballots: pl.DataFrame,
    competition: Competition,
    rights: Rights,
    tables: list[Table],
    report: Report,
) -> None:
    """Marks that a conflict of interest forbids; those of excluded ones stay in the frame."""
    found = ballots.join(rights.conflicts, on=["judge", "proposal"], maintain_order="left")
    if competition.conflicts.marks == "refuse":
        each_place(found, report, at_judge(tables, report.error, "mark_in_conflict"))
    else:
        each_place(found, report, at_judge(tables, report.warning, "mark_in_conflict_excluded"))


def tell_with_status(
    ballots: pl.DataFrame, rights: Rights, tables: list[Table], report: Report
) -> None:
    """Marks of proposals that are withdrawn, disqualified or absent: once for each round."""
    found = ballots.join(rights.statuses, on="proposal", maintain_order="left").unique(
        ["round", "proposal"], keep="first", maintain_order=True
    )

    def say(row: Mapping[str, object]) -> None:
        table, number = tables[int(str(row[TABLE]))], int(str(row[ROW]))
        report.note("mark_with_status", table.place(number, "proposal"),
                    at=table.at(number, "proposal"), value=row["proposal"],
                    proposal=row["proposal"], status=row["status"])  # fmt: skip

    each_place(found, report, say)


def tell_unmarked(
    cells: pl.DataFrame, field: Field, competition: Competition, report: Report
) -> None:
    """Criteria for which nobody gave a mark, in rounds that have any."""
    numbers = cells.filter(pl.col("state").is_null())
    marked = set(numbers.select("round", "criterion").unique().iter_rows())
    for round_ in competition.rounds:
        rubric = field.rubrics.get(round_.id)
        criteria = [criterion.id for criterion in rubric.criteria] if rubric else []
        unmarked = [name for name in criteria if (round_.id, name) not in marked]
        place = Place("competition.toml", column=f"rounds.{round_.id}.marks")
        if len(unmarked) < len(criteria):
            for name in unmarked:
                report.warning("criterion_not_marked", place, value=name, round=round_.id)
        elif round_.marks and criteria:
            report.warning("round_not_marked", place, value=round_.id)


def tell_unknown_panels(
    competition: Competition, panels: Mapping[str, Collection[str]], report: Report
) -> None:
    """Panels that no judge sits on."""
    for round_ in competition.rounds:
        if round_.panel is not None and round_.panel not in panels:
            place = Place("competition.toml", column=f"rounds.{round_.id}.panel")
            hint = did_you_mean(round_.panel, sorted(panels))
            report.error("panel_empty", place, value=round_.panel, hint=hint)
