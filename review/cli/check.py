"""`review check`: every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.options import common, competition_argument, json_option, loading
from review.errors import DataError, ReviewError
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from review.model.problem import Problem


@click.command(
    help=N_(
        "List every problem of the competition in DIR at once, each with its place, the value that"
        " stands there and a hint. Exit code 1 if any is an error."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@json_option(help=N_("Print the problems as JSON."))
@loading
@common
def command(folder: Path, *, as_json: bool, **how: Any) -> None:
    """Load, check and print."""
    from review.cli.problems import count_line, problem_lines, problems_json, problems_of

    try:
        competition, problems = _check(folder, how)
    except ReviewError as found:
        if not as_json:
            raise
        competition, problems = None, problems_of(found)
    if as_json:
        click.echo(problems_json(competition, problems))
    else:
        for line in problem_lines(problems):
            click.echo(line)
        click.echo(f"{competition or folder}: {count_line(problems)}")
    if any(problem.is_error for problem in problems):
        raise click.exceptions.Exit(1)


def _check(folder: Path, how: dict[str, Any]) -> tuple[str | None, Sequence[Problem]]:
    """The competition's id, where it could be read, and its problems."""
    from review.app import check, load
    from review.cli.progress import doing

    with doing(_("Checking {folder}").format(folder=folder)):
        try:
            loaded = load(folder, **how)
        except DataError as error:
            return None, error.problems
        return loaded.competition.id, check(loaded)
