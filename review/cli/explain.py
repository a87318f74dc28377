"""`review explain`: from rank back to marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.options import (
    common,
    competition_argument,
    loading,
    proposal_argument,
    round_option,
)
from review.text import N_

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    help=N_(
        "Show how PROPOSAL, an id or a title, came to its rank in the competition in DIR: its"
        " marks, what was dropped, weighted and rounded, which tie-break or quota decided, and what"
        " it won."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@proposal_argument
@round_option
@loading
@common
def command(folder: Path, proposal: str, round_id: str | None, **how: Any) -> None:
    """Load, run, explain and print."""
    from review.app import explain
    from review.cli.explanation import explanation_lines
    from review.cli.run import read, scored

    result = scored(read(folder, how))
    for line in explanation_lines(explain(result, proposal, round_id)):
        click.echo(line)
