"""What stands beside the results as tables: coverage, marks that did not count, problems."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from review_plugins.exporters.tables import Column, Table, column, shown
from review_plugins.exporters.words import say, titled, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import Problem, Result, RoundResult
    from review_plugins.exporters.tables import Row, Text


def coverage(result: Result) -> Table:
    """How many of the expected marks each round has, and what became of the others."""
    return Table(
        id="coverage",
        title=word("coverage"),
        columns=(
            column("round", "both"),
            column("entrants", "number"),
            column("ranked", "number"),
            Column("marks", word("marks"), "both", "page"),
            column("covered", "number"),
        ),
        count=len(result.rounds),
        rows=(
            {
                "round": titled(of.title, of.id),
                "entrants": len(of.standings),
                "ranked": of.standings.frame["rank"].count(),
                "marks": _marks(of),
                "covered": _percent(of.marked, of.expected),
            }
            for of in result.rounds
        ),
    )


def _marks(of: RoundResult) -> Text | None:
    """What became of the marks expected; nothing to say of a round without marks of its own."""
    if not of.expected:
        return None
    return say(
        "marks_of",
        marked=f"{of.marked:,}",
        expected=f"{of.expected:,}",
        excused=f"{of.expected - of.marked - of.missing:,}",
        missing=f"{of.missing:,}",
    )


def _percent(part: int, whole: int) -> Decimal | None:
    """A share with one decimal, rounded down: 100.0 means all of them."""
    return Decimal(part * 1000 // whole).scaleb(-1) if whole else None


def excluded(result: Result) -> Table:
    """Marks that did not count because judge and proposal must not meet."""
    return Table(
        id="excluded",
        title=word("excluded"),
        columns=(
            column("round", "both"), column("judge"), column("proposal"), column("reason"),
        ),
        count=sum(len(of.excluded) for of in result.rounds),
        rows=(
            {"round": titled(of.title, of.id), "judge": judge, "proposal": proposal, "reason": why}
            for of in result.rounds
            for judge, proposal, why in of.excluded
        ),
    )  # fmt: skip


def excluded_effect(result: Result) -> Table:
    """The ranks that leaving marks out has changed."""
    return Table(
        id="excluded_effect",
        title=word("excluded_effect"),
        columns=(
            column("round", "both"), column("proposal"),
            column("rank", "number"), column("rank_with", "number"),
        ),
        count=sum(len(of.excluded_effect) for of in result.rounds),
        rows=(
            {
                "round": titled(of.title, of.id),
                "proposal": effect.proposal,
                "rank": effect.rank,
                "rank_with": effect.rank_with,
            }
            for of in result.rounds
            for effect in of.excluded_effect
        ),
    )  # fmt: skip


def problems(found: Sequence[Problem]) -> Table:
    """What has to be told of the competition, with its place where it has one."""
    return Table(
        id="problems",
        title=word("problems"),
        columns=(
            Column("severity_text", word("severity"), "both", "page"),
            column("severity", use="data"),
            column("code", use="data"),
            column("where", use="page"),
            *(column(key, use="data") for key in ("file", "sheet", "row", "column")),
            Column("found", word("value")),
            column("message", "both"),
            column("hint", "both"),
        ),
        count=len(found),
        rows=(_problem_row(problem) for problem in found),
    )


def _problem_row(problem: Problem) -> Row:
    place = problem.place
    where = [place.file, place.sheet, None if place.row is None else str(place.row), place.column]
    return {
        "severity_text": word(f"severity_{problem.severity}"),
        "severity": str(problem.severity),
        "code": problem.code,
        "where": " › ".join(part for part in where if part),
        "file": place.file,
        "sheet": place.sheet,
        "row": where[2],
        "column": place.column,
        "found": problem.value,
        "message": problem.message.texts(),
        "hint": shown(problem.hint),
    }
