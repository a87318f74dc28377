"""Proposals, judges, conflicts, assignments and decisions: tables of the things themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from review.load import headers, numbers
from review.load.headers import ROW
from review.load.links import Known, filled
from review.load.suggest import did_you_mean
from review.load.tables import read_table, tell_flagged
from review.messages import Message
from review.model.types import fold
from review.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.load.files import Files
    from review.load.report import Row
    from review.load.tables import Table
    from review.model.competition import Competition

STATUSES = {
    fold(word): status
    for status, words in {
        "withdrawn": ("withdrawn", "退出", "撤回", "已退出", "已撤回", "弃权"),
        "disqualified": ("disqualified", "取消资格", "取消参赛资格", "不合格"),
        "absent": ("absent", "缺席", "未到场"),
    }.items()
    for word in words
}
PROPOSAL_COLUMNS = (
    "title", "team", "community", "category", "amount", "order", "status", "status_reason",
)  # fmt: skip
JUDGE_COLUMNS = ("name", "organisation", "community", "panel")


def read_proposals(files: Files, competition: Competition) -> Table | None:
    """The proposals, one row each, sorted by id; None where the table cannot be used."""
    table = read_table(files, competition.proposals, headers.PROPOSALS, "proposals", needed=True)
    if table is None:
        return None
    tell_flagged(table, table.columns)
    table = distinct(filled(table, "id"), "proposal")
    untitled = table.frame.filter(pl.col("title").is_null())
    table.report.each(untitled, lambda row: table.error("cell_required", row[ROW], "title"))
    return with_status(with_columns(table, "proposal", PROPOSAL_COLUMNS))


def read_judges(files: Files, competition: Competition) -> Table | None:
    """The judges, one row each, sorted by id; None where the table cannot be used."""
    table = read_table(files, competition.judges, headers.JUDGES, "judges", needed=True)
    if table is None:
        return None
    tell_flagged(table, table.columns)
    table = distinct(filled(table, "id"), "judge")
    return with_columns(table, "judge", JUDGE_COLUMNS)


def with_columns(table: Table, noun: str, columns: tuple[str, ...]) -> Table:
    """`id` named after what it is, the columns that every competition has put first."""
    if noun in table.columns:
        table.report.note("columns_not_read", table.place(), columns=[noun])
    frame = table.frame.drop(noun, strict=False).rename({"id": noun})
    lacking = [name for name in columns if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
    titles = [name for name in frame.columns if name.startswith("title_")]
    order = [noun, *columns[:1], *titles, *columns[1:]]
    rest = [name for name in frame.columns if name not in order]
    return table.with_frame(frame.select(*order, *rest).sort(noun))


def distinct(table: Table, noun: str) -> Table:
    """The first row of each id; the others are errors that name it."""
    if table.frame["id"].n_unique() == table.frame.height:
        return replace(table, again=table.frame.clear())
    frame = table.frame.with_columns(
        pl.col(ROW).first().over("id").alias("@first"),
    )
    again = frame.filter(pl.col("@first") != pl.col(ROW))

    def tell(row: Row) -> None:
        first = table.place(row["@first"]).row
        table.error(f"{noun}_twice", row[ROW], "id", value=row["id"], first=first)

    table.report.each(again, tell)
    kept = frame.filter(pl.col("@first") == pl.col(ROW)).drop("@first")
    return replace(table, frame=kept, again=again)


def with_status(table: Table) -> Table:
    """Statuses as the words of the product; another word is an error."""
    words = table.frame["status"].drop_nulls().unique().to_list()
    known = {word: STATUSES[fold(word)] for word in words if fold(word) in STATUSES}
    wrong = table.frame.filter(
        pl.col("status").is_not_null() & ~pl.col("status").is_in(list(known))
    ).sort(ROW)
    table.report.each(
        wrong,
        lambda row: table.error(
            "status_unknown",
            row[ROW],
            "status",
            value=row["status"],
            hint=did_you_mean(row["status"], ("withdrawn", "disqualified", "absent")),
        ),
    )
    status = pl.col("status").replace_strict(known, default=None, return_dtype=pl.String)
    return table.with_frame(table.frame.with_columns(status))


def tell_amounts(table: Table) -> None:
    """Amounts that are no number, which nothing can add up; a blank or a dash is none."""
    plain = numbers.plain_text(pl.col("amount"))
    wrong = ~plain.str.contains(numbers.NUMBER) & ~plain.is_in(["-", "/", "—"])

    def tell(row: Row) -> None:
        hint = Message("hint_decimal_point") if "," in row["amount"] else None
        table.warning("amount_not_a_number", row[ROW], "amount", value=row["amount"], hint=hint)

    table.report.each(table.frame.filter(wrong).sort(ROW), tell)


def known_proposals(table: Table | None) -> Known | None:
    """Proposals by id and title in any language."""
    if table is None or table.frame.is_empty():
        return None
    languages = {f"title_{language}" for language in LANGUAGES}
    titles = [name for name in table.frame.columns if name == "title" or name in languages]
    return known_things(table, "proposal", titles)


def known_judges(table: Table | None) -> Known | None:
    """Judges by id and name."""
    if table is None or table.frame.is_empty():
        return None
    return known_things(table, "judge", ["name"])


def known_things(table: Table, noun: str, names: Sequence[str]) -> Known:
    """Things by id and names; the names of rows that repeat an id are known as well."""
    frame = table.frame.select(noun, *names)
    again = table.again.select("id", *(name for name in names if name in table.again.columns))

    def named() -> Iterator[tuple[str, tuple[str | None, ...]]]:
        for row in chain(frame.iter_rows(), again.iter_rows()):
            yield row[0], row[1:]

    return Known(noun, frame[noun], named, again["id"].to_list())


def known_rounds(competition: Competition) -> Known:
    """Rounds by id and title in any language."""
    named = [(round_.id, tuple(round_.title.values())) for round_ in competition.rounds]
    return Known("round", (identity for identity, _ in named), lambda: named)


def panels(judges: pl.DataFrame) -> dict[str, frozenset[str]]:
    """panel (folded, as the engine compares) → its judges; a judge may serve on several (`a;b`)."""
    split = judges.select(
        "judge", pl.col("panel").str.replace_all("；", ";", literal=True).str.split(";")
    ).explode("panel")
    found: dict[str, set[str]] = {}
    for judge, panel in split.iter_rows():
        if panel and panel.strip():
            found.setdefault(fold(panel), set()).add(judge)
    return {name: frozenset(members) for name, members in found.items()}
