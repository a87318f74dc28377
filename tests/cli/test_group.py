from __future__ import annotations

import re
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import BashComplete

from review import app as review_app
from review.cli import main
from review.cli.language import speaking
from review.cli.width import display_width

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

COMMANDS = [
    "init", "check", "run", "explain", "agreement", "stability", "compare", "unusual", "next-pair",
    "verify", "serve", "organiser", "export", "record", "backup", "restore", "anonymise",
    "rehearse", "seed", "plugins", "completion",
]  # fmt: skip
PAGES = [
    [],
    *([name] for name in COMMANDS),
    *(["plugins", name] for name in ("list", "new", "check")),
]

# What is the same in Chinese: names of programs, files, formats, ids and examples.
NAMES = re.compile(
    r"`[^`]*`|--?[a-z-]+|competition\.toml|result\.json|report\.html|star-plan|zh-Hans|review|plugins|JSON|\.py"
    r"|REVIEW_TRACE_PLUGINS=1|eval \"\$\(review completion (bash|zsh)\)\"|~/\S+"
    r"|\b(en|bash|zsh|fish|completion|stderr)\b|https?(://\S+)?|postgresql://\S*|SQLite|PostgreSQL|URL"
    r"|live\.sqlite3|REVIEW_\w+|/metrics|human|fast|pg_ctl\S*|shell"
)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_help_fits_eighty_columns(
    page: list[str],
    language: str,
    review: Callable[..., Result],
    golden: Callable[[str, str], None],
) -> None:
    done = review(*page, "--lang", language, "--help")
    assert (done.exit_code, done.stderr) == (0, "")
    assert max(map(display_width, done.stdout.splitlines())) <= 80
    golden("-".join(["help", *page, language]), done.stdout)


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_chinese_help_has_no_english_left(page: list[str], review: Callable[..., Result]) -> None:
    text = review(*page, "--help", "--lang=zh-Hans").stdout
    names = "|".join([*COMMANDS, "list", "new"])
    text = re.sub(rf"^(用法：[a-z ]+|  ({names})\b)", "", text, flags=re.MULTILINE)
    assert re.findall(r"[A-Za-z]{2,}", NAMES.sub("", text)) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--lang", "zh-Hans", "check"),
        ("check", "--lang", "zh-Hans"),
        ("check", "--lang=zh-Hans"),
    ],
)
def test_language_may_stand_before_and_after_the_command(
    arguments: tuple[str, ...], review: Callable[..., Result]
) -> None:
    done = review(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "用法：review check [选项] 文件夹\n运行“review check --help”可查看帮助。\n\n"
        "错误：缺少参数 '文件夹'.\n"
    )


def test_language_of_the_locale_counts_where_none_is_asked_for(
    review: Callable[..., Result],
) -> None:
    assert review("--help", LANG="zh_CN.UTF-8").stdout.startswith("用法：review [选项] 命令")
    done = review("--help", "--lang", "en", LANG="zh_CN.UTF-8")
    assert done.stdout.startswith("Usage: review [OPTIONS] COMMAND")


def test_unknown_language_is_wrong_usage(review: Callable[..., Result]) -> None:
    done = review("--lang", "tlh", "check")
    assert done.exit_code == 2
    assert done.stderr.endswith(
        "Error: Invalid value for '--lang': 'tlh' is not one of 'en', 'zh-Hans'.\n"
    )


def test_version_is_name_and_number(review: Callable[..., Result]) -> None:
    assert review("--version").output == f"review {version('venture-review')}\n"


def test_unknown_command_is_wrong_usage_with_a_suggestion(review: Callable[..., Result]) -> None:
    done = review("chek")
    assert done.exit_code == 2
    assert done.stderr.endswith("Error: No such command 'chek'. Did you mean 'check'?\n")


