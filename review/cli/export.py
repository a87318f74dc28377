"""`review export`: the live event as a folder that `review run` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.cli.live import database_option, existing
from review.cli.options import common, competition_argument
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from review.store.chain import Link

#: What an export says of itself: the files that we wrote, and the record that they are as of.
MANIFEST = "export.json"


@click.command(
    help=N_(
        "Write the live event of DIR into the folder OUT, which `review run` takes: rules and"
        " tables, marks with their revisions, rulings. An export that we wrote is replaced as a"
        " whole; any other folder that is not empty is refused."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.argument("out", metavar=N_("OUT"), type=click.Path(file_okay=False))
@database_option
@common
def command(folder: Path, out: str, database: str | None) -> None:
    """Read the store as of one moment, write, say how far it goes."""
    from pathlib import Path

    from review.store import chain, transfer

    with existing(folder, database) as store, store.reading() as conn:
        files, head = transfer.export_files(conn), chain.head(conn)
    write(files, head, Path(out))
    click.echo(
        _("{folder}: {files} files as of event {seq}, head {hash}").format(
            folder=out, files=len(files), seq=f"{head.seq:,}", hash=head.hash
        )
    )


def write(files: Mapping[str, bytes], head: Link, out: Path) -> None:
    """Write an export in place of one that we wrote.

    Raises OutputError where the folder holds anything else or cannot be written.
    """
    from review.errors import unwritable
    from review.model.canonical import dumps
    from review.output import digests, refuse_foreign, replacing
    from review.store.transfer import write_folder

    try:
        refuse_foreign(out, MANIFEST)
        with replacing(out) as new:
            write_folder(files, new)
            told = {"seq": head.seq, "at": head.at, "hash": head.hash, "written": digests(new)}
            text = dumps(told, indent=1) + "\n"
            (new / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    except OSError as found:
        raise unwritable(out, found) from found
