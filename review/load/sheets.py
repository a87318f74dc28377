"""Finding the tables of marks: a file, several, a glob, a workbook with one sheet a judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from review.load import headers
from review.load.headers import WIDE
from review.load.suggest import did_you_mean
from review.load.tables import as_table, columns_of, header_row, pick_sheets
from review.load.words import loose
from review.messages import Message
from review.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.load.files import Files
    from review.load.headers import Layout
    from review.load.links import Known
    from review.load.report import Report
    from review.load.tables import Table
    from review.model.competition import Competition, TableSource
    from review.model.rubric import Rubric
    from review.plugin.parts import Sheet

SUMMARIES = frozenset(
    map(loose, ("汇总", "总表", "汇总表", "成绩汇总", "summary", "total", "totals", "overview"))
)


@dataclass(frozen=True)
class Ask:
    """A source of marks, comparisons or rankings, and the rounds that name it."""

    source: TableSource
    key: str
    rounds: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """What marks may speak of."""

    rubrics: Mapping[str, Rubric]
    rounds: Known
    proposals: Known | None
    judges: Known | None

    def doubted(self) -> dict[str, list[str]]:
        """noun → the ids that stand for several things, which was told."""
        there = [known for known in (self.proposals, self.judges) if known is not None]
        return {known.noun: list(known.twice) for known in there if known.twice}


def asks(
    competition: Competition, kind: Literal["marks", "comparisons", "rankings"] = "marks"
) -> list[Ask]:
    """Each source of marks, comparisons or rankings once, however many rounds name it."""
    found: dict[str, Ask] = {}
    for round_ in competition.rounds:
        sources: Sequence[TableSource] = getattr(round_, kind)
        for number, source in enumerate(sources, start=1):
            key = f"rounds.{round_.id}.{kind}" + (f".{number}" if len(sources) > 1 else "")
            ask = found.setdefault(source.model_dump_json(), Ask(source, key, ()))
            if round_.id not in ask.rounds:
                found[source.model_dump_json()] = replace(ask, rounds=(*ask.rounds, round_.id))
    return list(found.values())


def with_criteria(layout: Layout, rubrics: Sequence[Rubric]) -> Layout:
    """The layout with a column per criterion, under its id or a title that only one has."""
    titles: dict[str, set[str]] = {}
    criteria = {c.id: None for rubric in rubrics for c in rubric.criteria}
    for rubric in rubrics:
        for criterion in rubric.criteria:
            for title in criterion.title.values():
                titles.setdefault(loose(title), set()).add(criterion.id)
    columns = dict(layout.columns)
    ids = set(map(loose, criteria))
    for criterion_id in criteria:
        own = [
            title
            for title, ids in titles.items()
            if ids == {criterion_id} and layout.find(title) is None
        ]
        # An organiser's table may have a criterion under a name that is an alias elsewhere.
        columns[WIDE + criterion_id] = (criterion_id, *own)
    for name, aliases in layout.columns.items():
        columns[name] = tuple(alias for alias in aliases if loose(alias) not in ids)
    return replace(layout, columns=columns)


def mark_tables(files: Files, ask: Ask, layout: Layout, field: Field) -> Iterator[Table]:
    """The tables of a source: each file of a glob, each sheet that holds marks."""
    report = files.report
    source = renamed(ask.source, layout)
    found = [
        (name, sheet)
        for name in files.find(source.path, ask.key)
        for sheet in files.sheets(name, source.encoding, ask.key)
    ]
    candidates = pick_sheets(found, source, ask.key, files)
    several = len(candidates) > 1
    read: set[str] = set()
    for name, sheet in candidates:
        if several and not holds_marks(sheet, layout, source):
            files.pass_over(name, sheet, "sheet_without_marks")
            continue
        files.use(name, sheet)
        table = as_table(name, sheet, source, layout, report)
        judged = None if table is None else with_judge(table, field, several=several)
        if judged is not None:
            read.add(name)
            if judged.frame.is_empty():
                report.warning("table_empty", judged.place())
            yield judged
    tell_unread(candidates if source.sheet else found, read, layout, report)


def tell_unread(
    found: Sequence[tuple[str, Sheet]], read: set[str], layout: Layout, report: Report
) -> None:
    """Files of which no sheet holds marks, where nothing else was told of them.

    An error where no file has any; of several files one may be of another kind.
    """
    criteria = [name.removeprefix(WIDE) for name in layout.columns if name.startswith(WIDE)]
    hint = Message("hint_columns_of_marks", {"names": criteria})
    for name in dict.fromkeys(name for name, _ in found):
        if name in read or name in report.wrong_files:
            continue
        if not read:
            report.error("file_without_marks", Place(name), hint=hint)
        elif all(sheet.cells.is_empty() for file, sheet in found if file == name):
            report.warning("file_without_marks", Place(name), hint=hint)


def renamed(source: TableSource, layout: Layout) -> TableSource:
    """The organiser's mapping of columns, where criteria go under their plain ids."""
    columns = {
        (
            WIDE + name
            if WIDE + name in layout.columns and name not in headers.MARKS.columns
            else name
        ): header
        for name, header in source.columns.items()
    }
    return source.model_copy(update={"columns": columns})


def holds_marks(sheet: Sheet, layout: Layout, source: TableSource) -> bool:
    """Whether a sheet has a header row of marks: a proposal, and a mark or a criterion."""
    header = header_row(sheet, source, layout)
    if header is None:
        return False
    columns = columns_of(sheet, header, layout, source)[0]
    return "proposal" in columns and any(c == "mark" or c.startswith(WIDE) for c in columns)


def with_judge(table: Table, field: Field, *, several: bool) -> Table | None:
    """A table without a judge column is that of the judge whom its sheet or file is named after."""
    if "judge" in table.columns:
        return table
    names = [n for n in (table.sheet.name, Path(table.file).stem) if n]
    if field.judges is None:
        return table.with_frame(table.frame.with_columns(pl.lit(names[0]).alias("judge")))
    for word in names:
        found = field.judges.find(word)
        if len(found) == 1:
            (judge,) = found
            if word != judge:
                table.report.note("judge_by_sheet", table.place(), value=word, id=judge)
            return table.with_frame(table.frame.with_columns(pl.lit(judge).alias("judge")))
    if several and loose(names[0]) in SUMMARIES:
        table.report.warning("sheet_is_summary", table.place(), value=names[0])
        return None
    hint = did_you_mean(names[0], field.judges.names, sorted(field.judges.ids))
    table.report.error("judge_not_told", table.place(), value=names[0], hint=hint)
    return None
