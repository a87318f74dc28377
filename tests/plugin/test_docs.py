"""The pages for plugin authors do what they say: every block of Python on them is run."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from review.plugin import hookspecs
from review.plugin.installed import PluginInfo
from review.plugin.kinds import Kind
from review.plugin.manager import Plugins
from review.testing import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HOOKS = [name for name in vars(hookspecs) if name.startswith("register_")]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def run_page(name: str, folder: Path) -> Iterator[ModuleType]:
    """Each block of Python as a module that knows the names of those before it.

    A block of TOML that begins with the name of a file is written there.
    """
    known: dict[str, Any] = {}
    for number, (language, text) in enumerate(BLOCK.findall(page(name))):
        named = re.match(r"# (\S+\.toml)\n", text)
        if named:
            (folder / named[1]).write_text(text, encoding="utf-8")
        if language == "python":
            module = ModuleType(f"block_{number}")
            vars(module).update(known, __file__=str(folder / "block.py"))
            code = compile(text, f"{name}, block {number}", "exec", dont_inherit=True)
            exec(code, vars(module))  # noqa: S102
            known |= {
                key: value
                for key, value in vars(module).items()
                if not key.startswith(("register_", "test_", "__"))
            }
            yield module


def plugin_of(module: ModuleType) -> Plugins | None:
    if any(name in vars(module) for name in HOOKS):
        return Plugins([(PluginInfo(module.__name__, None, "docs", None), module)])
    return None


@pytest.mark.parametrize("name", ["hooks.md", "plugins.md"])
def test_page_shows_parts_that_conform(name: str, tmp_path: Path) -> None:
    plugins = filter(None, map(plugin_of, run_page(name, tmp_path)))
    found = [
        (kind, part_id, [finding.render("en") for finding in findings(registered.part)])
        for plugin in plugins
        for kind, part_id, registered in plugin.parts()
    ]
    assert [each for each in found if each[2]] == []
    assert found != []


def test_page_shows_tests_that_pass(tmp_path: Path) -> None:
    tests = [
        value
        for module in run_page("plugins.md", tmp_path)
        for key, value in vars(module).items()
        if key.startswith("test_")
    ]
    for test in tests:
        test()
    assert len(tests) == 7


def test_hooks_page_shows_every_kind(tmp_path: Path) -> None:
    plugins = filter(None, map(plugin_of, run_page("hooks.md", tmp_path)))
    assert {kind for plugin in plugins for kind, _id, _part in plugin.parts()} == set(Kind)


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_is_documented(hook: str) -> None:
    """When it is called, what to return, and an example, under a heading of its own."""
    section = re.search(
        rf"^## {hook}\(\)\n(.*?)(?=^## )", page("hooks.md"), re.MULTILINE | re.DOTALL
    )
    assert section is not None
    assert [line.split()[0] for line in section[1].splitlines() if line][:2] == [
        "Called",
        "Returns",
    ]
    assert f"@hookimpl\ndef {hook}():" in section[1]


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_is_tested(hook: str) -> None:
    tests = (Path(__file__).parent / "test_hooks.py").read_text(encoding="utf-8")
    assert f"def test_hook_{hook}(" in tests


def test_hooks_have_a_kind_each() -> None:
    assert sorted(HOOKS) == sorted(kind.hook for kind in Kind)
