from __future__ import annotations

import gettext
import os

import click
import pytest

from review.cli.language import CLICK_DOMAIN, asked_language, localised, speaking
from review.text import current_language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh-Hans", "check"], "zh-Hans"),
        (["check", "DIR", "--lang=zh"], "zh-Hans"),
        (["check", "--lang", "en"], "en"),
        (["check", "--lang"], None),
        (["check", "--lang", "tlh"], None),
        (["check", "--", "--lang", "zh-Hans"], None),
        ([], None),
    ],
)
def test_asked_language_is_found_wherever_it_stands(
    arguments: list[str], language: str | None
) -> None:
    assert asked_language(arguments) == language


@pytest.mark.parametrize("before", [None, "en:zh"])
def test_speaking_puts_everything_back(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if before:
        monkeypatch.setenv("LANGUAGE", before)
    domain = gettext.textdomain()
    with speaking("zh-Hans"):
        assert (gettext.textdomain(), gettext.gettext("Commands")) == (CLICK_DOMAIN, "命令")
        assert current_language() == "zh-Hans"
    assert (gettext.textdomain(), os.environ.get("LANGUAGE")) == (domain, before)
    assert current_language() == "en"


def test_localised_leaves_the_command_itself_alone() -> None:
    @click.group(help="List, start and check plugins.", subcommand_metavar="COMMAND [ARGUMENTS]…")
    def group() -> None: ...

    @group.command(help="a text of somebody else")
    @click.option("--name", metavar="NAME", help="Show the version and exit.")
    def inner(name: str) -> None: ...

    with speaking("zh-Hans"):
        copied = localised(group)
    assert (group.help, copied.help) == ("List, start and check plugins.", "查看、新建、检测插件。")
    assert copied.subcommand_metavar == "命令 [参数]…"
    command = copied.commands["inner"]
    assert command.help == "a text of somebody else"
    assert [
        (each.metavar, each.help) for each in command.params if isinstance(each, click.Option)
    ] == [("名称", "显示版本号后退出。")]
