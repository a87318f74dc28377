"""Matching what a table says with the judges, proposals and rounds there are."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from review.load.headers import ROW
from review.load.suggest import did_you_mean
from review.load.words import loose
from review.load.zeros import tell_zeros
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from review.load.report import Row
    from review.load.tables import Table

    Named = Callable[[], Iterable[tuple[str, Sequence[str | None]]]]


class Known:
    """Things by id and by name; `noun` (proposal, judge …) begins the codes of messages.

    Ids are matched as written; an id in another case or width, or a unique name, is noted.
    """

    def __init__(
        self, noun: str, ids: Iterable[str], names: Named, twice: Sequence[str] = ()
    ) -> None:
        """`names` gives every (id, names), and is asked only if an id is not found as written.

        `twice` are the ids of rows that were left out because their id was there before.
        """
        self.noun = noun
        self.ids = frozenset(ids)
        self.twice = tuple(twice)
        self._named = names

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ids, then all other names."""
        others = [name for _, names in self._named() for name in names if name]
        return (*sorted(self.ids), *others)

    def find(self, text: str) -> frozenset[str]:
        """The ids that a text may mean."""
        if text in self.ids:
            return frozenset((text,))
        return frozenset(self._by_word.get(loose(text), ()))

    def with_zeros(self, text: str) -> str | None:
        """The one id that differs from a number in leading zeros alone: spreadsheets drop them."""
        found = self._by_number.get(text.lstrip("0"), ()) if text.isdecimal() else ()
        return found[0] if len(found) == 1 else None

    @cached_property
    def _by_number(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for identity in self.ids:
            if identity.isdecimal():
                found[identity.lstrip("0")].append(identity)
        return found

    @cached_property
    def _by_word(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for identity, names in self._named():
            for name in (identity, *names):
                if name:
                    found[loose(name)].add(identity)
        return found


def link(table: Table, column: str, known: Known | None) -> Table:
    """The table with ids in `column`; rows where it is blank or unknown are reported and left out.

    `known` is None where the table of those things could not be read: then nothing is compared.
    """
    table = identified(table, column, known)
    return table.with_frame(table.frame.filter(pl.col(column).is_not_null()))


def link_both(table: Table, judges: Known | None, proposals: Known | None) -> Table:
    """The table with ids of judges and proposals; both may be wrong in one row."""
    table = identified(identified(table, "judge", judges), "proposal", proposals)
    return table.with_frame(table.frame.drop_nulls(["judge", "proposal"]))


def identified(table: Table, column: str, known: Known | None) -> Table:
    """The table as `link` gives it, with null where nothing is known: more may be wrong there."""
    tell_blank(table, column)
    if known is None:
        return table
    words = set(table.frame[column].drop_nulls().unique()) - known.ids
    found = {word: known.find(word) for word in sorted(words)}
    sure = {word: next(iter(ids)) for word, ids in found.items() if len(ids) == 1}
    named = {word: identity for word, identity in sure.items() if identity not in known.twice}
    tell_by_name(table, column, known.noun, named)
    unsure = [word for word in found if word not in sure]
    zeros = {word: full for word in unsure if (full := known.with_zeros(word)) and not found[word]}
    if zeros:
        tell_zeros(table, column, known, zeros)
        # What else is wrong with those rows is told as well.
        sure |= zeros
        unsure = [word for word in unsure if word not in zeros]
    tell_unknown(table, column, known, unsure)
    ids = {**sure, **dict.fromkeys(unsure)}
    if not ids:
        return table
    replaced = pl.col(column).replace(list(ids), pl.Series(list(ids.values()), dtype=pl.String))
    return table.with_frame(table.frame.with_columns(replaced))


def filled(table: Table, column: str) -> Table:
    """The table without the rows where a needed cell is blank, which are reported."""
    tell_blank(table, column)
    return table.with_frame(table.frame.filter(pl.col(column).is_not_null()))


def tell_blank(table: Table, column: str) -> None:
    """Blanks where a value is needed, but for cells that a reader complained about."""
    if table.frame[column].has_nulls():
        told = table.flagged_rows(column)
        blank = table.frame.filter(pl.col(column).is_null() & ~pl.col(ROW).is_in(told))
        table.report.each(blank, lambda row: table.error("cell_required", row[ROW], column))


def tell_by_name(table: Table, column: str, noun: str, sure: Mapping[str, str]) -> None:
    """Say once for each name what it was taken for."""
    if not sure:
        return
    rows = table.frame.filter(pl.col(column).is_in(list(sure))).unique(
        column, keep="first", maintain_order=True
    )
    table.report.each(
        rows,
        lambda row: table.note(
            f"{noun}_by_name",
            row[ROW],
            column,
            value=row[column],
            id=sure[row[column]],
        ),
    )


def tell_unknown(table: Table, column: str, known: Known, unsure: list[str]) -> None:
    """Each row that means nobody, or several.

    Where rows were left out because their id was there twice, those may be meant: then each unknown
    word is told once, not wherever it stands.
    """

    def tell(row: Row) -> None:
        word = row[column]
        candidates = sorted(known.find(word))
        hint = (
            Message("hint_one_of", {"names": candidates})
            if candidates
            else did_you_mean(word, known.names, sorted(known.ids))
        )
        code = f"{known.noun}_ambiguous" if candidates else f"{known.noun}_unknown"
        table.error(code, row[ROW], column, value=word, hint=hint)

    ambiguous = [word for word in unsure if known.find(word)]
    unknown = [word for word in unsure if word not in ambiguous]
    for words in (ambiguous, unknown):
        rows = table.frame.filter(pl.col(column).is_in(words))
        if known.twice:
            rows = rows.unique(column, keep="first", maintain_order=True)
        if rows.height:
            table.report.each(rows, tell)