def test_error_of_ours_is_not_told_in_words(
    competition: Path, monkeypatch: pytest.MonkeyPatch, review: Callable[..., Result]
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(review_app, "load", fail)
    with pytest.raises(ZeroDivisionError):
        review("check", competition)


def test_closed_pipe_is_no_fault_of_a_plugin(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello")
    assert review("hello", "--closed").output == ""


def test_arguments_come_from_the_command_line_where_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["review", "--version"])
    with pytest.raises(SystemExit, match="0"):
        main()
    assert capsys.readouterr().out.startswith("review ")


# ------------------------------------------------------------------------- commands of other people

FAILED = "Error: the command “hello” of review-hello 1.0 failed:"
HINT = "  → --traceback shows where it happened\n"

MODULE = """
import errno
import click
from review import Message, ReviewError

@click.command(help="Say hello.")
@click.option("--wrong", is_flag=True)
@click.option("--words", is_flag=True)
@click.option("--plain", is_flag=True)
@click.option("--usage", is_flag=True)
@click.option("--closed", is_flag=True)
def hello(wrong, words, plain, usage, closed):
    if closed:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")
    if wrong:
        raise ValueError("no greeting")
    if words:
        raise ReviewError(Message("own", {}, {"en": "in words", "zh-Hans": "有话好说"}))
    if plain:
        raise ReviewError("no {greeting} today")
    if usage:
        raise click.UsageError("not so")
    click.echo("hello")

nothing = "no command"
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Install a distribution with commands, as far as Python's metadata goes."""

    def install(distribution: str, commands: str) -> None:
        folder = tmp_path / f"{distribution.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Name: {distribution}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[review.commands]\n{commands}\n")
        (tmp_path / "review_hello.py").write_text(MODULE)

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "review_hello", raising=False)
    return install


def test_command_of_a_plugin_runs(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello")
    assert review("hello").output == "hello\n"
    assert "Say hello." in review("hello", "--help").stdout


def test_commands_of_plugins_are_listed_by_distribution_without_import(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello\ncheck = review_hello:hello")
    section = review("--help").stdout.partition("From plugins:\n")[2].partition("\n\n")[0]
    assert section == (
        "  check  review-hello 1.0 (not used: the name is taken)\n  hello  review-hello 1.0"
    )
    assert "review_hello" not in sys.modules


def test_plugin_cannot_take_the_place_of_a_command_of_ours(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "check = review_hello:hello")
    assert review("check").stderr.startswith("Usage: review check [OPTIONS] DIR\n")


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        (
            "hello = no_such_module:hello",
            f"{FAILED} ModuleNotFoundError: No\n  module named 'no_such_module'\n{HINT}",
        ),
        (
            "hello = review_hello:nothing",
            "Error: the command “hello” of review-hello 1.0 is not a click command\n",
        ),
    ],
)
def test_broken_command_of_a_plugin_is_told_in_words(
    commands: str,
    words: str,
    plugin: Callable[[str, str], None],
    review: Callable[..., Result],
) -> None:
    plugin("review-hello", commands)
    done = review("hello")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", words)


def test_command_of_two_plugins_names_both(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello")
    plugin("review-other", "hello = review_hello:nothing")
    done = review("hello")
    assert (done.exit_code, done.stderr) == (
        1,
        (
            "Error: the command “hello” comes from review-hello 1.0, review-other 1.0;\n"
            "  uninstall one\n"
        ),
    )


def test_raising_command_of_a_plugin_is_named(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello")
    done = review("hello", "--wrong")
    assert (done.exit_code, done.stderr) == (
        1,
        f"{FAILED} ValueError: no greeting\n{HINT}",
    )
    traced = review("--traceback", "hello", "--wrong").stderr
    assert 'raise ValueError("no greeting")' in traced
    assert traced.endswith(f"{FAILED} ValueError: no greeting\n")


def test_plain_text_of_a_plugin_is_an_error_in_words(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello")
    done = review("--lang", "zh-Hans", "hello", "--plain")
    assert (done.exit_code, done.stderr) == (1, "错误：no {greeting} today\n")


def test_command_of_a_plugin_may_speak_our_way(
    plugin: Callable[[str, str], None], review: Callable[..., Result]
) -> None:
    plugin("review-hello", "hello = review_hello:hello")
    done = review("--lang", "zh-Hans", "hello", "--words")
    assert (done.exit_code, done.stderr) == (1, "错误：有话好说\n")
    assert review("hello", "--usage").exit_code == 2


def test_completion_leaves_out_a_broken_command_of_a_plugin(
    plugin: Callable[[str, str], None],
) -> None:
    plugin("review-hello", "hello = review_hello:hello\nbroken = no_such_module:hello")
    with speaking("en"):
        found = BashComplete(main, {}, "review", "_REVIEW_COMPLETE").get_completions([], "")
    assert [each.value for each in found if each.type == "plain"] == [*COMMANDS, "hello"]
