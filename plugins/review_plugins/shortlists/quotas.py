"""Quotas as an organiser writes them, and what they mean for one field of entrants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias

from pydantic import Field, model_validator

from review import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Entrant

Key: TypeAlias = tuple[str, str]
"""An attribute and one of its values, on which a cap or a floor stands."""

Signature: TypeAlias = tuple[Key, ...]
"""All keys an entrant counts for; entrants of one signature are alike to the quotas."""


class Quota(Options):
    """At most `max`, at least `min` from each value of the attribute `by`, or only from `value`."""

    by: str = Field(min_length=1)
    max: int | None = Field(default=None, ge=1)
    min: int | None = Field(default=None, ge=1)
    value: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _says_something_possible(self) -> Self:
        if self.max is None and self.min is None:
            raise ValueError("a quota needs `max`, `min` or both")
        if self.max is not None and self.min is not None and self.min > self.max:
            raise ValueError(f"`min` = {self.min} is more than `max` = {self.max}")
        return self


class Quotas:
    """The caps and floors of a field by key; where several quotas meet, the tightest holds.

    Without `floors` only the caps.
    """

    def __init__(
        self, quotas: Sequence[Quota], entrants: Sequence[Entrant], *, floors: bool = True
    ) -> None:
        self.caps: dict[Key, int] = {}
        self.floors: dict[Key, int] = {}
        self._by = tuple(dict.fromkeys(quota.by for quota in quotas))
        self._signatures: dict[tuple[str | None, ...], Signature] = {}
        for quota in quotas:
            for value in _values(quota, entrants):
                key = (quota.by, value)
                if quota.max is not None:
                    self.caps[key] = min(quota.max, self.caps.get(key, quota.max))
                if floors and quota.min is not None:
                    self.floors[key] = max(quota.min, self.floors.get(key, quota.min))

    def signature(self, entrant: Entrant) -> Signature:
        """The keys `entrant` counts for; a blank value is nobody's and counts for none."""
        values = tuple(entrant.attributes.get(by) for by in self._by)
        if values not in self._signatures:
            self._signatures[values] = tuple(
                (by, value)
                for by, value in zip(self._by, values, strict=True)
                if value is not None and ((by, value) in self.caps or (by, value) in self.floors)
            )
        return self._signatures[values]


def _values(quota: Quota, entrants: Sequence[Entrant]) -> list[str]:
    if quota.value is not None:
        return [quota.value]
    values = {entrant.attributes.get(quota.by) for entrant in entrants}
    return sorted(value for value in values if value is not None and value.strip())
