"""What live judging costs: marks a second through the pages, beside a bare insert of as many."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

REVIEW = Path(sys.executable).with_name("review")
SIZE = ("--judges", "60", "--proposals", "50", "--criteria", "5")
REPETITIONS = 3

#: What the ratio is to, by its key in the report.
BESIDE = {
    "single": "bare insert, a commit for each ballot",
    "grouped": "bare insert, 128 ballots a commit",
}


def rehearsal(folder: Path) -> dict[str, Any]:
    """One rehearsal without a pause and without a kill, on SQLite; its report."""
    command: list[str | Path] = [
        REVIEW,
        "rehearse",
        folder,
        *SIZE,
        "--pace",
        "fast",
        "--kills",
        "0",
        "--json",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def rows() -> list[list[object]]:
    """A row for each yardstick: what, marks a second, beside what, marks a second, ratio."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "ideas"
        subprocess.run([REVIEW, "init", folder], check=True, capture_output=True)
        reports = [rehearsal(folder) for _ in range(REPETITIONS)]
    return [
        [
            "15,000 marks through the pages",
            statistics.median(report["marks_per_second"] for report in reports),
            beside,
            statistics.median(report["bare"][key] for report in reports),
            statistics.median(report["ratio"][key] for report in reports),
        ]
        for key, beside in BESIDE.items()
    ]
