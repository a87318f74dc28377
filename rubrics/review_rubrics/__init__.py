"""The rubrics that come with `review`: one TOML file each, in English and simplified Chinese."""

from __future__ import annotations

from pathlib import Path

from review import hookimpl


@hookimpl
def register_rubrics() -> list[Path]:
    """Return the rubric files of this folder, by name."""
    return sorted(Path(__file__).parent.glob("*.toml"))
