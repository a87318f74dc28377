"""The job of scoring `large.py` done by hand: as a loop over dicts, and as one Polars query.

Both read the marks as text, weigh each ballot in whole numbers, drop the best and the worst
ballot of each proposal, round the mean half up to two decimals, and rank.

`python -m benchmarks.by_hand loop|polars FOLDER` prints `proposal,hundredths,rank`.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.large import WEIGHTS

TOTAL = sum(WEIGHTS.values())


def loop(marks: Path) -> None:
    """Read, weigh, trim, round and rank, one row after the other."""
    ballots: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    with marks.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tenths = int(row["mark"].replace(".", ""))
            ballots[row["proposal"]][row["judge"]] += tenths * WEIGHTS[row["criterion"]]

    scores: dict[str, int] = {}
    for proposal, by_judge in ballots.items():
        kept = sorted(by_judge.values())[1:-1]
        divisor = TOTAL * len(kept)
        scores[proposal] = (20 * sum(kept) + divisor) // (2 * divisor)

    writer = csv.writer(sys.stdout)
    rank, previous = 0, None
    for place, (proposal, score) in enumerate(sorted(scores.items(), key=by_score), start=1):
        rank = rank if score == previous else place
        previous = score
        writer.writerow((proposal, score, rank))


def by_score(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def polars(marks: Path) -> None:
    """Write the same as `loop`, as one lazy query."""
    import polars as pl  # noqa: PLC0415 - the loop must not pay for it

    tenths = pl.col("mark").str.replace(".", "", literal=True).cast(pl.Int64)
    weight = pl.col("criterion").replace_strict(WEIGHTS, return_dtype=pl.Int64)
    ballot = pl.col("ballot")
    divisor = TOTAL * (pl.len() - 2).cast(pl.Int64)
    (
        pl.scan_csv(marks, infer_schema=False)
        .group_by("proposal", "judge")
        .agg((tenths * weight).sum().alias("ballot"))
        .group_by("proposal")
        .agg(
            ((20 * (ballot.sum() - ballot.min() - ballot.max()) + divisor) // (2 * divisor)).alias(
                "score"
            )
        )
        .with_columns(pl.col("score").rank("min", descending=True).alias("rank"))
        .sort("rank", "proposal")
        .collect(engine="streaming")
        .write_csv(sys.stdout, include_header=False)
    )


if __name__ == "__main__":
    {"loop": loop, "polars": polars}[sys.argv[1]](Path(sys.argv[2]) / "marks.csv")
