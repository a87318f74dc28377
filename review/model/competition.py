"""A competition as its `competition.toml` says it: rounds, panels, parts, awards, rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from review.model.types import Exact, Id, Model, Title


class TableSource(Model):
    """Where a table is: `"marks.csv"`, or a table of these keys."""

    path: str
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    columns: dict[str, str] = Field(default_factory=dict)
    encoding: str | None = None


def _source(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


def _sources(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


Source = Annotated[TableSource, BeforeValidator(_source)]
Sources = Annotated[tuple[Source, ...], BeforeValidator(_sources)]


class Conflicts(Model):
    """Who must not judge what, and what happens to a mark that is there all the same."""

    path: Source | None = None
    same: tuple[tuple[str, str], ...] = ()
    marks: Literal["refuse", "exclude"] = "refuse"


class FactTable(Model):
    """A table keyed by `proposal` (and `round`), reduced to one value per proposal and column."""

    path: Source
    columns: dict[str, str] = Field(min_length=1)


class Quota(Model):
    """At most `max` and at least `min` from each value of an attribute (or from `value` alone)."""

    by: str
    max: int | None = Field(default=None, ge=0)
    min: int | None = Field(default=None, ge=0)
    value: str | None = None


class ShortlistUse(Model):
    """The rule that says who goes on; what is not named here are the rule's own options."""

    rule: Id
    line: Literal["report", "extend", "chain"] = "report"
    options: dict[str, Any] = Field(default_factory=dict)


def _with_options(known: set[str]) -> Any:
    """Move keys that a model does not know into its `options`."""

    def split(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        rest = {k: v for k, v in value.items() if k not in known}
        kept = {k: v for k, v in value.items() if k in known}
        return {**kept, "options": {**kept.get("options", {}), **rest}}

    return split


class Where(Model):
    """Entrants by attribute: each named attribute equals the value, or one of the values."""

    where: dict[str, str | tuple[str, ...]] = Field(min_length=1)


def _entrants(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Part(Model):
    """One thing that a round's score is made of, and how often it counts."""

    from_: str = Field(alias="from", pattern=r"^(own|round:.+|fact:.+)$")
    times: Exact = Decimal(1)


class Round(Model):
    """One stage with its own entrants, panel, rubric and shortlist."""

    id: Id
    title: Title = Field(default_factory=dict)
    rubric: Id
    panel: Id | None = None
    marks: Sources = ()
    comparisons: Sources = ()
    rankings: Sources = ()
    group_by: str | None = None
    entrants: Annotated[tuple[Id, ...] | Where | None, BeforeValidator(_entrants)] = None
    parts: tuple[Part, ...] = ()
    shortlist: (
        Annotated[ShortlistUse, BeforeValidator(_with_options({"rule", "line", "options"}))] | None
    ) = None

    @property
    def compared(self) -> bool:
        """Whether judges place proposals above each other instead of marking them."""
        return bool(self.comparisons or self.rankings)

    @property
    def made_of(self) -> tuple[Part, ...]:
        """The parts of the score; what judges said counts × 1 where it is there and not named."""
        named = any(part.from_ == "own" for part in self.parts)
        if named or (self.parts and not (self.marks or self.compared)):
            return self.parts
        return (Part.model_validate({"from": "own"}), *self.parts)

    @property
    def uses_own(self) -> bool:
        """Whether what the round's own judges said enters its score."""
        return any(part.from_ == "own" for part in self.made_of)


class Tier(Model):
    """A class of prizes: first, second, third."""

    title: Title = Field(default_factory=dict)
    count: int = Field(default=1, ge=1)


class AwardUse(Model):
    """An award of the competition: which part decides it, on which round, in which tiers."""

    id: Id
    award: Id
    title: Title | None = None
    round: Id
    tiers: tuple[Tier, ...] = ()
    count: int | None = Field(default=None, ge=1)
    min_score: Exact | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of(self) -> AwardUse:
        if self.tiers and self.count is not None:
            msg = "either `tiers` or `count`, not both"
            raise ValueError(msg)
        return self

    @property
    def prizes(self) -> tuple[Tier, ...]:
        """The tiers; one of `count` (default 1) where none are named."""
        return self.tiers or (Tier(count=self.count or 1),)


class AwardPolicy(Model):
    """What holds across awards: their order and who may have one."""

    order: tuple[Id, ...] = ()
    one_per: str | None = None
    shortlisted: bool = False
    min_ballots: int = Field(default=0, ge=0)


class Competition(Model):
    """The whole event, as `competition.toml` declares it."""

    format: Literal[1]
    id: Id
    title: Title = Field(default_factory=dict)
    seed: int | str | None = None
    state: Literal["provisional", "final"] = "provisional"
    proposals: Source
    judges: Source
    assignments: Source | None = None
    decisions: Source | None = None
    signatures: tuple[str, ...] = ()
    conflicts: Conflicts = Conflicts()
    facts: dict[str, FactTable] = Field(default_factory=dict)
    rounds: tuple[Round, ...] = Field(min_length=1)
    awards: tuple[AwardUse, ...] = ()
    award_policy: AwardPolicy = AwardPolicy()

    def round(self, round_id: str) -> Round:
        """The round of that id (KeyError where there is none)."""
        return {r.id: r for r in self.rounds}[round_id]
