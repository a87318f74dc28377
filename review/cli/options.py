"""Options and arguments that several commands share."""

from __future__ import annotations

from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from review.cli.completing import complete_proposals, complete_rounds
from review.cli.failures import TRACEBACK
from review.text import LANGUAGES, N_

if TYPE_CHECKING:
    from collections.abc import Callable

Decorated = TypeVar("Decorated", bound="Callable[..., Any]")


def _together(*decorators: Callable[[Any], Any]) -> Callable[[Decorated], Decorated]:
    """Several decorators as one, the first outermost."""

    def decorate(function: Decorated) -> Decorated:
        return reduce(lambda made, decorator: decorator(made), reversed(decorators), function)

    return decorate


def _wish_traceback(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click calls it so
    if value:
        ctx.meta[TRACEBACK] = True


def _negated(_ctx: click.Context, _parameter: click.Parameter, value: bool) -> bool:  # noqa: FBT001 -- click calls it so
    return not value


def print_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click calls it so
    """Print name and version, and nothing else happens."""
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"review {version('venture-review')}")
        ctx.exit()


#: What every command takes. The language has been chosen before anything is parsed.
common = _together(
    click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        expose_value=False,
        is_eager=True,
        help=N_("The language of what is printed (default: the locale's)."),
    ),
    click.option(
        "--traceback",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_wish_traceback,
        help=N_("Show where an error came from."),
    ),
)

#: What every command takes that loads a competition.
loading = _together(
    click.option(
        "--no-plugin",
        "blocked",
        multiple=True,
        metavar=N_("NAME"),
        help=N_("Leave a plugin out (may be repeated)."),
    ),
    click.option(
        "--no-local-plugins",
        "local_plugins",
        is_flag=True,
        callback=_negated,
        help=N_("Run no code from the competition's own plugins folder."),
    ),
)

folder_argument = partial(
    click.argument, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
competition_argument = folder_argument("folder", metavar=N_("DIR"))
out_argument = folder_argument("out", metavar=N_("OUT"))
proposal_argument = click.argument(
    "proposal", metavar=N_("PROPOSAL"), shell_complete=complete_proposals
)
round_option = click.option(
    "--round",
    "round_id",
    metavar=N_("ROUND"),
    shell_complete=complete_rounds,
    help=N_("The round to explain (default: every round it was in)."),
)
json_option = partial(click.option, "--json", "as_json", is_flag=True)
