"""How a round is judged: criteria, scales, the scorer, rounding and ties."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from review.model.types import Exact, Id, Model, Title, decimals_of

Order = Literal["judge-first", "criterion-first"]
Report = Literal["own", "sum", "percent"]
Incomplete = Literal["renormalise", "drop", "refuse"]
Places = Annotated[int, Field(ge=0, le=9)]

DEFAULT_DECIMALS = 2


class Scale(Model):
    """The marks a criterion takes, from `min` to `max`."""

    min: Exact = Decimal(0)
    max: Exact = Decimal(10)
    step: Exact | None = Field(default=None, gt=0)
    decimals: Places | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Scale:
        if self.min >= self.max:
            msg = f"`min` ({self.min}) must be below `max` ({self.max})"
            raise ValueError(msg)
        return self

    @property
    def places(self) -> int:
        """Decimals of a mark: declared, else those of `step` (counted from `min`), else 2."""
        if self.decimals is not None:
            return self.decimals
        if self.step is None:
            return DEFAULT_DECIMALS
        return max(decimals_of(self.step), decimals_of(self.min))


class PartUse(Model):
    """A part by name with its options: `"median"`, `{ name = "trimmed_mean", drop = 1 }`."""

    name: Id
    options: dict[str, Any] = Field(default_factory=dict)


def _part_use(value: Any) -> Any:
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, dict) and set(value) != {"name", "options"}:
        options = {k: v for k, v in value.items() if k != "name"}
        return {**({"name": value["name"]} if "name" in value else {}), "options": options}
    return value


class Criterion(Model):
    """One thing that is judged, with its weight and its own scale if it has one."""

    id: Id
    title: Title = Field(default_factory=dict)
    description: Title = Field(default_factory=dict)
    weight: Exact = Field(default=Decimal(1), gt=0)
    scale: Scale | None = None
    levels: dict[str, Title] = Field(default_factory=dict)
    counts: bool = True


class Rounding(Model):
    """Decimals at further stages of the chain; a stage that is not named is not rounded."""

    mark: Places | None = None
    ballot: Places | None = None
    criterion: Places | None = None
    weighted: Places | None = None
    subtotal: Places | None = None
    parts: Places | None = None
    total: Places | None = None


TIE_TOKENS = (
    "criterion:ID", "subtotal", "score:ROUND", "fact:COLUMN", "fact:COLUMN:asc", "median",
    "top_marks", "head_to_head", "lot", "share", "refuse",
)  # fmt: skip


def _tie_token(value: str) -> str:
    kind, _, rest = value.partition(":")
    known = {token.partition(":")[0] for token in TIE_TOKENS}
    if kind not in known or (kind in {"criterion", "score", "fact"}) != bool(rest):
        msg = f"`{value}` is not a tie-break; known are {', '.join(TIE_TOKENS)}"
        raise ValueError(msg)
    return value


TieToken = Annotated[str, AfterValidator(_tie_token)]


class Rubric(Model):
    """A rubric definition, as in `rubrics/*.toml`."""

    id: Id
    title: Title = Field(default_factory=dict)
    description: Title = Field(default_factory=dict)
    scorer: Annotated[PartUse, BeforeValidator(_part_use)] = PartUse(name="weighted_mean")
    order: Order = "judge-first"
    report: Report = "own"
    decimals: Places = DEFAULT_DECIMALS
    incomplete: Incomplete = "renormalise"
    rounding: Rounding = Rounding()
    ties: tuple[TieToken, ...] = ("share",)
    scale: Scale = Scale()
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    blind: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Rubric:
        seen: set[str] = set()
        for criterion in self.criteria:
            if criterion.id in seen:
                msg = f"criterion `{criterion.id}` is there twice"
                raise ValueError(msg)
            seen.add(criterion.id)
        counting = [c for c in self.criteria if c.counts]
        if not counting:
            msg = "no criterion counts"
            raise ValueError(msg)
        bounds = {(self.scale_of(c).min, self.scale_of(c).max) for c in counting}
        if self.report == "own" and len(bounds) > 1:
            msg = 'criteria with different scales need report = "sum" or "percent"'
            raise ValueError(msg)
        for token in self.ties:
            kind, _, rest = token.partition(":")
            if kind == "criterion" and rest not in seen:
                msg = (
                    f"`{token}` names no criterion of the rubric; it has {', '.join(sorted(seen))}"
                )
                raise ValueError(msg)
        return self

    def scale_of(self, criterion: Criterion) -> Scale:
        """The scale that marks of a criterion are on."""
        return criterion.scale or self.scale

    @property
    def counting(self) -> tuple[Criterion, ...]:
        """The criteria that enter the score, in order."""
        return tuple(c for c in self.criteria if c.counts)

    @property
    def places(self) -> int:
        """Decimals at which all marks of the rubric are held as integers."""
        return max(self.scale_of(c).places for c in self.criteria)
