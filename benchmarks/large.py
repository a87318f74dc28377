"""A competition of a million marks: 20,000 proposals, ten judges, five criteria."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PROPOSALS = 20_000
JUDGES = 10
WEIGHTS = {"need": 30, "plan": 25, "reach": 20, "team": 15, "novelty": 10}

COMPETITION = """\
format = 1
id = "large"
title = "A million marks"
proposals = "proposals.csv"
judges = "judges.csv"

[[rounds]]
id = "final"
rubric = "large"
marks = "marks.csv"
"""

RUBRIC = """\
id = "large"
title = "Five criteria"
scorer = "trimmed_mean"
decimals = 2
ties = ["share"]

[scale]
min = 0
max = 10
step = 0.5
"""

CRITERION = """
[[criteria]]
id = "{id}"
title = "{id}"
weight = {weight}
"""


def write(folder: Path) -> None:
    """Write the competition to `folder`, the same each time."""
    (folder / "rubrics").mkdir(parents=True)
    (folder / "competition.toml").write_text(COMPETITION, encoding="utf-8")
    criteria = "".join(CRITERION.format(id=id_, weight=weight) for id_, weight in WEIGHTS.items())
    (folder / "rubrics/large.toml").write_text(RUBRIC + criteria, encoding="utf-8")

    proposals = [f"p{number:05}" for number in range(PROPOSALS)]
    judges = [f"j{number:02}" for number in range(JUDGES)]
    write_table(
        folder / "proposals.csv", "id,title", (f"{id_},Proposal {id_}" for id_ in proposals)
    )
    write_table(folder / "judges.csv", "id", judges)
    dice = random.Random(1)  # noqa: S311 - marks, not secrets
    marks = (
        f"{proposal},{judge},{criterion},{dice.randrange(21) / 2}"
        for proposal in proposals
        for judge in judges
        for criterion in WEIGHTS
    )
    write_table(folder / "marks.csv", "proposal,judge,criterion,mark", marks)


def write_table(path: Path, header: str, rows: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header + "\n")
        file.writelines(row + "\n" for row in rows)
