"""Where a result came from: files, versions, plugins, engine and time."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.loaded import LoadedCompetition
    from review.plugin.manager import Plugins

LIBRARIES = ("polars", "narwhals", "pydantic", "pluggy")


def made_by(loaded: LoadedCompetition, plugins: Plugins) -> dict[str, object]:
    """The manifest of a run that happens now."""
    return {
        "schema": 1,
        "competition": loaded.competition.id,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "review": version("venture-review"),
        "python": platform.python_version(),
        "engine": f"polars {version('polars')}",
        "libraries": {name: version(name) for name in LIBRARIES},
        "plugins": parts_used(loaded, plugins),
        "files": [
            {"path": f.path, "sha256": f.sha256} for f in sorted(loaded.files, key=lambda f: f.path)
        ],
    }


def parts_used(loaded: LoadedCompetition, plugins: Plugins) -> dict[str, Mapping[str, str | None]]:
    """`kind:id` of each part that decides the result → plugin, distribution and version."""
    competition = loaded.competition
    used = {
        **{
            f"scorer:{r.scorer.name}": plugins.scorers()[r.scorer.name]
            for r in loaded.rubrics.values()
        },
        **{f"shortlist:{r.shortlist.rule}": plugins.shortlists()[r.shortlist.rule]
           for r in competition.rounds if r.shortlist},
        **{f"award:{a.award}": plugins.awards()[a.award] for a in competition.awards},
    }  # fmt: skip
    return {name: registered.manifest() for name, registered in sorted(used.items())}
