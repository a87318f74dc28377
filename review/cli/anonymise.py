"""`review anonymise`: what is known of people is erased, what was marked stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.cli.live import database_option, existing
from review.cli.options import common, competition_argument
from review.text import N_, _

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "Erase from the live database of DIR what is known of judges and organisers: names, logins,"
        " comments, reasons, drafts, ways in. Marks stay under random names, and the record still"
        " verifies. This cannot be undone; copies made by `review backup`, exports and the folder"
        " itself are yours to delete."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@database_option
@click.option("--yes", is_flag=True, help=N_("Do not ask."))
@common
def command(folder: Path, database: str | None, *, yes: bool) -> None:
    """Ask, erase, verify."""
    from review.store.anonymise import anonymise

    if not yes:
        click.confirm(_("Erase names, comments and ways in for good?"), abort=True)
    with existing(folder, database) as store:
        erased = anonymise(store)
    click.echo(
        _("Erased: {people} people, {words} texts; the record verifies ({events} events)").format(
            people=erased.people, words=erased.words, events=f"{erased.head.seq:,}"
        )
    )
