"""A problem found in a competition, with its place and a hint."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.messages import Message


class Severity(StrEnum):
    """An error stops the run; a warning and a note are reported with the result."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the files: `row` is a CSV line, a spreadsheet row, an index or a JSON pointer."""

    file: str | None = None
    sheet: str | None = None
    row: int | str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; `value` is what stood there, exactly."""

    severity: Severity
    message: Message
    place: Place = field(default_factory=Place)
    value: str | None = None
    hint: Message | None = None

    @property
    def code(self) -> str:
        """What kind of problem it is; of one told of a round, what is told."""
        told = self.message.params.get("message") if self.message.code == "in_round" else None
        return getattr(told, "code", self.message.code)

    @property
    def is_error(self) -> bool:
        """Whether nothing can be scored before it is mended."""
        return self.severity is Severity.ERROR

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By place, then severity, then code."""
        row = self.place.row
        number = row if isinstance(row, int) else -1
        return (
            self.place.file or "", self.place.sheet or "", number, str(row or ""),
            self.place.column or "", _ORDER[self.severity], self.code, self.message.render("en"),
        )  # fmt: skip

    def to_json(self) -> dict[str, object]:
        """The form that `--json` and result.json carry."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "row": self.place.row,
            "column": self.place.column,
            "value": self.value,
            "message": self.message.texts(),
            "hint": self.hint.texts() if self.hint else None,
        }


def error(message: Message, place: Place | None = None, **kwargs: object) -> Problem:
    """A problem that stops the run; `kwargs` are `value` and `hint`."""
    return Problem(Severity.ERROR, message, place or Place(), **kwargs)  # type: ignore[arg-type]


def warning(message: Message, place: Place | None = None, **kwargs: object) -> Problem:
    """A problem to look at; the run goes on."""
    return Problem(Severity.WARNING, message, place or Place(), **kwargs)  # type: ignore[arg-type]


def note(message: Message, place: Place | None = None, **kwargs: object) -> Problem:
    """Something done on the user's behalf that they should know."""
    return Problem(Severity.NOTE, message, place or Place(), **kwargs)  # type: ignore[arg-type]
