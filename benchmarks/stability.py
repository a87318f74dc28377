"""What saying how sure a ranking is costs: `python -m benchmarks.stability`.

The whole report (posterior of ranks, chances, the line, confidence sets where the field is small
enough, bootstrap, JSON) in a process of its own, from marks that are loaded and scored; beside it a
bootstrap in a plain Python loop, which gives chances of a place and nothing else.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median

from tabulate import tabulate

REPETITIONS = 3
MEGABYTE = 1024


@dataclass(frozen=True)
class Size:
    """Proposals, judges in all, ballots each; draws of the loop; seconds and MB to stay within."""

    proposals: int
    judges: int
    ballots: int
    loop: int
    seconds: float
    memory: float


SIZES = (Size(50, 7, 7, 1000, 3, 2048), Size(10_000, 500, 5, 200, 60, 2048))


def marks(size: Size) -> dict[str, dict[str, str]]:
    """Marks of the model, with one decimal."""
    dice = random.Random(7)  # noqa: S311 -- a simulation
    severity = [dice.gauss(0, 0.4) for _ in range(size.judges)]
    table = {}
    for i in range(size.proposals):
        quality = dice.gauss(6, 0.8)
        table[f"p{i:05}"] = {
            f"j{j:03}": f"{min(10, max(0, quality + severity[j] + dice.gauss(0, 0.7))):.1f}"
            for j in sorted(dice.sample(range(size.judges), size.ballots))
        }
    return table


def report(size: Size) -> None:
    """The report once; prints seconds and the peak of memory in MB."""
    from review.analysis.stability.report import stability  # noqa: PLC0415 -- not in the loop's process
    from review.plugin.manager import Plugins  # noqa: PLC0415
    from review.testing import competition, run  # noqa: PLC0415

    rule = {"rule": "top", "size": max(1, size.proposals * 14 // 50)}
    result, plugins = run(competition(marks(size), shortlist=rule)), Plugins.load()
    start = time.perf_counter()
    found = stability(result, plugins)
    json.dumps(found.to_json())
    _tell(time.perf_counter() - start)


def loop(size: Size) -> None:
    """Chances of a place with judges drawn anew, by loops over dicts."""
    dice = random.Random(1)  # noqa: S311 -- a simulation
    table = {p: {j: float(v) for j, v in row.items()} for p, row in marks(size).items()}
    judges = sorted({j for row in table.values() for j in row})
    places = size.proposals * 14 // 50
    start = time.perf_counter()
    inside = dict.fromkeys(table, 0)
    for _ in range(size.loop):
        times: dict[str, int] = {}
        for j in dice.choices(judges, k=len(judges)):
            times[j] = times.get(j, 0) + 1
        means = {}
        for p, row in table.items():
            total = count = 0.0
            for j, value in row.items():
                total += value * times.get(j, 0)
                count += times.get(j, 0)
            means[p] = total / count if count else sum(row.values()) / len(row)
        for p in sorted(means, key=lambda p: -means[p])[:places]:
            inside[p] += 1
    _tell(time.perf_counter() - start)


def _tell(seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(json.dumps({"seconds": seconds, "mb": peak}))


def measured(what: str, at: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.stability", what, str(at)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def rows() -> list[list[object]]:
    """A row for each size: the report, its peak of memory, the loop, and what to stay within."""
    table: list[list[object]] = []
    for at, size in enumerate(SIZES):
        reports, loops = [], []
        for _ in range(REPETITIONS):
            reports.append(measured("report", at))
            loops.append(measured("loop", at))
        table.append([
            f"{size.proposals:,} × {size.ballots}",
            median(r["seconds"] for r in reports),
            max(r["mb"] for r in reports),
            f"{size.loop:,} draws",
            median(each["seconds"] for each in loops),
            f"{size.seconds:g} s, {size.memory:g} MB",
        ])  # fmt: skip
    return table


HEADERS = ["stability of", "seconds", "MB", "loop, bootstrap alone", "seconds", "aim"]


def main() -> None:
    """Print the table, or measure one thing."""
    if len(sys.argv) > 1:
        what, at = sys.argv[1:]
        {"report": report, "loop": loop}[what](SIZES[int(at)])
        return
    print(tabulate(rows(), HEADERS, floatfmt=("", ".2f", ".0f", "", ".2f", "")))


if __name__ == "__main__":
    main()
