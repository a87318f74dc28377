"""The command line: `review`. One module a command, imported when it is used."""

from __future__ import annotations

import click

from review.cli.group import LazyGroup
from review.cli.options import common, print_version
from review.text import N_


@click.group(
    "review",
    cls=LazyGroup,
    own={
        "init": ("review.cli.init", N_("Start a competition that is ready to run.")),
        "check": ("review.cli.check", N_("List every problem of a competition at once.")),
        "run": ("review.cli.run", N_("Score, rank, shortlist and award.")),
        "explain": ("review.cli.explain", N_("Show why a proposal stands where it stands.")),
        "agreement": ("review.cli.agreement", N_("Tell how far the judges agree.")),
        "stability": ("review.cli.stability", N_("Tell how sure each place and award is.")),
        "compare": ("review.cli.compare", N_("Tell what would change the result.")),
        "unusual": (
            "review.cli.unusual",
            N_("Look for what is unusual, and say what explains it."),
        ),
        "next-pair": (
            "review.cli.next_pair",
            N_("Suggest which two proposals to compare next."),
        ),
        "verify": ("review.cli.verify", N_("Recompute a result and compare.")),
        "serve": ("review.cli.serve", N_("Let judges mark on their phones, live.")),
        "organiser": ("review.cli.organiser", N_("Print a link that signs an organiser in.")),
        "export": ("review.cli.export", N_("Write the live event as a folder.")),
        "record": ("review.cli.record", N_("Show and verify who did what when.")),
        "backup": ("review.cli.backup", N_("Copy the live database while it is served.")),
        "restore": ("review.cli.restore", N_("Put such a copy in its place.")),
        "anonymise": ("review.cli.anonymise", N_("Erase what is known of people.")),
        "rehearse": ("review.cli.rehearse", N_("Play a whole event and see what is lost.")),
        "seed": ("review.cli.seed", N_("Make a secret for a draw, or check one.")),
        "plugins": ("review.cli.plugins", N_("List, start and check plugins.")),
        "completion": ("review.cli.completion", N_("Print the completion script of a shell.")),
    },
    help=N_(
        "Turn a folder of proposals and a panel of judges into results that can be defended.\n\n"
        "A competition is a folder with a competition.toml; `review init DIR` makes one."
    ),
    epilog=N_("Exit codes: 0 done, 1 an error in data, rules or a plugin, 2 wrong usage."),
    options_metavar=N_("[OPTIONS]"),
    subcommand_metavar=N_("COMMAND [ARGUMENTS]…"),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help=N_("Show the version and exit."),
)
@common
def main() -> None:
    """The group itself does nothing."""
