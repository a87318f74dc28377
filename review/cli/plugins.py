"""`review plugins`: what is installed and from where; a new plugin; the conformance of one.

The list imports no plugin, so that it is quick and shows a broken one as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from review.cli.options import common
from review.cli.screen import heading, plain, screen_width
from review.cli.width import display_width, indented, wrap
from review.text import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP = "  "


@click.group(
    "plugins",
    invoke_without_command=True,
    help=N_(
        "List what is installed and from where (the default), start a new plugin or check one.\n\n"
        "`--no-plugin NAME` of the other commands leaves a plugin out; "
        "REVIEW_TRACE_PLUGINS=1 shows on stderr what is asked and who answers."
    ),
    short_help=N_("List, start and check plugins."),
    options_metavar=N_("[OPTIONS]"),
    subcommand_metavar=N_("[COMMAND [ARGUMENTS]…]"),
)
@common
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, where no other command is named."""
    if ctx.invoked_subcommand is None:
        _list_plugins()


@command.command("list", help=N_("List the installed plugins, and with --parts what they bring."))
@click.option(
    "--parts", "with_parts", is_flag=True, help=N_("Import them and list every part as well.")
)
@common
def list_(*, with_parts: bool) -> None:
    """List plugins, or parts."""
    _list_plugins()
    if with_parts:
        click.echo()
        _list_parts()


@command.command("new", help=N_("Start a plugin: a distribution with one award and its test."))
@click.argument("name", metavar=N_("NAME"))
@click.option(
    "--in",
    "parent",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar=N_("DIR"),
    help=N_("The folder to make it in (default: this one)."),
)
@common
def new(name: str, parent: Path) -> None:
    """Write the files and say what to do next."""
    from review.plugin.kinds import SNAKE_CASE
    from review.plugin.manager import Plugins
    from review.plugin.scaffold import new_plugin

    part_id = name.replace("-", "_")
    if not SNAKE_CASE.fullmatch(part_id):
        raise click.BadParameter(
            _("“{name}” is not a name such as `best-newcomer`").format(name=plain(name)),
            param_hint=_("NAME"),
        )
    taken = Plugins.load().awards().get(part_id)
    if taken is not None:
        raise click.BadParameter(
            _("the award `{id}` is there already, from {plugin}").format(
                id=part_id, plugin=taken.plugin
            ),
            param_hint=_("NAME"),
        )
    written = new_plugin(name, parent)
    for path in written:
        click.echo(str(path))
    click.echo(
        _("Next: python -m pip install --editable {folder}").format(folder=written[0].parent)
    )


@command.command(
    "check",
    help=N_(
        "Check that every part of a plugin keeps its contract.\n\n"
        "PATH is the folder of a distribution, a .py file or the name of an installed plugin."
    ),
)
@click.argument("path", metavar=N_("PATH"))
@common
@click.pass_context
def check(ctx: click.Context, path: str) -> None:
    """Tell of each part whether it conforms, and why not."""
    from review.testing import findings_of

    failed = False
    for kind, part_id, findings in findings_of(path):
        failed = failed or bool(findings)
        word = click.style(_("fails"), fg="red") if findings else click.style(_("ok"), fg="green")
        click.echo(f"{word}{GAP}{kind.message.render()} {part_id}")
        for finding in findings:
            click.echo(indented(finding.render(), screen_width(), "    - ", "      "))
    ctx.exit(1 if failed else 0)


def _list_plugins() -> None:
    from review.plugin.installed import installed

    headers = (_("Plugin"), _("Distribution"), _("Version"), _("Location"))
    rows = [
        (info.name, info.distribution or "–", info.version, str(info.where or _("not found")))
        for info, _point in installed()
    ]
    for line in _columns(headers, rows):
        click.echo(line)


def _list_parts() -> None:
    from importlib.metadata import entry_points

    from review.cli.group import COMMANDS_GROUP
    from review.plugin.kinds import title_of
    from review.plugin.manager import Plugins
    from review.text import pick

    headers = (_("Kind"), _("Id"), _("Plugin"), _("Title"))
    rows = [
        (kind.message.render(), part_id, found.plugin.name, pick(title_of(found.part)))
        for kind, part_id, found in Plugins.load().parts()
    ]
    rows += [
        (_("command"), point.name, point.dist.name if point.dist else "–", point.value)
        for point in sorted(entry_points(group=COMMANDS_GROUP), key=lambda p: p.name)
    ]
    for line in _columns(headers, rows):
        click.echo(line)


def _columns(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table whose last column is broken where the screen ends."""
    table = [headers, *([plain(cell) for cell in row] for row in rows)]
    widths = [max(display_width(row[i]) for row in table) for i in range(len(headers) - 1)]
    room = max(screen_width() - sum(widths) - len(GAP) * len(widths), screen_width() // 4)
    for number, row in enumerate(table):
        start = "".join(
            cell + " " * (width - display_width(cell)) + GAP
            for cell, width in zip(row[:-1], widths, strict=True)
        )
        first, *more = wrap(row[-1], room)
        yield heading(start + first) if number == 0 else (start + first).rstrip()
        for line in more:
            yield " " * display_width(start) + line
