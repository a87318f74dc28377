"""Ids that lost their leading zeros, which spreadsheets drop from what looks like a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from review.load import headers
from review.load.headers import ROW
from review.load.words import loose
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.load.links import Known
    from review.load.tables import Table

#: noun → the headers under which its name stands beside its id.
NAMES = {
    "proposal": frozenset(
        map(loose, ("title", "项目", "提案", "作品", *headers.PROPOSALS.columns["title"]))
    ),
    "judge": frozenset(
        map(loose, ("name", "评委", "专家", "评审", *headers.JUDGES.columns["name"]))
    ),
}


def tell_zeros(table: Table, column: str, known: Known, zeros: Mapping[str, str]) -> None:
    """Tell of ids (as written → in full) that lost zeros: one error for the table and its column.

    An id is never guessed: a note is enough only where names beside the ids bear them out.
    """
    named = column_of_names(table, column, known.noun)
    sure = {} if named is None else borne_out(table, column, named, known, zeros)
    tell_lost(table, column, {word: full for word, full in zeros.items() if word not in sure})
    rows = table.frame.filter(pl.col(column).is_in(list(sure)))
    for row in rows.head(1).iter_rows(named=True):
        pairs = [f"{word} → {full}" for word, full in sure.items()]
        header = table.columns[named or column].header
        table.note("zeros_by_name", row[ROW], column, header=header, ids=pairs)


def column_of_names(table: Table, column: str, noun: str) -> str | None:
    """The column where the names stand of what `column` has the ids of."""
    names = NAMES.get(noun, frozenset())
    others = (name for name in table.columns if name != column)
    return next((name for name in others if loose(table.columns[name].header) in names), None)


def borne_out(
    table: Table, column: str, named: str, known: Known, zeros: Mapping[str, str]
) -> dict[str, str]:
    """The ids beside which stand only names of that very thing, and at least one."""
    pairs = table.frame.select(column, named).drop_nulls().unique()
    found: dict[str, set[frozenset[str]]] = {}
    for word, name in pairs.filter(pl.col(column).is_in(list(zeros))).iter_rows():
        found.setdefault(word, set()).add(known.find(name))
    return {word: full for word, full in zeros.items() if found.get(word) == {frozenset((full,))}}


def tell_lost(table: Table, column: str, zeros: Mapping[str, str]) -> None:
    """One error for all ids that lost zeros, at the first of them."""
    rows = table.frame.filter(pl.col(column).is_in(list(zeros)))
    for row in rows.head(1).iter_rows(named=True):
        word = row[column]
        code = "hint_zeros_lost" if len(word) < len(zeros[word]) else "hint_zeros_lost_there"
        hint = Message(code, {"value": word, "id": zeros[word]})
        table.error("zeros_lost", row[ROW], column, value=word, count=rows.height, hint=hint)
