"""What a person ruled, in words: who, with whom, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping


def ruled(code: str, ruling: Mapping[str, Any], **params: object) -> Message:
    """The message `code` about a row of the decisions; who signed second and why may be blank."""
    by, second, why = ruling["by"] or "–", ruling["second"], ruling["why"]
    return Message(
        code,
        {
            **params,
            "by": Message("ruled_by_two", {"one": by, "other": second}) if second else by,
            "why": Message("ruled_why", {"why": why}) if why else "",
        },
    )
