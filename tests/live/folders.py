"""Competition folders for tests of live events."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

COMPETITION = """
format = 1
id = "hall"
title = { en = "In the hall", zh-Hans = "现场" }
seed = 7
proposals = "proposals.csv"
judges = "judges.csv"

[conflicts]
path = "conflicts.csv"

[[rounds]]
id = "first/一"
title = { en = "First", zh-Hans = "初评" }
rubric = "simple"
[rounds.shortlist]
rule = "top"
size = 2

[[rounds]]
id = "final"
entrants = "first/一"
rubric = "simple"
panel = "jury"
[[rounds.parts]]
from = "own"
[[rounds.parts]]
from = "round:first/一"
times = 0.5
"""
RUBRIC = """
id = "simple"
title = { en = "Simple", zh-Hans = "简单" }
scorer = "weighted_mean"
blind = ["team"]
ties = ["share"]
[scale]
min = 0
max = 10
step = 0.5
[[criteria]]
id = "need"
title = { en = "Need", zh-Hans = "需求" }
weight = 2
[[criteria]]
id = "team spirit"
title = { en = "Team spirit", zh-Hans = "团队" }
[[criteria]]
id = "remark"
counts = false
"""
PROPOSALS = (
    ("id", "title", "title_zh-Hans", "team", "community", "order", "email", "status"),
    ("p1", "Garden", "花园", "Green", "north", "2", "g@example.org", ""),
    ("p2", "Choir", "合唱", "Song", "south", "1", "s@example.org", ""),
    ("项目/3", "Workshop", "", "Wood", "north", "", "w@example.org", ""),
    ("p4", "Market", "", "Sell", "south", "10", "m@example.org", "withdrawn"),
)
JUDGES = (
    ("id", "name", "panel"),
    ("j1", "Ada", "jury"),
    ("j 2", "Bo", "jury"),
    ("评委3", "Chen", ""),
)
CONFLICTS = (("judge", "proposal", "reason"), ("j1", "项目/3", "family"))


def table(rows: Iterable[Sequence[str]]) -> str:
    """CSV of some rows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def hall(folder: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """A competition of two rounds without marks; `files` to add, replace or (None) leave out."""
    there: dict[str, str | None] = {
        "competition.toml": COMPETITION,
        "rubrics/simple.toml": RUBRIC,
        "proposals.csv": table(PROPOSALS),
        "judges.csv": table(JUDGES),
        "conflicts.csv": table(CONFLICTS),
        **(files or {}),
    }
    for path, text in there.items():
        if text is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    return folder
