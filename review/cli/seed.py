"""`review seed`: a secret for a draw, and what to publish of it before."""

from __future__ import annotations

import click

from review.cli.options import common
from review.text import N_, _

BYTES = 20


@click.command(
    help=N_(
        "Make a fresh secret for a lottery and its commitment.\n\n"
        "Publish the commitment before the marks are known, as `commitment` in competition.toml;"
        " keep the secret to yourself; publish it after, as `draw_seed`."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@click.option(
    "--check",
    nargs=2,
    metavar=N_("SECRET COMMITMENT"),
    help=N_("Say whether COMMITMENT is that of SECRET (exit code 1 if not)."),
)
@common
def command(check: tuple[str, str] | None) -> None:
    """Print a secret with its commitment, or compare the two."""
    from review.stats.lottery import commitment

    if check is None:
        from secrets import token_hex

        secret = token_hex(BYTES)
        click.echo(f'draw_seed = "{secret}"  # {_("keep this secret until the marks are in")}')
        click.echo(f'commitment = "{commitment(secret)}"  # {_("publish this before")}')
        return
    secret, promised = check
    if commitment(secret) == promised.strip().lower():
        click.echo(_("The commitment is that of this secret."))
        return
    click.echo(_("The commitment is not that of this secret, which would have been:"))
    click.echo(commitment(secret))
    raise click.exceptions.Exit(1)
