"""Parts that a competition names: there, and content with their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from review.load.suggest import did_you_mean
from review.load.toml import tell_invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.load.report import Report
    from review.model.problem import Place
    from review.plugin.manager import Registered

AnyPart = TypeVar("AnyPart")


def check_part(
    known: Mapping[str, Registered[type[AnyPart]]],
    name: str,
    options: Mapping[str, Any],
    place: Place,
    report: Report,
    below: str,
    **more: object,
) -> AnyPart | None:
    """An instance of the part; None where there is no such part or its options do not fit (reported).

    `place` is where it is named; its options stand below the key `below`. `more` goes to the class as it is.
    """
    if name not in known:
        report.error("part_unknown", place, value=name, hint=did_you_mean(name, sorted(known)))
        return None
    part: Any = known[name].part
    try:
        made: AnyPart = part(options, **more)
    except ValidationError as error:
        tell_invalid(error, part.Options, options, place.file or "", report, (below,))
        return None
    return made
