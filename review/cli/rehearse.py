"""`review rehearse`: a dry run of the whole event."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.cli.options import common, competition_argument, json_option
from review.text import N_, _, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.rehearsal.report import Report

#: How many marks that went wrong are listed; `--json` has all of them.
LISTED = 10


@click.command(
    help=N_(
        "Play a whole event before it happens: a copy of the competition in DIR, a server of its"
        " own, judges who mark, correct, go offline and lose replies, organisers who watch, and a"
        " server that is killed on the way. Every mark that was acknowledged is then looked for in"
        " the database and in the export. DIR and its live event are not touched. Exit code 1 if"
        " anything was lost, doubled, altered or shown to somebody who should not see it."
    ),
    options_metavar=N_("[OPTIONS]"),
)
@competition_argument
@click.option(
    "--judges",
    metavar="N",
    type=click.IntRange(1, 5000),
    help=N_("So many judges, made up (default: those of DIR)."),
)
@click.option(
    "--proposals",
    metavar="N",
    type=click.IntRange(1, 5000),
    help=N_("So many proposals, made up beyond those of DIR (default: those of DIR)."),
)
@click.option(
    "--criteria",
    metavar="N",
    type=click.IntRange(1, 50),
    help=N_("A made-up rubric of so many criteria (default: the rubrics of DIR)."),
)
@click.option(
    "--pace",
    type=click.Choice(["human", "fast"]),
    default="human",
    help=N_("human: as people judge, ten times as fast; fast: without a pause. Default: human."),
)
@click.option(
    "--kills",
    metavar="N",
    type=click.IntRange(0, 20),
    default=1,
    help=N_("How often the server is killed while judges mark (default: 1)."),
)
@click.option(
    "--listeners",
    metavar="N",
    type=click.IntRange(0, 500),
    default=3,
    help=N_("Pages of organisers that stay open and follow (default: 3)."),
)
@click.option(
    "--database",
    metavar="URL",
    envvar="REVIEW_REHEARSAL_DATABASE",
    help=N_(
        "A PostgreSQL server, postgresql://…: a database is made there and dropped at the end"
        " (default: an SQLite file in a temporary folder)."
    ),
)
@click.option(
    "--restart-database",
    "restart",
    metavar=N_("COMMAND"),
    help=N_("A shell command that restarts PostgreSQL, run once while judges mark."),
)
@click.option(
    "--seed", metavar="N", type=int, default=1, help=N_("Where chance begins (default: 1).")
)
@click.option(
    "--out",
    metavar=N_("FILE"),
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help=N_("Write the report as JSON into this file, too."),
)
@json_option(help=N_("Print the report as JSON, and nothing else on standard output."))
@common
def command(  # noqa: PLR0913, PLR0917 -- one parameter an option
    folder: Path,
    judges: int | None,
    proposals: int | None,
    criteria: int | None,
    pace: str,
    kills: int,
    listeners: int,
    database: str | None,
    restart: str | None,
    seed: int,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Rehearse, print, and say by the exit code whether all was well."""
    if restart and not database:
        raise click.UsageError(_("--restart-database needs --database postgresql://…"))
    from review.cli.progress import doing
    from review.rehearsal.play import Plan, rehearse

    again = partial(_succeeds, restart) if restart else None
    plan = Plan(
        folder, (judges, proposals, criteria), pace, kills, listeners, database, again, seed
    )
    with doing(_("Rehearsing {folder}").format(folder=folder)):
        report = rehearse(plan)
    text = _as_json(report)
    if out:
        out.write_text(text, encoding="utf-8")
    if as_json:
        click.echo(text, nl=False)
    else:
        for line in lines(report):
            click.echo(line)
    if not report.is_clean:
        raise click.exceptions.Exit(1)


def _succeeds(command: str) -> bool:
    import subprocess

    done = subprocess.run(command, shell=True, check=False, capture_output=True)  # noqa: S602 -- theirs  # nosec B602
    return done.returncode == 0


def _as_json(report: Report) -> str:
    import json

    return json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"


def lines(report: Report) -> Iterator[str]:
    """The report for people."""
    from review.cli.screen import heading, screen_width
    from review.cli.width import indented

    yield from _title(report)
    yield "\n" + heading(_("Marks"))
    yield from _marks(report)
    yield "\n" + heading(_("What was played"))
    yield from _played(report)
    yield "\n" + heading(_("How long it took, in milliseconds"))
    yield from _latency(report)
    yield "\n" + heading(_("Speed"))
    yield from _speed(report)
    yield "\n" + heading(_("Outcome"))
    for text in _outcome(report):
        yield indented(text, screen_width(), "", "  ")


def _title(report: Report) -> Iterator[str]:
    from review.cli.screen import heading

    size = report.size
    kinds = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    yield heading(
        _("Rehearsal of {competition} on {database}").format(
            competition=size.competition, database=kinds[size.database]
        )
    )
    yield _(", ").join((
        counted("{count} judge", "{count} judges", size.judges),
        counted("{count} proposal", "{count} proposals", size.proposals),
        counted("{count} criterion", "{count} criteria", size.criteria),
        counted("{count} page that follows", "{count} pages that follow", size.listeners),
        counted("{count} second", "{count} seconds", round(report.seconds)),
    ))  # fmt: skip


