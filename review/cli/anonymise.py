"""`review anonymise`: what is known of people is erased, what was marked stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from review.cli.live import database_option, existing
from review.cli.options import common, competition_argument, loading
from review.cli.screen import plain, screen_width
from review.cli.width import indented
from review.text import N_, _, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from review.live.anonymising import Erased
    from review.live.showing import What


@click.command(
    help=N_(
        "Erase from the live database of DIR what is known of judges and organisers: names, logins,"
        " comments, reasons, drafts, ways in. Marks stay under random names, and the record still"
        " verifies. This cannot be undone; copies made by `review backup`, exports and the folder"
        " itself are yours to delete."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@database_option
@click.option("--yes", is_flag=True, help=N_("Do not ask."))
@loading
@common
def command(
    folder: Path, database: str | None, *, yes: bool, local_plugins: bool, blocked: tuple[str, ...]
) -> None:
    """Ask, erase, verify."""
    from review.live.anonymising import erase_people, unfinished
    from review.live.deriving import Question

    with existing(folder, database) as store:
        if not yes:
            _show(_announced(store.shown, unfinished(store)))
            click.confirm(_("Erase for good?"), abort=True)
        erased = erase_people(store, Question(store.url, local_plugins, blocked))
    _show(_told(erased))
    if erased.findings:
        for finding in erased.findings:
            click.echo(plain(finding.message.render()), err=True)
        click.get_current_context().exit(1)


def _announced(database: str, unfinished: list[str]) -> Iterator[str]:
    yield _("In {database} these are erased:").format(database=database)
    yield "- " + _("names, logins and passwords; judges become judge-1, judge-2 …")
    yield "- " + _("comments, reasons, drafts, and who gave which ruling")
    yield "- " + _("every link, code and session: everybody is signed out")
    yield "- " + _("of judges all but their panels; of proposals contact data")
    yield _("Marks, ranks, shortlists and awards stay. This cannot be undone.")
    if unfinished:
        rounds = _(", ").join(f"“{name}”" for name in unfinished)
        yield _("Not closed yet: {rounds}. Judges need new links to go on.").format(rounds=rounds)


def _told(erased: Erased) -> Iterator[str]:
    done = erased.done
    yield _("Erased: {what}").format(
        what=_(", ").join((
            counted(N_("{count} person"), N_("{count} people"), done.people),
            counted(N_("{count} text"), N_("{count} texts"), done.words),
            counted(N_("{count} ruling’s author"), N_("{count} rulings’ authors"), done.decisions),
            counted(N_("{count} publication"), N_("{count} publications"), len(done.unpublished)),
        ))
    )  # fmt: skip
    if erased.again:
        yield _("Published anew without names: {what}").format(what=_whats(erased.again))
    if erased.gone:
        yield _(
            "No longer published, since the result is another one by now: {what}. Look at it, and"
            " publish it anew."
        ).format(what=_whats(erased.gone))
    if erased.naming:
        yield _("Judges’ names stand in {files} as well; these stay as they are.").format(
            files=_(", ").join(erased.naming)
        )
    if not erased.findings:
        yield _("The record verifies ({events} events).").format(events=f"{done.head.seq:,}")
    yield _("Copies, exports and the folder itself still have what they had: delete them.")


def _whats(found: Iterable[What]) -> str:
    parts = [[*what.rounds, *([_("awards")] if what.awards else [])] for what in found]
    return _("; ").join(_(", ").join(names) for names in parts)


def _show(lines: Iterable[str]) -> None:
    for line in lines:
        rest = "  " if line.startswith("- ") else ""
        click.echo(indented(plain(line), screen_width(), "", rest))
