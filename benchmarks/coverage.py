"""How often intervals hold what they should: `python -m benchmarks.coverage`, some minutes.

Competitions are drawn from the two-way model; of each, 90 % intervals of every proposal's latent
quality and rank are computed. Printed are how often they hold the truth, how wide they are, and
how far the average competition is from that.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from tabulate import tabulate

from review.stats.crossed import Crossed
from review.stats.posterior import quality

LEVEL = 0.9


@dataclass(frozen=True)
class Design:
    """How many proposals, judges, and ballots a proposal; the three standard deviations."""

    name: str
    proposals: int
    judges: int
    ballots: int
    sd_proposal: float = 1.0
    sd_judge: float = 0.7
    sd_residual: float = 1.0


DESIGNS = (
    Design("50 × 7, everybody marks everything", 50, 7, 7),
    Design("40 × 12, three ballots each", 40, 12, 3),
    Design("40 × 12, judges do not differ", 40, 12, 3, sd_judge=0.0),
    Design("15 × 5, everybody marks everything", 15, 5, 5),
)


def compete(design: Design, dice: np.random.Generator) -> tuple[Crossed, np.ndarray]:
    """A competition drawn from the model, and what its proposals are worth."""
    n, m = design.proposals, design.judges
    proposal = np.repeat(np.arange(n), design.ballots)
    judge = np.argsort(dice.random((n, m)), axis=1)[:, : design.ballots].ravel()
    worth = 5 + design.sd_proposal * dice.standard_normal(n)
    severity = design.sd_judge * dice.standard_normal(m)
    noise = design.sd_residual * dice.standard_normal(len(proposal))
    names = [f"p{i:04}" for i in proposal], [f"j{i:04}" for i in judge]
    return Crossed.of(*names, worth[proposal] + severity[judge] + noise), worth


@dataclass(frozen=True)
class Coverage:
    """Shares of proposals whose interval holds the truth, and mean widths, of each competition."""

    quality: np.ndarray
    rank: np.ndarray
    quality_width: float
    rank_width: float
    checked: float

    def row(self) -> list[object]:
        """Of the printed table: shares with their standard error, widths, checks."""
        error = self.quality.std(ddof=1) / np.sqrt(len(self.quality))
        quality_share = f"{self.quality.mean():.1%} ± {error:.1%}"
        rank_share = f"{self.rank.mean():.1%}"
        return [quality_share, self.quality_width, rank_share, self.rank_width, self.checked]


def coverage(design: Design, competitions: int, *, draws: int = 2000, seed: int = 0) -> Coverage:
    """The coverage over so many competitions of a design."""
    found = []
    for number in range(competitions):
        crossed, worth = compete(design, np.random.default_rng([seed, number]))
        posterior = quality(crossed, draws=draws, seed=number)
        ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        low, high = np.quantile(posterior.draws, ends, axis=0)
        first, last = np.quantile(ranks(posterior.draws), ends, axis=0, method="inverted_cdf")
        rank = ranks(worth[None])[0]
        found.append(
            (
                ((low <= worth) & (worth <= high)).mean(),
                ((first <= rank) & (rank <= last)).mean(),
                (high - low).mean(),
                (last - first + 1).mean(),
                posterior.checked.holds,
            )
        )
    qualities, rank_shares, *means = np.array(found, dtype=float).T
    return Coverage(qualities, rank_shares, *(float(mean.mean()) for mean in means))


def ranks(qualities: np.ndarray) -> np.ndarray:
    """1 for the best of each row."""
    return (-qualities).argsort(axis=1).argsort(axis=1) + 1


def main() -> None:
    competitions = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    rows = [[design.name, *coverage(design, competitions).row()] for design in DESIGNS]
    heads = ["design", "quality held", "width", "rank held", "places", "checks hold"]
    print(f"90 % intervals of {competitions} competitions each, residual sd 1")
    print(tabulate(rows, heads, floatfmt=".3g"))


if __name__ == "__main__":
    main()
