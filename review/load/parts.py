"""Parts that a competition names: there, and content with their options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from review.load.suggest import did_you_mean
from review.load.toml import tell_invalid
from review.plugin.manager import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.load.report import Report
    from review.model.problem import Place
    from review.plugin.kinds import Kind
    from review.plugin.manager import Registered

AnyPart = TypeVar("AnyPart")


@dataclass(frozen=True)
class Use:
    """A part by its kind and name: where that stands, its options, the key they are below."""

    kind: Kind
    name: str
    options: Mapping[str, Any]
    place: Place
    below: str


def check_part(
    known: Mapping[str, Registered[type[AnyPart]]], use: Use, report: Report, **more: object
) -> AnyPart | None:
    """An instance of the part; None where there is none or its options do not fit (reported).

    `more` goes to the class as it is.
    """
    if use.name not in known:
        hint = did_you_mean(use.name, sorted(known))
        report.error("part_unknown", use.place, value=use.name, kind=use.kind.message, hint=hint)
        return None
    part: Any = known[use.name].part
    made: AnyPart | None = None
    with guarded(known[use.name]):
        try:
            made = part(use.options, **more)
        except ValidationError as error:
            below = replace(use.place, column=use.below)
            tell_invalid(error, part.Options, use.options, below, report)
    return made
