"""What can go wrong, as a tree; everything else that reaches the top is a bug of ours.

```
ReviewError                 exit 1, HTTP 400
├── DataError               the competition's files: carries every problem found
├── PluginError             a plugin raised, clashed or does not conform
├── UsageError              what was asked for is not there: exit 2
├── HeadroomError           numbers that 64 bits cannot hold exactly
├── OutputError             a folder that must not be overwritten or cannot be written
├── VerifyError             a result that does not match its competition
├── StoreError              a database that cannot be opened, is in use or was tampered with
└── Refused                 what somebody asked a live event for cannot be done as things stand
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from review.model.problem import Problem


class ReviewError(Exception):
    """An error in data, rules or a plugin, told to the user in words.

    `message` is rendered in the reader's language; `str()` is the English text. A plain text, as a
    plugin may give, is the same in every language.
    """

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 400

    def __init__(self, message: Message | str) -> None:
        super().__init__(message)
        self.message = Message.plain(message) if isinstance(message, str) else message

    def __str__(self) -> str:
        return self.message.render("en")


class DataError(ReviewError):
    """The competition cannot be scored as it stands; `problems` lists everything at once."""

    status = 422

    def __init__(self, message: Message | str, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class PluginError(ReviewError):
    """A plugin raised, clashed with another or does not keep to its contract."""

    status = 500


class UsageError(ReviewError):
    """Something was asked for that is not there, such as an unknown format."""

    exit_code = 2


class HeadroomError(ReviewError):
    """The declared scales, weights and ballots do not fit 64-bit exact arithmetic."""

    status = 422


class OutputError(ReviewError):
    """A folder is not one we wrote, so it is left alone, or it cannot be written."""

    status = 409


class VerifyError(ReviewError):
    """There is no result to verify, or it cannot be read."""

    status = 422


class StoreError(ReviewError):
    """The database of a live event cannot be opened, is in use, or is not what it should be."""

    status = 503


class Refused(ReviewError):  # noqa: N818 -- no fault: an answer
    """A live event does not do what it was asked for; nothing was changed.

    `code` is the message's; `status` the HTTP status: 403 not yours, 404 not there, 409 not now or
    not any more, 422 not valid. `details` is JSON that a program needs to go on: the current
    revisions of a ballot, the problem of each criterion.
    """

    def __init__(
        self, message: Message, status: int = 409, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status  # type: ignore[misc]  # of the instance, here
        self.details = details or {}

    @property
    def code(self) -> str:
        """Why, in one word."""
        return self.message.code


def unwritable(folder: Path, found: OSError) -> OutputError:
    """What the system says against writing into a folder, in words."""
    error = ": ".join(str(part) for part in (found.strerror, found.filename) if part)
    return OutputError(Message("output_unwritable", {"folder": str(folder), "error": error}))
