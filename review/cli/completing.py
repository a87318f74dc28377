"""Ids for shell completion, read with the standard library so that a key press costs little.

What cannot be read completes to nothing: `review check` is the place for complaints.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click


def complete_rounds(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The rounds of the competition on the command line that start as typed."""
    rounds = _declared(_folder(ctx)).get("rounds", [])
    return _starting((each.get("id", "") for each in rounds), incomplete)


def complete_proposals(
    ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[str]:
    """The ids of its proposals that start as typed, where their table is a plain CSV file."""
    import csv

    folder = _folder(ctx)
    try:
        path = folder / _declared(folder)["proposals"]
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _starting([row["id"] for row in csv.DictReader(file)], incomplete)
    except (KeyError, OSError, TypeError, ValueError):
        return []


def _folder(ctx: click.Context) -> Path:
    """The folder as parsed or, where an option still waits for its value, as it stands."""
    return Path(ctx.params.get("folder") or next(iter(ctx.args), ""))


def _declared(folder: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads((folder / "competition.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _starting(ids: Iterable[str], incomplete: str) -> list[str]:
    return [each for each in ids if each.startswith(incomplete)]
