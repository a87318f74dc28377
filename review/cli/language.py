"""The language of the command line: which one is asked for, in our texts and in click's own."""

from __future__ import annotations

import gettext
import os
from contextlib import contextmanager
from copy import copy
from inspect import cleandoc
from typing import TYPE_CHECKING, TypeVar

import click

from review.cli.formatting import Context
from review.text import LOCALE_DIR, Language, match_language, translate, using

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CommandT = TypeVar("CommandT", bound=click.Command)

#: The domain of click's own texts (`click.po`).
CLICK_DOMAIN = "click"


def asked_language(arguments: Sequence[str]) -> Language | None:
    """The language that `--lang` names, wherever it stands.

    It is looked for before anything is parsed, so that what is wrong before it is told in it.
    """
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument == "--":
            break
        if name == "--lang":
            return match_language(value if equals else "".join(arguments[place + 1 : place + 2]))
    return None


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Render our texts and click's in `language` inside the `with` block.

    click asks gettext's default domain in the language of the environment; both are put back.
    """
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(CLICK_DOMAIN, str(LOCALE_DIR))
    gettext.textdomain(CLICK_DOMAIN)
    os.environ["LANGUAGE"] = language.replace("-", "_")
    try:
        with using(language):
            yield
    finally:
        gettext.textdomain(domain)
        del os.environ["LANGUAGE"]
        if before is not None:
            os.environ["LANGUAGE"] = before


def localised(command: CommandT) -> CommandT:
    """A copy of a command whose help is in the current language, and keeps its width in it.

    Help is written where a command is defined, before the language is known. Any click command will
    do; a plugin's text that is not in our catalogue stays as it is.
    """
    copied = copy(command)
    copied.context_class = Context
    copied._help_option = None  # noqa: SLF001 -- click keeps it in the language of its first use
    _translate_texts(copied, "help", "short_help", "epilog", "options_metavar")
    copied.params = [_localised_parameter(parameter) for parameter in command.params]
    if isinstance(copied, click.Group):
        _translate_texts(copied, "subcommand_metavar")
        copied.commands = {name: localised(each) for name, each in copied.commands.items()}
    return copied


def _localised_parameter(parameter: click.Parameter) -> click.Parameter:
    copied = copy(parameter)
    _translate_texts(copied, "help", "metavar")
    return copied


def _translate_texts(owner: click.Command | click.Parameter, *names: str) -> None:
    for name in names:
        text = getattr(owner, name, None)
        if text:
            setattr(owner, name, translate(cleandoc(text)))
