"""What starting costs, and which names of `review` are public."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import review

ROOT = Path(__file__).parents[1]

# Modules of ours that a command may load before it knows that it has something to compute.
LIGHT = (
    "review.catalogue",
    "review.cli",
    "review.errors",
    "review.messages",
    "review.plugin",
    "review.text",
)

LIST_MODULES = """
import json, sys
before = set(sys.modules)
from review.cli import main
sys.argv = ["review", *sys.argv[1:]]
try:
    main()
finally:
    print(json.dumps(sorted(set(sys.modules) - before)))
"""


def imported_by(*arguments: str) -> list[str]:
    """The modules that `review ARGUMENTS` imports beyond those that Python itself starts with."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("plugins",)], ids=" ".join)
def test_start_imports_click_and_pluggy_at_most(arguments: tuple[str, ...]) -> None:
    roots = {module.partition(".")[0] for module in imported_by(*arguments)}
    assert roots - sys.stdlib_module_names - {"click", "pluggy", "review"} == set()


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("plugins",)], ids=" ".join)
def test_start_imports_only_light_modules_of_ours(arguments: tuple[str, ...]) -> None:
    ours = [module for module in imported_by(*arguments) if module.startswith("review.")]
    assert [module for module in ours if not module.startswith(LIGHT)] == []


def test_public_names_resolve_to_what_type_checkers_see() -> None:
    assert sorted(review.__all__) == sorted(names_for_type_checkers())
    assert [name for name in review.__all__ if not hasattr(review, name)] == []


def test_no_module_hides_a_public_name() -> None:
    """Importing `review.x` binds the module as `review.x`: no public name may be called so."""
    modules = {path.stem for path in (ROOT / "review").iterdir()}
    assert modules & set(review.__all__) == set()


def test_dir_lists_the_public_names() -> None:
    assert [name for name in dir(review) if not name.startswith("_")] == sorted(review.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'review' has no attribute 'nothing'"):
        _ = review.nothing


def names_for_type_checkers() -> list[str]:
    """What `review/__init__.py` imports where only type checkers look."""
    source = ast.parse((ROOT / "review/__init__.py").read_text(encoding="utf-8"))
    return [
        alias.asname or alias.name
        for block in source.body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    ]


SHIPPED = sorted([*ROOT.glob("plugins/**/*.py"), *ROOT.glob("rubrics/**/*.py")])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_shipped_plugin_uses_public_names_only(path: Path) -> None:
    """The import contracts look at run time only; this looks at every statement.

    `review.stats` is open to plugins: arrays in, arrays out.
    """
    imported = [
        (statement.module, alias.name)
        for statement in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
        if statement.module.partition(".")[0] == "review"
    ]
    public = [("review", name) for name in review.__all__]
    assert [
        each for each in imported if each not in public and not each[0].startswith("review.stats")
    ] == []
