"""CONTRIBUTING shows the tree as it is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TREE = re.compile(r"^## Where things go\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIGHT = {"__init__.py", "__main__.py", "__pycache__", "py.typed"}


def shown() -> set[str]:
    (tree,) = TREE.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    paths: set[str] = set()
    for line in tree.splitlines():
        names = re.match(r"(\s*\S+(?: {1,2}\S+[/.]\S*)*)", line)
        assert names
        parent = "review/" if line.startswith(" ") else ""
        paths |= {parent + name for name in names[1].split()}
    return paths


def test_what_contributing_shows_is_there() -> None:
    assert [path for path in sorted(shown()) if not list(ROOT.glob(path))] == []


def test_contributing_shows_all_of_the_core() -> None:
    found = {path for each in shown() for path in ROOT.glob(each)}
    core = {path for path in (ROOT / "review").iterdir() if path.name not in LIGHT}
    assert core - found == set()
