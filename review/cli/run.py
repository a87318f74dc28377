"""`review run`: from the folder to winners."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from review.cli.failures import tell
from review.cli.options import common, competition_argument, json_option, loading
from review.errors import ReviewError
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.app import Opened
    from review.model.result import Result
    from review.output import Written


def _formats(
    _ctx: click.Context, _parameter: click.Parameter, value: str | None
) -> list[str] | None:
    """`csv,html` → the formats; None (all of them) where the option is not used."""
    return None if value is None else [each.strip() for each in value.split(",") if each.strip()]


@click.command(
    help=N_(
        "Score the competition in DIR and print standings, shortlists and awards. Nothing is"
        " written without --out; a folder that `review` wrote before is replaced, any other that"
        " is not empty is refused."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.option(
    "--out",
    metavar=N_("OUT"),
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("Write the result into this folder."),
)
@click.option(
    "--format",
    "formats",
    metavar=N_("FORMAT,FORMAT"),
    callback=_formats,
    help=N_("What to write besides result.json (default: all, see `review plugins list --parts`)."),
)
@click.option(
    "--no-analysis",
    is_flag=True,
    help=N_("Leave out of report.html how sure and how fair the result is; it names judges."),
)
@json_option(help=N_("Print the result as JSON, and nothing else on standard output."))
@loading
@common
def command(
    folder: Path,
    out: Path | None,
    formats: list[str] | None,
    *,
    no_analysis: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Load, run, write where asked to, print."""
    if formats is not None and out is None:
        raise click.UsageError(_("--format needs --out: nothing is written without it"))
    competition = None
    try:
        opened = read(folder, how)
        competition = opened.competition.id
        result = scored(opened)
        if no_analysis:
            result = replace(result, analyst=None)
        written = _written(opened, result, out, formats) if out else None
    except ReviewError as error:
        if not as_json:
            raise
        from review.cli.problems import fail_as_json

        fail_as_json(competition, error)
    if as_json:
        from review.output import result_text

        click.echo(result_text(result), nl=False)
    else:
        _print(result, written)
    failures = written.failures if written else ()
    for failure in failures:
        tell(failure)
    if failures or any(problem.is_error for problem in result.problems):
        raise click.exceptions.Exit(1)  # an exporter failed, or a round waits for a decision


def read(folder: Path, how: dict[str, Any]) -> Opened:
    """The competition in `folder`, with a word on stderr meanwhile."""
    from review.app import load
    from review.cli.progress import doing

    with doing(_("Reading {folder}").format(folder=folder)):
        return load(folder, **how)


def scored(opened: Opened) -> Result:
    """Its result, with a word on stderr meanwhile."""
    from review.app import run
    from review.cli.progress import doing

    with doing(_("Scoring {folder}").format(folder=opened.folder)):
        return run(opened)


def _written(opened: Opened, result: Result, out: Path, formats: Sequence[str] | None) -> Written:
    from review.app import write
    from review.cli.progress import doing

    with doing(_("Writing {folder}").format(folder=out)):
        return write(opened, result, out, formats)


def _print(result: Result, written: Written | None) -> None:
    """Tables on stdout; problems on stderr, where they do not get among the tables."""
    from review.cli.problems import count_line, problem_lines
    from review.cli.results import result_lines
    from review.cli.screen import screen_width
    from review.cli.width import indented
    from review.model.problem import Severity

    for line in result_lines(result):
        click.echo(line)
    if written:
        files = _(", ").join(written.files)
        text = _("Written to {folder}: {files}").format(folder=written.folder, files=files)
        click.echo("\n" + indented(text, screen_width(), "", "  "))
    shown = [each for each in result.all_problems if each.severity is not Severity.NOTE]
    if not result.all_problems:
        return
    click.echo("", err=True)
    for line in problem_lines(shown):
        click.echo(line, err=True)
    count = count_line(result.all_problems)
    if len(shown) < len(result.all_problems):
        count = _("{count}; `review check` lists them").format(count=count)
    click.echo(count, err=True)
