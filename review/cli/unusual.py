"""`review unusual`: ballots and judges worth a question, and what else could explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.completing import complete_rounds
from review.cli.options import common, competition_argument, json_option, loading
from review.errors import ReviewError
from review.text import N_, _

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "Look for what is unusual in the competition in DIR: single ballots, pairs and groups of"
        " judges, judges who give more to their own organisation or community, favours that are"
        " returned. Unusual is a question, not a verdict; what else could explain it is said, and"
        " so is how many tests were made."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.option(
    "--round",
    "round_id",
    metavar=N_("ROUND"),
    shell_complete=complete_rounds,
    help=N_("The round to look at (default: all)."),
)
@json_option(help=N_("Print the report as JSON, and nothing else on standard output."))
@loading
@common
def command(folder: Path, round_id: str | None, *, as_json: bool, **how: Any) -> None:
    """Load, run, test and print."""
    from review.app import unusual
    from review.cli.problems import fail_as_json
    from review.cli.progress import doing
    from review.cli.run import read, scored
    from review.cli.unusual_tables import unusual_lines
    from review.model.canonical import dumps

    competition = None
    try:
        opened = read(folder, how)
        competition = opened.competition.id
        result = scored(opened)
        with doing(_("Looking for what is unusual")):
            found = unusual(result, round_id)
    except ReviewError as error:
        if not as_json:
            raise
        fail_as_json(competition, error)
    if as_json:
        click.echo(dumps(found.to_json(), indent=2))
        return
    for line in unusual_lines(found):
        click.echo(line)
