"""What a plugin may bring: scorers, shortlist rules, awards, readers, exporters.

A part is a class with an `id`, a `title` in both languages and, where it takes options, a nested
`Options` model; the core makes one instance per use, with the options of the competition checked.
Parts yield values; the core alone rounds, ranks, breaks ties and explains.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal
    from fractions import Fraction
    from pathlib import Path

    import narwhals as nw
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from review.engine.column import Column
    from review.engine.standings import StandingsView
    from review.messages import Message
    from review.model.result import Result
    from review.stats.crossed import Crossed


class Options(BaseModel):
    """Base of a part's options: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, validate_default=True
    )


class OptionError(ValueError):
    """An option that does not fit, said in every language; for a validator to raise."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.render("en"))
        self.message = message


class Part:
    """Common to all parts: identity and checked options.

    `id` in snake_case, `title` by language (`en` and `zh-Hans`). `Options` is the model of its
    options, `self.options` the instance of it that holds those of the competition.
    """

    id: ClassVar[str]
    title: ClassVar[Mapping[str, str]] = {}
    Options: ClassVar[type[BaseModel]] = Options

    def __init__(self, options: Mapping[str, Any] | None = None) -> None:
        """Check `options` against `Options` (pydantic.ValidationError where they do not fit)."""
        self.options: Any = self.Options.model_validate(dict(options or {}))


# ---------------------------------------------------------------------------------------- scorers


@dataclass(frozen=True, slots=True)
class Keys:
    """The columns that tell apart what is scored.

    `cell`: one score per combination, for example `("round", "group", "proposal")`; `field`: what
    is compared with each other, for example `("round", "group")`. A scorer sees several rounds at
    once.
    """

    cell: tuple[str, ...]
    field: tuple[str, ...]


class Scorer(Part, ABC):
    """Turns marks or ballots into one score per proposal, as an expression on lazy frames.

    `unit = "mark"`: the score is on the scale of the values; `"points"`: it is a number of its own.
    `alone`: the score of a cell depends on the values in it alone, not on those of others.
    """

    unit: ClassVar[Literal["mark", "points"]] = "mark"
    alone: ClassVar[bool] = False

    @abstractmethod
    def score(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """The score of each cell as an exact fraction.

        `values` has the columns of `keys.cell`, `judge` (text) and `value` (Int64, never null): one
        row per judge and cell. Return `keys.cell`, `num` and `den` (both Int64, den > 0); a cell
        left out has no score.
        """

    def used(self, values: nw.LazyFrame[Any], keys: Keys) -> nw.LazyFrame[Any]:
        """The rows of `values` that entered the score; the others are shown as dropped."""
        return values

    def bound(self, most: int) -> tuple[int, int]:
        """How large `num` and `den` can get: `(factor on the largest |value|, largest den)`.

        `most` is the largest number of values in a cell. Used to prove head-room before anything is
        computed.
        """
        return most, most


@dataclass(frozen=True, slots=True)
class Field:
    """All values of one field (a round, or a group in it), sorted by proposal and judge.

    `values[i]` is what `judges[i]` gave `proposals[i]`, an integer of 1/`unit`. A score is in the
    unit of the values too; only who must round needs to know it.
    """

    proposals: Sequence[str]
    judges: Sequence[str]
    values: Sequence[int]
    unit: int = 1

    def by_proposal(self) -> dict[str, dict[str, int]]:
        """proposal → judge → value."""
        table: dict[str, dict[str, int]] = {}
        for proposal, judge, value in zip(self.proposals, self.judges, self.values, strict=True):
            table.setdefault(proposal, {})[judge] = value
        return table

    def by_judge(self) -> dict[str, dict[str, int]]:
        """judge → proposal → value."""
        table: dict[str, dict[str, int]] = {}
        for proposal, judge, value in zip(self.proposals, self.judges, self.values, strict=True):
            table.setdefault(judge, {})[proposal] = value
        return table

    def crossed(self) -> Crossed:
        """The same as arrays, in marks: what `review.stats` computes with.

        Made from columns: no object is made for a value.
        """
        from review.plugin.columns import crossed  # noqa: PLC0415 -- not all scorers want arrays

        return crossed(self.proposals, self.judges, self.values, self.unit)


@dataclass(frozen=True, slots=True)
class FieldScores:
    """What a `FieldScorer` found: exact scores; `finer` orders equal scores (larger first).

    `warnings` are told with the result; `refusal` stops the run with its reason.
    """

    scores: Mapping[str, Fraction | Decimal | int]
    finer: Mapping[str, int] | None = None
    warnings: Sequence[Message] = ()
    refusal: Message | None = None

    @classmethod
    def held(
        cls,
        proposals: Sequence[str],
        scores: NDArray[np.float64],
        *,
        places: int = 6,
        unit: int = 1,
        warnings: Sequence[Message] = (),
    ) -> FieldScores:
        """Scores that have no exact value, `scores[i]` for `proposals[i]`.

        They are rounded to `places` decimals, halves away from zero, before anything is ranked; a
        half is one that the first three further decimals make one, so that none is decided by what
        floating-point numbers lose. Scores in marks, as from `Field.crossed`, want the `unit` of
        the field; points want none. Raises ValueError where a score is no finite number.
        """
        from review.plugin.columns import Held  # noqa: PLC0415 -- not all scorers want arrays

        return cls(Held(proposals, scores, places, unit), warnings=warnings)


class FieldScorer(Part, ABC):
    """A scorer that must iterate: it is handed one field at a time, as lists or as arrays.

    `unit` and `alone`: as a `Scorer`'s; what is `finer` may depend on others.
    """

    unit: ClassVar[Literal["mark", "points"]] = "mark"
    alone: ClassVar[bool] = False

    @abstractmethod
    def score_field(self, field: Field) -> FieldScores:
        """One exact score per proposal of the field; a proposal left out has no score."""


# ------------------------------------------------------------------------------------- shortlists


@dataclass(frozen=True, slots=True)
class Entrant:
    """A ranked proposal as a shortlist rule sees it; `ruling` is a person's decision on it.

    `line_key` orders entrants of equal rank at the line (line = "chain"): smaller first, equal
    where the chain leaves them tied; None where the line is not decided by the chain. `line_by` is
    the token of the chain that decided.
    """

    proposal: str
    rank: int
    score: Decimal
    attributes: Mapping[str, str | None]
    ruling: Literal["in", "out"] | None = None
    line_key: int | None = None
    line_by: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a rule says of one entrant; `place` (1…) for in and reserve."""

    status: Literal["in", "reserve", "out", "undecided"]
    reason: Message
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a rule says: a choice by proposal, and what the organiser must know of the whole.

    `notes` are told as warnings, for example of a minimum that could not be met; `remarks` as
    notes, of what is as it should be; `refusal` is an error, which stops what builds on the round.
    """

    choices: Mapping[str, Choice]
    notes: Sequence[Message] = ()
    remarks: Sequence[Message] = ()
    refusal: Message | None = None


@dataclass(frozen=True, slots=True)
class RoundContext:
    """The round that a shortlist is for, as a rule sees it that needs more than entrants.

    `group`: the value of `group_by`, blank where the round is ranked as one. `seed`: the
    competition's, None where it has none. `ballots`: what each judge gave each entrant in all, in
    the unit of the score and as shown, those that a scorer trims away included; None where there
    are none or the rule does not want them. `own_only`: the score is made of this round's marks
    alone, not of other rounds' scores or facts.
    """

    round: str = ""
    group: str = ""
    seed: str | None = None
    ballots: Crossed | None = None
    own_only: bool = True


class ShortlistRule(Part, ABC):
    """Standings → who goes on; `line` says what happens to a tie across the line.

    `wants_ballots`: whether the rule is handed ballots; a rule whose options decide sets it on
    itself. `in_order`: who is in depends on the order alone, so that nothing changes where two
    neighbours that are both in, or both not, change places. `draws_lots`: who is in is a matter of
    chance, so that nobody is told whose place went to one that was ruled in.
    """

    wants_ballots: bool = False
    in_order: ClassVar[bool] = False
    draws_lots: ClassVar[bool] = False

    def __init__(self, options: Mapping[str, Any] | None = None, line: str = "report") -> None:
        """As `Part`; `line` is the competition's."""
        super().__init__(options)
        self.line = line

    def attributes(self) -> Iterable[str]:
        """The attributes of proposals that the rule reads; check refuses unknown ones."""
        return ()

    @abstractmethod
    def select(self, entrants: Sequence[Entrant]) -> Selection:
        """One choice per entrant. `entrants` are those with a rank, best first, equal ranks by id.

        Called once per round and group. Rulings must be kept to. What cannot be met is not raised
        but told in the notes.
        """

    def select_in(self, entrants: Sequence[Entrant], context: RoundContext) -> Selection:
        """`select` for a rule that must know the round, its seed or its ballots as well.

        This is what the core calls; it goes to `select` unless a rule has its own.
        """
        return self.select(entrants)


