"""`review record`: who did what when, and whether the record is unbroken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from review.cli.live import database_option, existing, say
from review.cli.options import common, competition_argument, json_option
from review.text import N_, _

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "List what was done in the live event of DIR, and verify the chain that holds it: exit code"
        " 1 where an event or a mark was changed, taken out or put in past the application."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@database_option
@json_option(help=N_("Print the events as JSON, one a line, and nothing else on standard output."))
@common
def command(folder: Path, database: str | None, *, as_json: bool) -> None:
    """Print the events and what verifying found."""
    from review.live.telling import Teller, when
    from review.store import chain

    with existing(folder, database) as store, store.reading() as conn:
        teller = Teller(conn)
        for event in chain.events(conn):
            if as_json:
                click.echo(json.dumps(event.to_json(), ensure_ascii=False))
            else:
                start = f"{event.seq:5}  {when(event)}  "
                say(teller.told(event), first=start, rest=" " * 7)
        findings = chain.verify(conn)
        head = chain.head(conn)
    for finding in findings:
        say(finding.message.render(), err=True)
    if findings:
        raise click.exceptions.Exit(1)
    text = _("The record is unbroken: {events} events, head {hash}")
    say(text.format(events=f"{head.seq:,}", hash=head.hash), err=as_json)
