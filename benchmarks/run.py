"""What `review` costs, as ratios to what cannot be had for less: `make bench`.

Each group of commands is run in turns, several times, as whole processes, so that a busy machine
slows all of them alike; the table shows medians. Data is made in a temporary folder.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from benchmarks import calibration, large, live, stability

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
REVIEW = Path(PYTHON).with_name("review")

Command = list[str | Path]


@dataclass(frozen=True)
class Comparison:
    """A command of ours beside its yardsticks; `aim` is the ratio to stay within, if any."""

    title: str
    ours: Command
    yardsticks: dict[str, Command]
    aim: float | None = None
    repetitions: int = 9


def seconds(command: Command) -> float:
    """Wall-clock time of one whole process."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def measure(comparison: Comparison) -> list[list[object]]:
    """One row per yardstick: what, our median, its name and median, ratio, aim."""
    commands = {"": comparison.ours, **comparison.yardsticks}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(comparison.repetitions):
        for name, command in commands.items():
            times[name].append(seconds(command))
    median = {name: statistics.median(taken) for name, taken in times.items()}
    ours = median.pop("")
    return [
        [comparison.title, ours, name, theirs, ours / theirs, comparison.aim]
        for name, theirs in median.items()
    ]


def comparisons(folder: Path) -> list[Comparison]:
    """Start-up, the founding case, and a million marks."""
    by_hand: Command = [PYTHON, "-m", "benchmarks.by_hand"]
    return [
        Comparison(
            "review --help",
            [REVIEW, "--help"],
            {"import click": [PYTHON, "-c", "import click"]},
            aim=3,
            repetitions=15,
        ),
        Comparison(
            "review run star-plan-2024",
            [REVIEW, "run", ROOT / "examples/star-plan-2024"],
            {"import polars, pydantic": [PYTHON, "-c", "import polars, pydantic"]},
            aim=2,
        ),
        Comparison(
            "review run, 1,000,000 marks",
            [REVIEW, "run", folder, "--json"],
            {
                "a loop over dicts": [*by_hand, "loop", folder],
                "one Polars query": [*by_hand, "polars", folder],
            },
            repetitions=3,
        ),
    ]


def check_agreement(folder: Path) -> None:
    """Refuse to compare times unless all three ways rank the million marks alike."""
    by_hand = {
        way: output(PYTHON, "-m", "benchmarks.by_hand", way, folder).split()
        for way in ("loop", "polars")
    }
    result = json.loads(output(REVIEW, "run", folder, "--json"))
    ours = [
        f"{row['proposal']},{round(row['score'] * 100)},{row['rank']}"
        for row in result["rounds"][0]["standings"]
    ]
    if not ours == by_hand["loop"] == by_hand["polars"]:
        sys.exit("the results differ: nothing was measured")


def output(*command: str | Path) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "large"
        large.write(folder)
        check_agreement(folder)
        rows = [row for comparison in comparisons(folder) for row in measure(comparison)]
    headers = ["what", "seconds", "beside", "seconds", "ratio", "aim"]
    print(tabulate(rows, headers, floatfmt=("", ".3f", "", ".3f", ".2f", "g")))
    fitted = [*calibration.rows(), *calibration.small_rows()]
    print("\n" + tabulate(fitted, calibration.HEADERS, floatfmt=calibration.DECIMALS))
    decimals = ("", ".2f", ".0f", "", ".2f", "")
    print("\n" + tabulate(stability.rows(), stability.HEADERS, floatfmt=decimals))
    headers = ["what", "marks/s", "beside", "marks/s", "ratio"]
    print("\n" + tabulate(live.rows(), headers, floatfmt=("", ",.0f", "", ",.0f", ".2f")))


if __name__ == "__main__":
    main()
