"""`review backup`: a copy of the live database while it is in use."""

from __future__ import annotations

from pathlib import Path

import click

from review.cli.live import database_option, existing, say
from review.cli.options import common, competition_argument
from review.text import N_, _


@click.command(
    help=N_(
        "Copy the live database of DIR into FILE while it is served. The copy is complete as of one"
        " moment and is checked after it was written."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.argument("file", metavar=N_("FILE"), type=click.Path(dir_okay=False, path_type=Path))
@database_option
@common
def command(folder: Path, file: Path, database: str | None) -> None:
    """Copy, check, say how far it goes."""
    from review.store.backup import back_up

    with existing(folder, database) as store:
        head = back_up(store, file)
    text = _("{file}: {events} events, head {hash}")
    say(text.format(file=file, events=f"{head.seq:,}", hash=head.hash))