def _numbers(rows: Sequence[tuple[str, int]]) -> Iterator[str]:
    from review.cli.tables import Column, table

    columns = [Column("", fit="wrap"), Column("", "right")]
    text = table(columns, [(name, f"{number:,}") for name, number in rows])
    yield "\n".join(text.splitlines()[2:])  # without the header, which is empty


def _marks(report: Report) -> Iterator[str]:
    balance = report.balance
    yield from _numbers((
        (_("acknowledged"), balance.acknowledged),
        (_("stored"), balance.stored),
        (_("stored, but the answer never arrived"), balance.unanswered),
        (_("lost"), len(balance.lost)),
        (_("doubled"), len(balance.doubled)),
        (_("altered"), len(balance.altered)),
        (_("stored, but never sent or refused"), len(balance.stray)),
        (_("otherwise in the export"), len(report.not_exported)),
    ))  # fmt: skip


def _played(report: Report) -> Iterator[str]:
    names = {
        "lost_reply": _("replies lost"),
        "twice": _("ballots sent twice at once"),
        "two_tabs": _("ballots changed in two tabs"),
        "correction": _("corrections"),
        "abstain": _("marks abstained from"),
        "missing": _("marks left out"),
        "recused": _("ballots recused"),
        "offline": _("judges offline for a while"),
        "dropped_out": _("judges who left early"),
        "rulings": _("rulings on ties"),
        "kills": _("server killed and started again"),
        "restarts": _("database restarted"),
        "gave_up": _("judges who gave up on the server"),
        "replay_differs": _("answers to the same ballot that differed"),
        "no_answer": _("requests without an answer"),
        "replays": _("ballots sent again and recognised"),
    }
    known = {**report.played, **report.faults}
    rows = [(names[key], known[key]) for key in names if known.get(key)]
    rows += [
        (_("refused: {code}").format(code=code), count)
        for code, count in sorted(report.operations["refused"].items())
    ]
    if report.faults.get("restart_failed"):
        rows.append((_("restarts of the database that failed"), report.faults["restart_failed"]))
    rows += [
        (_("answers with {code}").format(code=code), count)
        for code, count in sorted(report.faults.items())
        if code.isdecimal()
    ]
    yield from _numbers(rows)


def _latency(report: Report) -> Iterator[str]:
    from review.cli.tables import Column, table

    names = {
        "ballots": _("a ballot, to its acknowledgement"),
        "stored": _("a ballot, with all that went wrong"),
        "pages": _("a page for a judge"),
        "shown": _("until organisers see a mark"),
        "down": _("killed, until marks are taken again"),
    }
    columns = [
        Column("", fit="wrap"), Column(_("number"), "right"),
        *(Column(name, "right") for name in ("p50", "p95", "p99")), Column(_("longest"), "right"),
    ]  # fmt: skip
    rows = [
        (name, f"{each.count:,}", *(f"{v * 1000:,.0f}" for v in (each.p50, each.p95, each.p99)),
         f"{each.longest * 1000:,.0f}")
        for key, name in names.items()
        if (each := report.latency[key]).count
    ]  # fmt: skip
    yield table(columns, rows)


def _speed(report: Report) -> Iterator[str]:
    from review.cli.tables import Column, table

    rate, bare = report.marks_per_second, report.bare
    columns = [
        Column("", fit="wrap"), Column(_("marks/s"), "right"), Column(_("ratio"), "right")
    ]  # fmt: skip
    yield table(columns, (
        (_("through the pages of judges"), f"{rate:,.0f}", ""),
        (_("bare insert, a commit for each ballot"), f"{bare.single:,.0f}",
         f"{rate / bare.single:.2f}"),
        (_("bare insert, 128 ballots a commit"), f"{bare.grouped:,.0f}",
         f"{rate / bare.grouped:.2f}"),
    ))  # fmt: skip


def _outcome(report: Report) -> Iterator[str]:
    balance = report.balance
    wrong = [*balance.lost, *balance.doubled, *balance.altered, *balance.stray]
    wrong += report.not_exported
    if not wrong:
        yield _("Every acknowledged mark is in the database and in the export, once.")
    yield from (_("Wrong: {place}").format(place=place) for place in wrong[:LISTED])
    if report.same:
        yield _("`review run` and `review verify` on the export agree with the live result.")
    else:
        yield _("The live result is NOT what `review run` makes of the export.")
    if not report.record:
        yield counted(
            "The record is unbroken: {count} event.", "The record is unbroken: {count} events.",
            report.events,
        )  # fmt: skip
    yield from (_("In the record: {finding}").format(finding=each) for each in report.record)
    if not report.leaks:
        yield counted(
            "{count} request for what is not for all, and nothing was shown.",
            "{count} requests for what is not for all, and nothing was shown.", report.asked,
        )  # fmt: skip
    for leak in report.leaks[:LISTED]:
        yield _("LEAK: {who} got {found} from {target}").format(
            who=_("a judge") if leak.who == "judge" else _("nobody signed in"),
            found=leak.found, target=leak.target,
        )  # fmt: skip
    yield from report.notes
