"""Attributes by any of their names: as the column is called, as its header stands, as is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from review.load.numbers import NUMBER
from review.load.suggest import did_you_mean
from review.load.words import loose

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from review.load.headers import Layout
    from review.load.tables import Table
    from review.messages import Message
    from review.model.competition import Competition, Round
    from review.model.rubric import Rubric


class Attributes:
    """The columns of proposals or judges that rules may name."""

    def __init__(self, noun: str, frame: pl.DataFrame, layout: Layout, table: Table | None) -> None:
        """`table` is where the headers stand; None where it could not be read."""
        self.noun = noun
        self.frame = frame
        self._layout = layout
        self._headers = {} if table is None else {k: c.header for k, c in table.columns.items()}

    def find(self, name: str) -> str | None:
        """The column that a name means."""
        if name in self.frame.columns:
            return name
        by_header = {loose(header): column for column, header in self._headers.items()}
        usual = self._layout.find(name)
        column = by_header.get(loose(name)) or (None if usual is None else usual[0])
        column = self.noun if column == "id" else column
        return column if column in self.frame.columns else None

    def hint(self, name: str) -> Message | None:
        """What may have been meant; the list has the header of a column behind its name."""
        headers = {c: self._headers[c] for c in self.frame.columns if c in self._headers}
        listed = [c if h == c else f"{c} ({h})" for c, h in headers.items()]
        return did_you_mean(name, [*headers, *headers.values()], listed)

    def there(self, name: str) -> str | None:
        """The column that a name means, if the organiser's table has it."""
        column = self.find(name)
        return column if column == self.noun or column in self._headers else None

    def numeric(self) -> list[str]:
        """The columns that hold any number: these can be facts."""
        there = (c for c in self.frame.columns if c in self._headers)
        return [c for c in there if self.frame[c].drop_nulls().str.contains(NUMBER).any()]

    def resolve(self, name: str) -> str:
        """The column that a name means; the name itself where it means none."""
        return self.find(name) or name


def with_columns_for(
    competition: Competition, names: Mapping[str, str], judges: Attributes, proposals: Attributes
) -> Competition:
    """The competition with columns in place of the names of attributes that its rules use.

    `names`: name → column of the attributes of proposals.
    """
    same = [(judges.resolve(j), proposals.resolve(p)) for j, p in competition.conflicts.same]
    policy = competition.award_policy
    return competition.model_copy(
        update={
            "conflicts": competition.conflicts.model_copy(update={"same": tuple(same)}),
            "rounds": tuple(round_with_columns(round_, names) for round_ in competition.rounds),
            "awards": tuple(
                award.model_copy(update={"options": replaced(award.options, names)})
                for award in competition.awards
            ),
            "award_policy": policy.model_copy(update={"one_per": replaced(policy.one_per, names)}),
        }
    )


def with_blind_columns(rubrics: Mapping[str, Rubric], proposals: Attributes) -> dict[str, Rubric]:
    """The rubrics with columns in place of the names of attributes that judges do not see."""
    return {
        round_id: rubric.model_copy(update={"blind": tuple(map(proposals.resolve, rubric.blind))})
        for round_id, rubric in rubrics.items()
    }


def round_with_columns(round_: Round, names: Mapping[str, str]) -> Round:
    """A round with columns in place of the names of attributes."""
    changes: dict[str, Any] = {"group_by": replaced(round_.group_by, names)}
    if round_.shortlist is not None:
        options = replaced(round_.shortlist.options, names)
        changes["shortlist"] = round_.shortlist.model_copy(update={"options": options})
    where = getattr(round_.entrants, "where", None)
    if where is not None:
        columns = {names.get(name, name): values for name, values in where.items()}
        changes["entrants"] = round_.entrants.model_copy(update={"where": columns})  # type: ignore[union-attr]
    return round_.model_copy(update=changes)


def replaced(value: Any, names: Mapping[str, str]) -> Any:
    """A value of TOML where texts that are one of `names` stand for its column."""
    if isinstance(value, dict):
        return {key: replaced(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(replaced(inner, names) for inner in value)
    return names.get(value, value) if isinstance(value, str) else value
