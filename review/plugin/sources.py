"""Where plugins come from: who each is, and how to import it once it is wanted."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import TYPE_CHECKING, Any

from review.errors import PluginError
from review.messages import Message
from review.plugin.installed import GROUP, PluginInfo, file_info, installed, local_infos, locate

if TYPE_CHECKING:
    from pathlib import Path

Source = tuple[PluginInfo, Callable[[], object]]


def installed_sources() -> list[Source]:
    """The plugins of all installed distributions, by name."""
    return [(info, point.load) for info, point in installed()]


def local_sources(competition: Path) -> list[Source]:
    """The plugin files of a competition, by file name."""
    return [(info, _file_loader(info)) for info in local_infos(competition)]


def sources_at(where: Path) -> list[Source]:
    """One plugin file, or the plugins of a distribution's folder that need not be installed.

    Raises PluginError where the folder has no `pyproject.toml` that declares a plugin.
    """
    if where.is_file():
        info = file_info(where.name, where)
        return [(info, _file_loader(info))]
    try:
        project = tomllib.loads((where / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        points = project["entry-points"][GROUP]
    except (OSError, ValueError, KeyError) as error:
        message = Message("plugin_folder", {"folder": str(where), "error": repr(error)})
        raise PluginError(message) from error
    return [_folder_source(where, project, *point) for point in sorted(points.items())]


def _folder_source(folder: Path, project: dict[str, Any], name: str, value: str) -> Source:
    root = str(folder / "src" if (folder / "src").is_dir() else folder)
    if root not in sys.path:
        sys.path.insert(0, root)
    point = EntryPoint(name, value, GROUP)
    version = project.get("version", "?")
    return PluginInfo(name, project["name"], version, locate(point.module)), point.load


def _file_loader(info: PluginInfo) -> Callable[[], ModuleType]:
    def load() -> ModuleType:
        """Run the file; an import would leave a `__pycache__` in the competition."""
        assert info.where is not None  # noqa: S101 -- a file is somewhere
        module = ModuleType("review_local_" + "".join(c if c.isalnum() else "_" for c in info.name))
        module.__file__ = str(info.where)
        # Pydantic and dataclasses look a class's module up by its name.
        sys.modules[module.__name__] = module
        code = compile(info.where.read_bytes(), info.where, "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 -- the organiser's own code; `--no-local-plugins`  # nosec B102
        return module

    return load
