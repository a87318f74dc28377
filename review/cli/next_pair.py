"""`review next-pair`: which two proposals to compare next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from review.cli.completing import complete_rounds
from review.cli.options import common, competition_argument, json_option, loading
from review.errors import ReviewError
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from review.analysis.next_pair import NextPairs, RoundSuggestions, Suggestion


@click.command(
    help=N_(
        "Suggest which two proposals of the competition in DIR to compare next, in rounds that are"
        " judged by comparisons: those of which an answer is expected to tell most."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.option(
    "--round",
    "round_id",
    metavar=N_("ROUND"),
    shell_complete=complete_rounds,
    help=N_("The round to look at (default: all)."),
)
@click.option(
    "--judge",
    metavar=N_("JUDGE"),
    help=N_("Who is to compare: an id or a name (default: anybody)."),
)
@json_option(help=N_("Print the report as JSON, and nothing else on standard output."))
@loading
@common
def command(
    folder: Path, round_id: str | None, judge: str | None, *, as_json: bool, **how: Any
) -> None:
    """Load, suggest and print."""
    from review.app import next_pairs
    from review.cli.problems import fail_as_json
    from review.cli.run import read
    from review.model.canonical import dumps

    competition = None
    try:
        opened = read(folder, how)
        competition = opened.competition.id
        found = next_pairs(opened, round_id, judge)
    except ReviewError as error:
        if not as_json:
            raise
        fail_as_json(competition, error)
    if as_json:
        click.echo(dumps(found.to_json(), indent=2))
        return
    for line in _lines(found):
        click.echo(line)


def _lines(found: NextPairs) -> Iterator[str]:
    from review.cli.screen import plain, screen_width
    from review.cli.width import indented

    for number, round_ in enumerate(found.rounds):
        if number:
            yield ""
        yield from _heading(round_)
        for sentence in round_.sentences:
            yield indented(plain(sentence.render()), screen_width(), "- ", "  ")
        if round_.pairs:
            yield ""
            yield _table(round_)


def _heading(round_: RoundSuggestions) -> Iterator[str]:
    from review.cli.results import titled
    from review.cli.screen import heading

    yield heading(titled(round_.title, round_.id))


def _table(round_: RoundSuggestions) -> str:
    from review.cli.tables import Column, table

    columns = [
        Column(_("First proposal"), fit="cut"),
        Column(_("Second proposal"), fit="cut"),
        Column(_("Compared"), "right"),
    ]
    return table(columns, [_row(pair) for pair in round_.pairs])


def _row(pair: Suggestion) -> list[str]:
    from review.cli.results import titled

    names = [
        f"{proposal} {titled(title, '')}".strip()
        for proposal, title in zip((pair.first, pair.second), pair.titles, strict=True)
    ]
    return [*names, str(pair.compared)]
