"""`review stability`: how sure each place and each award is."""

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
        "Tell how sure the places and awards of the competition in DIR are: which places across"
        " the line cannot be told apart, where one more ballot would help most, and the chances of"
        " each proposal."
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
    """Load, run, draw and print."""
    from review.app import stability
    from review.cli.problems import fail_as_json
    from review.cli.progress import doing
    from review.cli.run import read, scored
    from review.cli.stability_tables import stability_lines
    from review.model.canonical import dumps

    competition = None
    try:
        opened = read(folder, how)
        competition = opened.competition.id
        result = scored(opened)
        with doing(_("Drawing scores as they could be as well")):
            found = stability(opened, result, round_id)
    except ReviewError as error:
        if not as_json:
            raise
        fail_as_json(competition, error)
    if as_json:
        click.echo(dumps(found.to_json(), indent=2))
        return
    for line in stability_lines(found):
        click.echo(line)
