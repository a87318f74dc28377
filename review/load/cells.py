"""Tables of marks, long or wide, made into one long frame of cells as they were written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import polars as pl

from review.load import headers
from review.load.headers import ROW, WIDE
from review.load.links import filled, identified, link
from review.load.numbers import NUMBER
from review.load.sheets import asks, mark_tables, with_criteria
from review.load.suggest import closest
from review.load.tables import closest_header, tell_flagged
from review.load.words import loose
from review.messages import Message
from review.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from review.load.files import Files
    from review.load.report import Report, Row
    from review.load.sheets import Ask, Field
    from review.load.tables import Table
    from review.model.competition import Competition

TABLE, COLUMN = "@table", "@column"
#: `text` is the mark as written; `@table`, `@row` and `@column` say where.
CELLS = {
    "round": pl.String,
    "proposal": pl.String,
    "judge": pl.String,
    "criterion": pl.String,
    "text": pl.String,
    "comment": pl.String,
    "at": pl.String,
    "revision": pl.String,
    ROW: pl.UInt32,
    COLUMN: pl.String,
    TABLE: pl.UInt32,
}
BASE = ("round", "proposal", "judge", "comment", "at", "revision", ROW)
USED = ("proposal", "judge", "round", "revision")
# What people keep beside marks: no criteria under a wrong name.
BESIDE = frozenset(
    loose(name)
    for layout in (headers.PROPOSALS, headers.JUDGES, headers.MARKS)
    for column, names in layout.columns.items()
    for name in (column, *names)
) | frozenset(
    map(loose, ("序号", "no", "no.", "#", "签名", "签字", "signature", "排名", "名次", "rank"))
)
TOTAL_COLUMNS = frozenset(
    map(loose, ("总分", "合计", "总计", "平均分", "平均", "total", "sum", "average", "mean"))
)

Shape = Literal["long", "wide", "single"]


@dataclass(frozen=True)
class Cells:
    """The cells of all tables; `@table` is the number of a row's table in `tables`.

    `files`: the files of each round that were read.
    """

    frame: pl.DataFrame
    tables: Sequence[Table]
    files: Mapping[str, set[str]]
    report: Report

    def each(self, rows: pl.DataFrame, tell: Callable[[Table, Row], None]) -> None:
        """Tell rows of several tables and columns, by place."""
        if rows.is_empty():
            return
        for (number, _), part in rows.sort(TABLE, COLUMN, ROW).group_by(
            TABLE, COLUMN, maintain_order=True
        ):
            self.report.each(part, partial(tell, self.tables[number]))

    def with_frame(self, frame: pl.DataFrame) -> Cells:
        """The same tables with other cells."""
        return replace(self, frame=frame)


@dataclass(frozen=True)
class Read:
    """What tables were found to hold: the files of each round, and by file what to tell once.

    `named`: header → criterion, `unread`: headers.
    """

    files: dict[str, set[str]] = dataclass_field(default_factory=dict)
    named: dict[str, dict[str, str]] = dataclass_field(default_factory=dict)
    unread: dict[str, dict[str, None]] = dataclass_field(default_factory=dict)

    def tell(self, report: Report) -> None:
        """A note on criteria that go under another name, and one on columns that are not read."""
        for file, names in self.named.items():
            pairs = [f"{header} → {identity}" for header, identity in names.items()]
            report.note("criteria_by_name", Place(file), columns=pairs)
        for file, unread in self.unread.items():
            report.note("columns_not_read", Place(file), columns=list(unread))


def read_cells(files: Files, competition: Competition, field: Field) -> Cells:
    """Every cell of every table of marks, as written (columns `CELLS`)."""
    frames = [pl.DataFrame(schema=CELLS)]
    tables: list[Table] = []
    read = Read()
    for ask in asks(competition):
        rubrics = [field.rubrics[name] for name in ask.rounds if name in field.rubrics]
        layout = with_criteria(headers.MARKS, rubrics)
        for table in mark_tables(files, ask, layout, field):
            for name in ask.rounds:
                read.files.setdefault(name, set()).add(table.file)
            cells = cells_of(table, ask, field, read)
            if cells is not None:
                number = pl.lit(len(tables), pl.UInt32).alias(TABLE)
                frames.append(cells.with_columns(number).select(list(CELLS)))
                tables.append(table)
    read.tell(files.report)
    return Cells(pl.concat(frames), tables, read.files, files.report)


def cells_of(table: Table, ask: Ask, field: Field, read: Read) -> pl.DataFrame | None:
    """The cells of one table in known rounds; None where it has no marks.

    The proposal or judge of a row is null where that is unknown (reported).
    """
    shape = shape_of(table, ask, field, read)
    if shape is None:
        return None
    table = identified(table, "proposal", field.proposals)
    table = in_rounds(identified(table, "judge", field.judges), ask, field)
    frame = table.frame
    lacking = [name for name in ("comment", "at", "revision") if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
    if shape == "wide":
        return unpivoted(frame, [name for name in table.columns if name.startswith(WIDE)])
    if shape == "single":
        only = criteria_of(ask, field)
        frame = frame.with_columns(pl.lit(next(iter(only))).alias("criterion"))
    else:
        frame = filled(table.with_frame(frame), "criterion").frame
    return frame.select(*BASE, "criterion", text="mark").with_columns(pl.lit("mark").alias(COLUMN))


def unpivoted(frame: pl.DataFrame, wide: Sequence[str]) -> pl.DataFrame:
    """One row per proposal, judge and criterion."""
    long = frame.select(*BASE, *wide).unpivot(
        wide, index=list(BASE), variable_name=COLUMN, value_name="text"
    )
    return long.with_columns(pl.col(COLUMN).str.strip_prefix(WIDE).alias("criterion"))


def in_rounds(table: Table, ask: Ask, field: Field) -> Table:
    """The rows of each round that names the table; one with a column of rounds serves several."""
    usable = [name for name in ask.rounds if name in field.rubrics]
    if "round" not in table.frame.columns:
        rounds = pl.DataFrame({"round": usable}, schema={"round": pl.String})
        return table.with_frame(table.frame.join(rounds, how="cross"))
    frame = table.frame
    if len(ask.rounds) == 1:
        frame = frame.with_columns(pl.col("round").fill_null(ask.rounds[0]))
    table = link(table.with_frame(frame), "round", field.rounds)
    elsewhere = table.frame.filter(~pl.col("round").is_in(ask.rounds))

    def tell(row: Row) -> None:
        table.error("round_not_here", row[ROW], "round", value=row["round"],
                    rounds=list(ask.rounds))  # fmt: skip

    table.report.each(elsewhere, tell)
    return table.with_frame(table.frame.filter(pl.col("round").is_in(usable)))


def criteria_of(ask: Ask, field: Field) -> dict[str, list[str]]:
    """The criteria of the rounds that name a table: id → what they are called."""
    rubrics = [field.rubrics[name] for name in ask.rounds if name in field.rubrics]
    return {c.id: [c.id, *c.title.values()] for rubric in rubrics for c in rubric.criteria}


def shape_of(table: Table, ask: Ask, field: Field, read: Read) -> Shape | None:
    """How a table holds its marks; None where it holds none (reported).

    `single`: a `mark` for the only criterion that the rubric has. Tells columns that are not read.
    """
    criteria = criteria_of(ask, field)
    if not criteria:
        return None  # the rubric is missing or wrong, which was told
    wide = [name for name in table.columns if name.startswith(WIDE)]
    if "criterion" in table.columns:
        tell_flagged(table, (*USED, "criterion", "mark"))
        tell_unread(table, {}, read)
        if "mark" in table.columns:
            return "long"
        table.error_at_header("column_missing", value="mark", hint=told_headers(table))
        return None
    if wide:
        tell_flagged(table, (*USED, *wide))
        free = {name: words for name, words in criteria.items() if WIDE + name not in wide}
        tell_unread(table, free, read, criteria if free else {})
        for name in wide:
            header, identity = table.columns[name].header, name.removeprefix(WIDE)
            if header != identity:
                read.named.setdefault(table.file, {})[header] = identity
        return "wide"
    if "mark" in table.columns and len(criteria) == 1:
        tell_flagged(table, (*USED, "mark"))
        tell_unread(table, {}, read)
        return "single"
    known = [word for words in criteria.values() for word in words]
    hint = closest_header(known, list(free_columns(table).values())) or told_headers(table)
    table.error_at_header("marks_without_criteria", hint=hint)
    return None


def told_headers(table: Table) -> Message:
    """A hint with the headers that are there."""
    return Message("hint_headers", {"names": [c.header for c in table.columns.values()]})


def free_columns(table: Table) -> dict[str, str]:
    """column → header of the columns that are none of a table of marks."""
    return {
        name: column.header
        for name, column in table.columns.items()
        if name.strip() == column.header and name not in headers.MARKS.columns
    }


def tell_unread(
    table: Table,
    free: Mapping[str, Sequence[str]],
    read: Read,
    others: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Columns that are not read: an error where a criterion may be meant, else for a note.

    `free` are the criteria that have no column; `others` those that numbers may be meant for where
    some have none. Nothing is said of what people keep beside marks.
    """
    words = {word: identity for identity, names in free.items() for word in names}
    further = {word: identity for identity, names in others.items() for word in names}
    for name, header in free_columns(table).items():
        column, bare = table.frame[name], headers.without_points(header)
        beside = loose(bare) in BESIDE
        if not holds_numbers(column) if beside else column.is_null().all():
            continue
        meant = closest(bare, words) or (closest(bare, further) if holds_numbers(column) else None)
        meant = None if loose(bare) in TOTAL_COLUMNS else meant
        if meant is not None:
            # In the language of the header, where the criterion has a title in it.
            hint = Message("hint_did_you_mean", {"name": meant})
            table.error_at_header("criterion_unknown", name, value=header, hint=hint)
        elif not beside:
            read.unread.setdefault(table.file, {})[header] = None


def holds_numbers(column: pl.Series) -> bool:
    """Whether any cell is a number."""
    return bool(column.drop_nulls().str.contains(NUMBER).any())
