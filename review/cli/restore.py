"""`review restore`: a copy that was made earlier, put in its place."""

from __future__ import annotations

from pathlib import Path

import click

from review.cli.live import database_of, database_option, say
from review.cli.options import common, competition_argument
from review.text import N_, _


@click.command(
    help=N_(
        "Put the copy FILE in the place of the live database of DIR, which must not be served"
        " meanwhile. A database that is there already is kept beside it."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@click.argument(
    "file", metavar=N_("FILE"), type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@competition_argument
@database_option
@common
def command(file: Path, folder: Path, database: str | None) -> None:
    """Check the copy, put it there, say how far it goes."""
    from review.store.backup import restore

    restored = restore(file, database_of(folder, database))
    if restored.kept:
        say(_("What was there is kept as {file}").format(file=restored.kept))
    text = _("Restored: {events} events, head {hash}")
    say(text.format(events=f"{restored.head.seq:,}", hash=restored.head.hash))
