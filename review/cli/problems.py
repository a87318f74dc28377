"""Problems as an organiser reads them: by file, each with its place, the value and what to do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NoReturn

import click

from review.cli.screen import heading, plain, screen_width
from review.cli.width import indented
from review.errors import DataError
from review.model.canonical import dumps
from review.model.problem import Severity, error
from review.model.result import SCHEMA
from review.text import _, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.errors import ReviewError
    from review.model.problem import Place, Problem

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """The problems grouped by file, in their order."""
    for file, found in groupby(problems, key=lambda problem: problem.place.file):
        yield heading(plain(file) if file else _("The competition as a whole"))
        for problem in found:
            yield from _one(problem)
        yield ""


def _one(problem: Problem) -> Iterator[str]:
    width = screen_width()
    word = severity_word(problem.severity)
    start = "  ".join(filter(None, [_place(problem.place), word]))
    text = plain(problem.message.render())
    # A text cuts a long value short.
    if problem.value is not None and problem.value[:40] not in text:
        text += _(": “{value}”").format(value=plain(problem.value))
    styled = click.style(word, fg=_COLOURS[problem.severity])
    line = indented(text, width, f"  {start}  ", " " * 6)
    yield line.replace(word, styled, 1)
    if problem.hint:
        yield indented(plain(problem.hint.render()), width, " " * 6 + "→ ", " " * 8)


def _place(place: Place) -> str:
    """`marks.csv:14 innovation`, or `scores.xlsx[Sheet1]:14 C`."""
    where = plain(place.file or "")
    if place.sheet:
        where += f"[{plain(place.sheet)}]"
    if place.row is not None:
        where += f":{place.row}"
    return " ".join(filter(None, [where, plain(place.column or "")]))


def severity_word(severity: Severity) -> str:
    """The word of a severity in the current language."""
    words = {
        Severity.ERROR: _("error"),
        Severity.WARNING: _("warning"),
        Severity.NOTE: _("note"),
    }
    return words[severity]


def count_line(problems: Sequence[Problem]) -> str:
    """How many of each kind: `2 errors, 1 note`; that there are none where there are none."""
    number = {kind: sum(problem.severity is kind for problem in problems) for kind in Severity}
    texts = [
        counted("{count} error", "{count} errors", number[Severity.ERROR]),
        counted("{count} warning", "{count} warnings", number[Severity.WARNING]),
        counted("{count} note", "{count} notes", number[Severity.NOTE]),
    ]
    there = [text for text, count in zip(texts, number.values(), strict=True) if count]
    return _(", ").join(there) or _("no problems")


def problems_of(found: ReviewError) -> Sequence[Problem]:
    """Every problem that an error carries; of any other error, itself."""
    return found.problems if isinstance(found, DataError) else [error(found.message)]


def fail_as_json(competition: str | None, failure: ReviewError) -> NoReturn:
    """Print the problems of a failure as JSON, and exit with its code."""
    click.echo(problems_json(competition, problems_of(failure)))
    raise click.exceptions.Exit(failure.exit_code) from None


def problems_json(competition: str | None, problems: Sequence[Problem]) -> str:
    """What `--json` prints where nothing was scored."""
    document = {
        "schema": SCHEMA,
        "competition": competition,
        "problems": [problem.to_json() for problem in problems],
    }
    return dumps(document, indent=2)
