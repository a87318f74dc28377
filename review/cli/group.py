"""The group `review`: commands found by name and imported when they are used."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, NoReturn

import click

from review.cli.failures import tell
from review.cli.language import asked_language, localised, speaking
from review.errors import PluginError, ReviewError
from review.messages import Message
from review.text import _, environment_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.metadata import EntryPoint

COMMANDS_GROUP = "review.commands"


class LazyGroup(click.Group):
    """Commands by name: our own from a table of modules, other people's from entry points.

    Every module of ours exports its click command as `command`. A name of ours is never looked for
    among plugins, so that no plugin can take its place.
    """

    def __init__(self, *, own: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        stand_ins = {
            name: click.Command(name, short_help=text) for name, (_module, text) in own.items()
        }
        super().__init__(commands=stand_ins, **kwargs)
        self.own = own

    def main(self, args: Any = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run a command line in the language that it, or else the locale, asks for."""
        asked = asked_language(sys.argv[1:] if args is None else args)
        with speaking(asked or environment_language()):
            return click.Group.main(localised(self), args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Our own in the order of the table, then those of plugins."""
        return [*self.own, *(name for name in _plugin_commands() if name not in self.own)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, in the current language."""
        if cmd_name in self.own:
            return localised(_own(self.own[cmd_name][0]))
        found = _plugin_commands()
        names = {name: click.Command(name) for name in found}
        self.commands = {**names, **self.commands}  # where click looks for "did you mean"
        if cmd_name not in found:
            return None
        try:
            return localised(_load(cmd_name, found[cmd_name]))
        except PluginError:
            if ctx.resilient_parsing:  # a key press in the shell is no time for complaints
                return None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's signature
        """List our commands by what they do, those of plugins by where they come from."""
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str()) for name in self.own]
            )
        rows = [
            (name, _distribution(point) + (_(" (not used: the name is taken)") if taken else ""))
            for name, points in _plugin_commands().items()
            for point in points
            for taken in [name in self.own or len(points) > 1]
        ]
        if rows:
            with formatter.section(_("From plugins")):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is wrong with data, rules or a plugin is told in words."""
        try:
            return super().invoke(ctx)
        except ReviewError as error:
            _fail(ctx, error)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            name = ctx.invoked_subcommand
            points = _plugin_commands().get(name or "")
            if name in self.own or not points:
                raise
            _fail(ctx, _raised(points[0], error))


def _plugin_commands() -> dict[str, list[EntryPoint]]:
    """The entry points of plugins' commands by name; what is there twice is told, not chosen."""
    found: dict[str, list[EntryPoint]] = {}
    for point in sorted(entry_points(group=COMMANDS_GROUP), key=lambda p: (p.name, p.value)):
        found.setdefault(point.name, []).append(point)
    return found


def _fail(ctx: click.Context, error: ReviewError) -> NoReturn:
    tell(error)
    ctx.exit(error.exit_code)


def _own(module: str) -> click.Command:
    command: click.Command = import_module(module).command
    return command


def _load(name: str, points: Sequence[EntryPoint]) -> click.Command:
    whose = [_distribution(point) for point in points]
    if len(points) > 1:
        raise PluginError(Message("command_twice", {"command": name, "distributions": whose}))
    try:
        command = points[0].load()
    except Exception as error:
        raise _raised(points[0], error) from error
    if not isinstance(command, click.Command):
        raise PluginError(Message("command_not_click", {"command": name, "distribution": whose[0]}))
    return command


def _raised(point: EntryPoint, error: Exception) -> PluginError:
    message = {
        "command": point.name,
        "distribution": _distribution(point),
        "error": f"{type(error).__name__}: {error}",
    }
    failure = PluginError(Message("command_raised", message))
    failure.__cause__ = error
    return failure


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
