"""A folder → a checked competition, with every problem it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.engine.entrants import entrants
from review.errors import DataError
from review.load.attributes import Attributes, with_blind_columns, with_columns_for
from review.load.compared import refuse_live
from review.load.comparisons import read_rankings
from review.load.conflicts import read_conflicts
from review.load.facts import read_facts
from review.load.files import COMPETITION, Files
from review.load.headers import JUDGES, PROPOSALS, ROW
from review.load.marks import Rights, read_marks, tell_unknown_panels
from review.load.people import (
    JUDGE_COLUMNS,
    PROPOSAL_COLUMNS,
    known_judges,
    known_proposals,
    known_rounds,
    panels,
    read_judges,
    read_proposals,
    tell_amounts,
)
from review.load.report import Report
from review.load.rubrics import Rubrics
from review.load.rules import Rules
from review.load.rulings import read_assignments, read_decisions
from review.load.sheets import Field
from review.load.toml import checked, read_toml
from review.messages import Message
from review.model.competition import Competition, TableSource, Where
from review.model.loaded import LoadedCompetition
from review.model.problem import Place

if TYPE_CHECKING:
    from pathlib import Path

    from review.load.tables import Table
    from review.plugin.manager import Plugins


def load_competition(
    folder: Path, plugins: Plugins, *, judged_live: bool = False
) -> LoadedCompetition:
    """Read and check the competition in `folder`; what is wrong with its data is in `problems`.

    `judged_live`: files of marks may be missing, since marks come otherwise. Raises
    DataError, with all problems found, where competition.toml cannot be used at all.
    """
    report = Report()
    files = Files(folder, plugins, report, marks_later=judged_live)
    data = read_toml(files, COMPETITION)
    competition = None if data is None else checked(Competition, data, Place(COMPETITION), report)
    rubrics = Rubrics(files, plugins)
    rubrics.check_local()
    if competition is None:
        problems = report.problems()
        count = sum(problem.is_error for problem in problems)
        raise DataError(
            Message("competition_unusable", {"file": COMPETITION, "count": count}), problems
        )
    if judged_live:
        refuse_live(competition, report)
    return Loading(with_usual_tables(competition, folder), rubrics, files, plugins).run()


def with_usual_tables(competition: Competition, folder: Path) -> Competition:
    """Take the optional tables under their usual names where the rules name no others."""
    there = {
        name: TableSource(path=f"{name}.csv")
        for name in ("assignments", "decisions", "conflicts")
        if (folder / f"{name}.csv").is_file()
    }
    conflicts = competition.conflicts
    if conflicts.path is None and "conflicts" in there:
        conflicts = conflicts.model_copy(update={"path": there["conflicts"]})
    return competition.model_copy(update={
        "assignments": competition.assignments or there.get("assignments"),
        "decisions": competition.decisions or there.get("decisions"),
        "conflicts": conflicts,
    })  # fmt: skip


class Loading:
    """The steps of loading, in their order: each needs what those before it found."""

    def __init__(
        self, competition: Competition, rubrics: Rubrics, files: Files, plugins: Plugins
    ) -> None:
        self.competition = competition
        self.rubrics = rubrics.of_rounds(competition)
        self.files = files
        self.rules = Rules(competition, self.rubrics, plugins, files.report)

    def run(self) -> LoadedCompetition:
        """Read every table, check everything."""
        competition, files, report = self.competition, self.files, self.files.report
        self.rules.check()
        proposals, judges = read_proposals(files, competition), read_judges(files, competition)
        proposal_names, judge_names = known_proposals(proposals), known_judges(judges)
        field = Field(self.rubrics, known_rounds(competition), proposal_names, judge_names)
        proposal_rows = rows_of(proposals, "proposal", PROPOSAL_COLUMNS)
        judge_rows = rows_of(judges, "judge", JUDGE_COLUMNS)
        proposal_side = Attributes("proposal", proposal_rows, PROPOSALS, proposals)
        judge_side = Attributes("judge", judge_rows, JUDGES, judges)
        if proposal_names is not None:
            self.rules.check_attributes(proposal_side)
        columns = self.rules.columns(proposal_side)
        competition = with_columns_for(competition, columns, judge_side, proposal_side)
        statuses = proposal_rows.select("proposal", "status").drop_nulls()
        seats = panels(judge_rows)
        if judge_names is not None:
            tell_unknown_panels(competition, seats, report)
        conflicts = read_conflicts(
            files, competition, (proposal_side, proposal_names), (judge_side, judge_names)
        )
        assignments = read_assignments(files, competition, proposal_names, judge_names)
        facts, places = read_facts(
            files, competition, (proposals, proposal_names), self.rules.wanted_facts()
        )
        if proposals is not None and "amount" not in places:
            tell_amounts(proposals)
        if proposal_names is not None:
            self.rules.check_facts(places, proposal_side)
        of_rounds = entrants_where(competition, proposal_rows)
        rights = Rights(seats, conflicts, assignments, statuses, of_rounds)
        marks, times = read_marks(files, competition, field, rights)
        rankings = read_rankings(files, competition, field, rights)
        groups = self.rules.grouped(proposal_side)
        decisions = read_decisions(files, competition, proposal_names, statuses, groups)
        files.tell_passed_over()
        return LoadedCompetition(
            competition=competition,
            rubrics=with_blind_columns(self.rubrics, proposal_side),
            proposals=proposal_rows,
            judges=judge_rows,
            marks=marks,
            conflicts=conflicts,
            decisions=decisions,
            facts=facts,
            fact_places=places,
            assignments=assignments,
            times=times,
            rankings=rankings,
            problems=report.problems(),
            files=files.read_files,
        )


def entrants_where(competition: Competition, proposals: pl.DataFrame) -> dict[str, list[str]]:
    """round → its entrants, of rounds whose entrants are those with certain attributes."""
    return {
        round_.id: entrants(round_, proposals, {})["proposal"].to_list()
        for round_ in competition.rounds
        if isinstance(round_.entrants, Where) and {*round_.entrants.where} <= {*proposals.columns}
    }


def rows_of(table: Table | None, noun: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows of a table; none where it could not be read."""
    if table is None:
        return pl.DataFrame(schema=dict.fromkeys((noun, *columns), pl.String))
    return table.frame.drop(ROW)
