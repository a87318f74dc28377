"""An error in words, on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.cli.screen import plain, screen_width
from review.cli.width import indented
from review.errors import DataError, PluginError
from review.text import _

if TYPE_CHECKING:
    from review.errors import ReviewError

#: Where `--traceback` leaves its wish.
TRACEBACK = "review.traceback"


def tell(error: ReviewError) -> None:
    """Print what went wrong; for data, every problem at once.

    Where an exception is behind it, say how to see where that came from, or show it.
    """
    wished = click.get_current_context().meta.get(TRACEBACK)
    if wished:
        from traceback import format_exception

        click.echo("".join(format_exception(error)), err=True)
    message = plain(error.message.render())
    if isinstance(error, DataError):
        from review.cli.problems import count_line, problem_lines

        for line in problem_lines(error.problems):
            click.echo(line, err=True)
        message = _("{count}; nothing was scored").format(count=count_line(error.problems))
    words = _("Error: {message}").format(message=message)
    click.echo(indented(words, screen_width(), "", "  "), err=True)
    if isinstance(error, PluginError) and error.__cause__ and not wished:
        hint = _("--traceback shows where it happened")
        click.echo(indented(hint, screen_width(), "  → ", "    "), err=True)
