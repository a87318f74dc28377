"""`review organiser`: a way in for somebody who runs the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.cli.live import database_option, existing, tell_link
from review.cli.options import common, competition_argument
from review.text import N_

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "Print a link that signs the organiser NAME in, good for a day. Where nobody has that name"
        " yet, an organiser is made. Works while the event is served."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.argument("name", metavar=N_("[NAME]"), default="")
@database_option
@click.option(
    "--base-url",
    metavar="URL",
    default="http://localhost:8000",
    help=N_("The address of the server (default: http://localhost:8000)."),
)
@common
def command(folder: Path, name: str, database: str | None, base_url: str) -> None:
    """Make a link and print it."""
    from review.store.people import organiser_link

    with existing(folder, database) as store, store.writing() as conn:
        token = organiser_link(conn, name)
    tell_link(base_url.rstrip("/"), token)
