"""`review agreement`: how far the judges agree, and how each of them marks."""

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
        "Tell how far the judges of the competition in DIR agree, in words and in coefficients;"
        " how many judges would do next year; how strict each judge is and how they use the scale;"
        " and which marks may deserve a second look."
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
    """Load, run, measure and print."""
    from review.app import agreement
    from review.cli.agreement_tables import agreement_lines
    from review.cli.problems import fail_as_json
    from review.cli.progress import doing
    from review.cli.run import read, scored
    from review.model.canonical import dumps

    competition = None
    try:
        opened = read(folder, how)
        competition = opened.competition.id
        result = scored(opened)
        with doing(_("Comparing the judges")):
            found = agreement(result, round_id)
    except ReviewError as error:
        if not as_json:
            raise
        fail_as_json(competition, error)
    if as_json:
        click.echo(dumps(found.to_json(), indent=2))
        return
    for line in agreement_lines(found):
        click.echo(line)
