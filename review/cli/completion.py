"""`review completion`: what a shell needs to complete commands, options and ids."""

from __future__ import annotations

import click

from review.cli.options import common
from review.text import N_

SHELLS = ("bash", "zsh", "fish")


@click.command(
    help=N_(
        "Print the completion script of a shell.\n\n"
        "\b\n"
        "# bash, in ~/.bashrc:\n"
        'eval "$(review completion bash)"\n\n'
        "\b\n"
        "# zsh, in ~/.zshrc:\n"
        'eval "$(review completion zsh)"\n\n'
        "\b\n"
        "# fish, once:\n"
        "review completion fish > ~/.config/fish/completions/review.fish"
    ),
    options_metavar=N_("[OPTIONS]"),
)
@click.argument("shell", type=click.Choice(SHELLS))
@common
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print click's script for the shell."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    root = ctx.find_root().command
    click.echo(kinds[shell](root, {}, "review", "_REVIEW_COMPLETE").source())
