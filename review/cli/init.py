"""`review init`: a competition to start from."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click

from review.cli.options import common
from review.errors import OutputError, unwritable
from review.messages import Message
from review.text import N_, _

TEMPLATE = Path(__file__).parent / "templates" / "competition"
EXAMPLES = {"star-plan": "star-plan-2024"}


@click.command(
    help=N_(
        "Start a competition in the folder DIR, ready to run: small tables to replace with your"
        " own, and a competition.toml that explains itself."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@click.argument("folder", metavar=N_("DIR"), type=click.Path(path_type=Path))
@click.option(
    "--example",
    type=click.Choice(sorted(EXAMPLES)),
    help=N_("Copy a worked example instead: star-plan is the case `review` was made for."),
)
@common
def command(folder: Path, example: str | None) -> None:
    """Copy a template or an example, and say what to do next."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(Message("folder_not_empty", {"folder": str(folder)}))
    try:
        if example:
            shutil.copytree(example_folder(example), folder, dirs_exist_ok=True)
        else:
            _start(folder)
    except OSError as found:
        raise unwritable(folder, found) from found
    name, out = shlex.quote(str(folder)), shlex.quote(f"{folder}-results")
    click.echo(_("A competition is in {folder}. Go on with:").format(folder=folder))
    click.echo(f"  review check {name}\n  review run {name} --out {out}")


def example_folder(example: str) -> Path:
    """Where an example is: in the package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    places = [base / "examples" / EXAMPLES[example] for base in (package, package.parent)]
    return next(place for place in places if place.is_dir())


def _start(folder: Path) -> None:
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    file = folder / "competition.toml"
    id_ = re.sub(r"[^\w]+", "-", folder.resolve().name).strip("-").lower() or "competition"
    text = file.read_text(encoding="utf-8").replace('id = "my-competition"', f'id = "{id_}"', 1)
    file.write_text(text, encoding="utf-8", newline="\n")
