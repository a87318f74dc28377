"""What can go wrong, as a tree; everything else that reaches the top is a bug of ours.

```
ReviewError                 exit 1, HTTP 400
├── DataError               the competition's files: carries every problem found
├── PluginError             a plugin raised, clashed or does not conform
├── HeadroomError           numbers that 64 bits cannot hold exactly
├── OutputError             a folder that must not be overwritten
└── VerifyError             a result that does not match its competition
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.messages import Message
    from review.model.problem import Problem


class ReviewError(Exception):
    """An error in data, rules or a plugin, told to the user in words.

    `message` is rendered in the reader's language; `str()` is the English text.
    """

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 400

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render("en")


class DataError(ReviewError):
    """The competition cannot be scored as it stands; `problems` lists everything at once."""

    status = 422

    def __init__(self, message: Message, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class PluginError(ReviewError):
    """A plugin raised, clashed with another or does not keep to its contract."""

    status = 500


class HeadroomError(ReviewError):
    """The declared scales, weights and ballots do not fit 64-bit exact arithmetic."""

    status = 422


class OutputError(ReviewError):
    """The output folder is not one we wrote, so it is left alone."""

    status = 409


class VerifyError(ReviewError):
    """There is no result to verify, or it cannot be read."""

    status = 422
