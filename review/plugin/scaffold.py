"""A new plugin: a ready distribution with one award, its test and its README."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from review.errors import OutputError, unwritable
from review.messages import Message

if TYPE_CHECKING:
    from pathlib import Path

_FILES = {
    "pyproject.toml.in": "pyproject.toml",
    "README.md.in": "README.md",
    "module.py.in": "{name}.py",
    "tests/test_module.py.in": "tests/test_{name}.py",
}


def new_plugin(name: str, parent: Path) -> list[Path]:
    """Write the distribution `parent/NAME` and return its files.

    `name` is in snake_case or kebab-case. Raises OutputError where there is such a folder already,
    or where it cannot be written.
    """
    distribution = name.replace("_", "-")
    words = distribution.split("-")
    texts = {
        "distribution": distribution,
        "name": "_".join(words),
        "class_name": "".join(word.capitalize() for word in words),
        "title": " ".join(word.capitalize() for word in words),
    }
    folder = parent / distribution
    if folder.exists():
        raise OutputError(Message("plugin_folder_exists", {"folder": str(folder)}))
    try:
        return [
            _write(folder / target.format(**texts), source, texts)
            for source, target in _FILES.items()
        ]
    except OSError as found:
        raise unwritable(folder, found) from found


def _write(path: Path, source: str, texts: dict[str, str]) -> Path:
    template = files("review.plugin").joinpath("template", *source.split("/"))
    text = Template(template.read_text(encoding="utf-8")).substitute(texts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
