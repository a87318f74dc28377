"""An exporter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import Exporter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from review import Result


class Winners(Exporter):
    """One line per prize, to read out aloud."""

    id = "winners"
    title = {"en": "Winners to read out", "zh-Hans": "获奖宣读稿"}

    def export(self, result: Result, folder: Path) -> Sequence[Path]:
        """Write `winners.txt`."""
        lines = [
            f"{a.title.get('en', a.id)}: {w.proposal}" for a in result.awards for w in a.winners
        ]
        path = folder / "winners.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return [path]
