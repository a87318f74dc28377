"""`review verify`: the same content and rules must give the same result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.options import common, competition_argument, loading, out_argument
from review.text import N_, _

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "Compute the competition in DIR again and compare with the result in OUT. Says whether"
        " content, rules, a plugin's version or the result differs; exit code 1 if anything does."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@out_argument
@competition_argument
@loading
@common
def command(out: Path, folder: Path, **how: Any) -> None:
    """Recompute, compare and print."""
    from review.app import verify
    from review.cli.progress import doing
    from review.cli.run import read
    from review.cli.screen import plain, screen_width
    from review.cli.width import indented

    opened = read(folder, how)
    with doing(_("Scoring {folder}").format(folder=folder)):
        found = verify(out, opened)
    for finding in found.findings:
        click.echo(indented(plain(finding.render()), screen_width(), "", "  "))
    if not found.same:
        raise click.exceptions.Exit(1)
