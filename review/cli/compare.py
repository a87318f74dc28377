"""`review compare`: what would change the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.completing import complete_rounds
from review.cli.options import common, competition_argument, json_option, loading
from review.errors import ReviewError
from review.text import N_, _

if TYPE_CHECKING:
    from pathlib import Path


def _names(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> list[str] | None:
    """`median,borda` → the scorers; None (the usual ones) where the option is not used."""
    return None if value is None else [each.strip() for each in value.split(",") if each.strip()]


@click.command(
    help=N_(
        "Tell what would change the result of the competition in DIR: one judge, criterion or"
        " proposal less, weights a little different, another way of scoring the same marks, a"
        " single mark. Each time the competition is run again by its own rules."
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
@click.option(
    "--scorers",
    metavar=N_("NAME,NAME"),
    callback=_names,
    help=N_("Ways of scoring to lay beside the declared one (default: the usual ones)."),
)
@click.option(
    "--draws",
    type=click.IntRange(1, 10_000),
    metavar=N_("NUMBER"),
    help=N_("How often weights are drawn (default: 100)."),
)
@json_option(help=N_("Print the report as JSON, and nothing else on standard output."))
@loading
@common
def command(
    folder: Path,
    round_id: str | None,
    scorers: list[str] | None,
    draws: int | None,
    *,
    as_json: bool,
    **how: Any,
) -> None:
    """Load, run, run again with changes, and print."""
    from review.app import comparing
    from review.cli.compare_tables import compare_lines
    from review.cli.problems import fail_as_json
    from review.cli.progress import doing
    from review.cli.run import read, scored
    from review.model.canonical import dumps

    competition = None
    try:
        opened = read(folder, how)
        competition = opened.competition.id
        result = scored(opened)
        with doing(_("Trying what would change the result")):
            found = comparing(opened, result, round_id, scorers=scorers, draws=draws)
    except ReviewError as error:
        if not as_json:
            raise
        fail_as_json(competition, error)
    if as_json:
        click.echo(dumps(found.to_json(), indent=2))
        return
    for line in compare_lines(found):
        click.echo(line)
