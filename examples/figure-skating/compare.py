"""Compare a result with the published protocols.

    python compare.py RESULT SOURCE

RESULT is the `result.json` of `review run`, SOURCE the folder that convert.py read. Prints how many
panel scores, component scores, segment scores and places are as published; exit 1 unless all are.
"""
# ruff: noqa: INP001, T201 -- a script that stands alone, and prints

from __future__ import annotations

import csv
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

Values = dict[tuple[str, ...], Decimal | None]


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def criterion(component: str) -> str:
    """The criterion id of a component."""
    name = component.partition("/")[0].strip()
    short = {"Interpretation of the Music": "interpretation"}
    return short.get(name, name.lower().replace(" ", "-"))


def published(source: Path) -> dict[str, Values]:
    """The official numbers, by what they are."""
    performances = read(source / "performances.csv")
    return {
        "panel scores": {
            (row["performance"], criterion(row["component"])): Decimal(row["panel_score"])
            for row in read(source / "components.csv")
        },
        **{
            what: {(row["performance"],): Decimal(row[column]) for row in performances}
            for what, column in [
                ("component scores", "component_score"),
                ("segment scores", "segment_score"),
                ("places", "place"),
            ]
        },
    }


def computed(result: dict[str, Any]) -> dict[str, Values]:
    """The same numbers from a result."""
    standings = [row for stage in result["rounds"] for row in stage["standings"]]
    return {
        "panel scores": {
            (row["proposal"], name): score
            for row in standings
            for name, score in row["criteria"].items()
        },
        "component scores": {(row["proposal"],): row["subtotal"] for row in standings},
        "segment scores": {(row["proposal"],): row["score"] for row in standings},
        "places": {(row["proposal"],): row["rank"] for row in standings},
    }


def compare(result: Path, source: Path) -> bool:
    """Print the counts and the first differences; whether there is none."""
    ours = computed(json.loads(result.read_text("utf-8"), parse_float=Decimal))
    same = True
    for what, official in published(source).items():
        wrong = [key for key, value in official.items() if ours[what].get(key) != value]
        print(f"{what:17} {len(official) - len(wrong):5,} of {len(official):5,}")
        for key in wrong[:3]:
            print(f"  {' '.join(key)}: {ours[what].get(key)}, published {official[key]}")
        same = same and not wrong
    return same


if __name__ == "__main__":
    if len(sys.argv) != 3:  # noqa: PLR2004 -- the script, RESULT and SOURCE
        sys.exit(__doc__)
    sys.exit(0 if compare(Path(sys.argv[1]), Path(sys.argv[2])) else 1)
