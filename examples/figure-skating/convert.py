"""Turn the public figure-skating protocols into a competition folder.

    python convert.py SOURCE DEST

SOURCE holds `marks.csv`, `components.csv` and `performances.csv` (README.md says where they are
from). DEST becomes a competition of one round per segment of each event, with a rubric per table
of factors. Only program components are marked; element scores and deductions are facts.
"""
# ruff: noqa: INP001 -- a script that stands alone

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

# In ice dance the last component is judged with timing; the data space its slash in two ways.
CRITERIA = {
    "Skating Skills": ("skating-skills", "滑行技术"),
    "Transitions": ("transitions", "连接"),
    "Performance": ("performance", "表演"),
    "Composition": ("composition", "编排"),
    "Interpretation of the Music": ("interpretation", "音乐诠释"),
    "Interpretation of the Music / Timing": ("interpretation", "音乐诠释与节奏"),
}
CHINESE = {
    "JUNIOR": "青年组",
    "MEN": "男子单人滑",
    "LADIES": "女子单人滑",
    "PAIRS": "双人滑",
    "ICE DANCE": "冰舞",
    "SHORT PROGRAM": "短节目",
    "FREE SKATING": "自由滑",
    "SHORT DANCE": "短舞蹈",
    "FREE DANCE": "自由舞",
}
COMPETITION = """\
# ISU figure skating, season 2016-17, written by convert.py.
format = 1
id = "figure-skating-2016-17"
title = { en = "ISU figure skating 2016–17", zh-Hans = "国际滑联花样滑冰2016—17赛季" }
state = "final"
proposals = "proposals.csv"
judges = "judges.csv"

[facts.protocol]
path = "protocol.csv"
columns = { element_score = "sum:element_score", deductions = "sum:deductions" }
"""
ROUND = """
[[rounds]]
id = {id}
title = {{ en = {en}, zh-Hans = {zh} }}
rubric = {rubric}
marks = "marks.csv"
entrants = {{ where = {{ competition = {competition}, segment = {segment} }} }}
parts = [
  {{ from = "own" }},
  {{ from = "fact:element_score" }},
  {{ from = "fact:deductions", times = -1 }},
]
"""
RUBRIC = """\
id = {id}
title = {{ en = {en}, zh-Hans = {zh} }}
scorer = {{ name = "trimmed_mean", drop = 1, min_ballots = 3 }}
order = "criterion-first"
report = "sum"
decimals = 2
rounding = {{ criterion = 2, weighted = 2 }}
ties = [{tie}]

[scale]
min = 0
max = 10
step = 0.25
"""
CRITERION = """
[[criteria]]
id = {id}
title = {{ en = {en}, zh-Hans = {zh} }}
weight = {factor}
"""


class Segment(NamedTuple):
    """A round: one segment of one event."""

    competition: str
    segment: str

    @property
    def id(self) -> str:
        """The round's id, from both names."""
        return slug(f"{self.competition} {self.segment}")


class Table(NamedTuple):
    """What makes a rubric: its kind of segment, and the factor of each component."""

    kind: str
    factors: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """The rubric's id: the kind and the factors that occur in it."""
        return "-".join([slug(self.kind), *sorted({factor for _, factor in self.factors})])


def slug(text: str) -> str:
    """A text in small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def quoted(text: str) -> str:
    """A text as a TOML string: JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)


def chinese(text: str) -> str:
    """The name of a segment in Chinese."""
    for word, translation in CHINESE.items():
        text = text.replace(word, translation)
    return text.replace(" ", "")


def component(name: str) -> str:
    """A component's name in one spelling."""
    return re.sub(r"\s*/\s*", " / ", name)


def kind(segment: str) -> str:
    """`SHORT PROGRAM`, `FREE SKATING`, `SHORT DANCE` or `FREE DANCE`."""
    return " ".join(segment.split()[-2:])


