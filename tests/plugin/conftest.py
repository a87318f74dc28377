"""Real distributions, made on the spot: a module and its metadata on `sys.path`."""

from __future__ import annotations

import importlib
import sys
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[1] / "example_plugin"


class Install(Protocol):
    def __call__(
        self, name: str, source: str, *, version: str = "1.0", value: str | None = None
    ) -> Path: ...


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Make `install("votes", "source of the module votes")` a distribution `dist-votes`."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    before = set(sys.modules)

    def install(name: str, source: str, *, version: str = "1.0", value: str | None = None) -> Path:
        info = site / f"dist_{name}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        entry_point = f"[review]\n{name} = {value or name}\n"
        (info / "entry_points.txt").write_text(entry_point, encoding="utf-8")
        module = site / f"{name}.py"
        module.write_text(dedent(source), encoding="utf-8")
        importlib.invalidate_caches()
        return module

    yield install
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


class Local(Protocol):
    def __call__(self, name: str, source: str) -> Path: ...


@pytest.fixture
def local(tmp_path: Path) -> Local:
    """Make `local("votes.py", "source")` a plugin file of the competition `tmp_path`."""

    def local(name: str, source: str) -> Path:
        path = tmp_path / "plugins" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(source), encoding="utf-8")
        return path

    return local


@pytest.fixture
def example_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example plugin as if installed: its folder and its metadata on the path."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / f"review_example_plugin-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(EXAMPLE)
