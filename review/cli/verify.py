"""`review verify`: the same content and rules must give the same result."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from review.cli.options import common, competition_argument, loading, out_argument
from review.text import N_, _

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "Compute the competition in DIR again and compare with the result in OUT. Says whether"
        " content, rules, title, state, a plugin's version or the result differs, and which of the"
        " written files were changed; exit code 1 if anything differs."
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

    _refuse_swapped(out, folder)
    opened = read(folder, how)
    with doing(_("Scoring {folder}").format(folder=folder)):
        found = verify(out, opened)
    for finding in found.findings:
        click.echo(indented(plain(finding.render()), screen_width(), "", "  "))
    if not found.same:
        raise click.exceptions.Exit(1)


def _refuse_swapped(out: Path, folder: Path) -> None:
    """Tell a result and a competition that were named in the wrong order."""
    result, competition = "result.json", "competition.toml"
    if (folder / result).exists() and (out / competition).exists():
        words = _("OUT comes before DIR: review verify {out} {folder}")
        raise click.UsageError(
            words.format(out=shlex.quote(str(folder)), folder=shlex.quote(str(out)))
        )
