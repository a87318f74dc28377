"""An error in words, on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.cli.screen import plain, screen_width
from review.cli.width import indented
from review.errors import DataError
from review.text import _

if TYPE_CHECKING:
    from review.errors import ReviewError


def tell(error: ReviewError) -> None:
    """Print what went wrong; for data, every problem at once."""
    message = plain(error.message.render())
    if isinstance(error, DataError):
        from review.cli.problems import count_line, problem_lines

        for line in problem_lines(error.problems):
            click.echo(line, err=True)
        message = _("{count}; nothing was scored").format(count=count_line(error.problems))
    words = _("Error: {message}").format(message=message)
    click.echo(indented(words, screen_width(), "", "  "), err=True)