# ----------------------------------------------------------------------------------------- awards


class Award(Part, ABC):
    """Standings and facts → one value per proposal; the core ranks, ties, gives and explains.

    `facts`: fact columns (or numeric proposal attributes) without which the award makes no sense;
    check refuses a competition that has none of that name.
    """

    facts: ClassVar[Sequence[str]] = ()

    def columns(self) -> Iterable[str]:
        """What the value is made of: `score`, `subtotal`, `criterion:ID`, `fact:NAME`, a name."""
        return [f"fact:{name}" for name in self.facts]

    def group(self) -> str | None:
        """An attribute within each of whose values winners are found (default: all together)."""
        return None

    @abstractmethod
    def value(self, standings: StandingsView) -> Column:
        """One exact value per proposal of the round, larger is better; null is not eligible."""


# ------------------------------------------------------------------------------ readers, exporters


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of text as it stands in a file, header rows included.

    `cells`: String columns named `"0"`, `"1"`, …, null for a blank. `rows[i]`: what to call row i
    in a message (None: i + 1). `kind` says how places are told: CSV line, spreadsheet row, record
    index or JSON pointer. `name` and `hidden`: of a workbook's sheet. `notes` are told at the file.
    `flags`: cells to complain about, as (row index, column index, code). `decimal_comma`: `8,5` is
    a number here.
    """

    cells: pl.DataFrame
    kind: Literal["line", "spreadsheet", "record", "pointer"]
    name: str | None = None
    hidden: bool = False
    rows: Sequence[int | str] | None = None
    flags: Sequence[tuple[int, int, str]] = ()
    notes: Sequence[Message] = ()
    decimal_comma: bool = False


class Reader(Part, ABC):
    """Reads a table file into sheets of text, without guessing types.

    `suffixes`: of the files it reads, with the dot and in lower case: `(".csv", ".tsv")`.
    """

    suffixes: ClassVar[Sequence[str]]

    @abstractmethod
    def read(self, path: Path, encoding: str | None = None) -> Sequence[Sheet]:
        """Every sheet of the file (one for CSV); raises ReadError where it cannot be read."""


class ReadError(Exception):
    """A file that a reader cannot read; becomes a problem at `row`, as in `Sheet.rows`."""

    def __init__(self, message: Message, row: int | str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.row = row


class Exporter(Part, ABC):
    """Writes a result in one format."""

    @abstractmethod
    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        """Write into `folder` (which exists) and return the files written."""
