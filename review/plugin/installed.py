"""Which plugins there are and from where, found without importing any of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.machinery import ModuleSpec
    from importlib.metadata import EntryPoint

GROUP = "review"
LOCAL_FOLDER = "plugins"


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who a plugin is: what messages name, what `review plugins` lists, what a manifest records.

    `name` is the entry point's, or `plugins/FILE.py` for a file of a competition; `distribution` is
    None for the latter, whose `version` is the beginning of its digest. `where` is None where it
    cannot be found.
    """

    name: str
    distribution: str | None
    version: str
    where: Path | None
    local: bool = False

    def __str__(self) -> str:
        origin = f"{self.distribution} {self.version}" if self.distribution else self.version
        return f"{self.name} ({origin})"

    def manifest(self) -> dict[str, str | None]:
        """Plugin, distribution and version, for the manifest of a run."""
        return {
            "plugin": self.name,
            "distribution": self.distribution,
            "version": self.version,
        }


def installed() -> list[tuple[PluginInfo, EntryPoint]]:
    """The plugins of all installed distributions, by name, then by distribution."""
    found = [(_installed_info(point), point) for point in entry_points(group=GROUP)]
    return sorted(found, key=lambda pair: (pair[0].name, pair[0].distribution or ""))


def _installed_info(point: EntryPoint) -> PluginInfo:
    distribution, version = (point.dist.name, point.dist.version) if point.dist else (None, "?")
    return PluginInfo(point.name, distribution, version, locate(point.module))


def local_infos(competition: Path) -> Iterator[PluginInfo]:
    """The plugin files of a competition, by name; one that begins with `_` is not a plugin."""
    for path in sorted((competition / LOCAL_FOLDER).glob("[!_]*.py")):
        yield file_info(f"{LOCAL_FOLDER}/{path.name}", path)


def file_info(name: str, path: Path) -> PluginInfo:
    """A plugin that is one file, by its name in messages."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return PluginInfo(name, None, f"sha256:{digest[:12]}", path, local=True)


def locate(module: str) -> Path | None:
    """The file of a module, or the folder of a package, without importing it or its parents.

    None where there is no such module.
    """
    top, *rest = module.split(".")
    spec = find_spec(top)
    for depth in range(len(rest)):
        if spec is None:
            return None
        name = ".".join([top, *rest[: depth + 1]])
        spec = PathFinder.find_spec(name, spec.submodule_search_locations)
    return _place(spec)


def _place(spec: ModuleSpec | None) -> Path | None:
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(spec.origin) if spec.origin else None