def read(path: Path) -> list[Row]:
    """The rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Row]) -> None:
    """A CSV file of rows that have the same keys."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def rubric(table: Table) -> str:
    """The rubric of a table of factors, in the words of the rule book of those seasons.

    Ties go by the element score in a short programme or dance, by the components in a free one.
    """
    text = RUBRIC.format(
        id=quoted(table.id),
        en=quoted(table.kind.capitalize()),
        zh=quoted(chinese(table.kind)),
        tie=quoted("fact:element_score" if table.kind.startswith("SHORT") else "subtotal"),
    )
    for name, factor in table.factors:
        criterion, translation = CRITERIA[name]
        text += CRITERION.format(
            id=quoted(criterion), en=quoted(name), zh=quoted(translation), factor=factor
        )
    return text


def tables(components: list[Row], segments: dict[str, Segment]) -> dict[Segment, Table]:
    """The table of factors of each segment; it is the same for all performances of one."""
    factors: dict[str, dict[str, str]] = {}
    for row in components:
        factors.setdefault(row["performance"], {})[component(row["component"])] = row["factor"]
    found: dict[Segment, Table] = {}
    for performance, of in factors.items():
        segment = segments[performance]
        table = Table(kind(segment.segment), tuple((n, of[n]) for n in CRITERIA if n in of))
        if found.setdefault(segment, table) != table:
            sys.exit(f"{segment.id}: the factors of {performance} differ from the others'")
    return found


def ballots(marks: list[Row], segments: dict[str, Segment]) -> list[Row]:
    """One row per performance and judge, a column per criterion; a blank means an absent judge."""
    found: dict[tuple[str, str], Row] = {}
    for row in marks:
        key = (row["performance"], row["judge"])
        start = {"round": segments[key[0]].id, "proposal": key[0], "judge": key[1]}
        criterion, _ = CRITERIA[component(row["component"])]
        found.setdefault(key, start)[criterion] = row["mark"] or "absent"
    columns = ["round", "proposal", "judge", *dict.fromkeys(c for c, _ in CRITERIA.values())]
    return [{column: row[column] for column in columns} for row in found.values()]


def competition(rubrics: dict[Segment, Table]) -> str:
    """The text of competition.toml."""
    return COMPETITION + "".join(
        ROUND.format(
            id=quoted(segment.id),
            en=quoted(f"{segment.competition}: {segment.segment.title()}"),
            zh=quoted(f"{segment.competition}：{chinese(segment.segment)}"),
            rubric=quoted(rubrics[segment].id),
            competition=quoted(segment.competition),
            segment=quoted(segment.segment),
        )
        for segment in sorted(rubrics)
    )


def convert(source: Path, dest: Path) -> None:
    """Write the competition folder."""
    performances = read(source / "performances.csv")
    segments = {r["performance"]: Segment(r["competition"], r["segment"]) for r in performances}
    rubrics = tables(read(source / "components.csv"), segments)
    marks = ballots(read(source / "marks.csv"), segments)
    if dest.exists() and any(dest.iterdir()):
        sys.exit(f"{dest} is not empty")
    (dest / "rubrics").mkdir(parents=True)
    (dest / "competition.toml").write_text(competition(rubrics), encoding="utf-8")
    for table in set(rubrics.values()):
        path = dest / "rubrics" / f"{table.id}.toml"
        path.write_text(rubric(table), encoding="utf-8")
    write(
        dest / "proposals.csv",
        [
            {
                "id": row["performance"],
                "title": row["name"],
                "nation": row["nation"],
                "competition": row["competition"],
                "segment": row["segment"],
            }
            for row in performances
        ],
    )
    seats = sorted({row["judge"] for row in marks})
    write(dest / "judges.csv", [{"id": seat, "name": f"Seat {seat[1:]}"} for seat in seats])
    write(
        dest / "protocol.csv",
        [
            {
                "proposal": row["performance"],
                "element_score": row["element_score"],
                "deductions": row["deductions"],
            }
            for row in performances
        ],
    )
    write(dest / "marks.csv", marks)


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 -- the script, SOURCE and DEST
        sys.exit(__doc__)
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
