"""What calibration is worth, and what it costs: `python -m benchmarks.calibration`.

The first table is a simulation of 40 proposals, of which 10 are to be found, and 12 judges, with 3
ballots each: quality has a standard deviation of 1, noise one of 0.8. Judges are dealt at random,
or sit in four panels of three, the strongest ten proposals before the first and so on down. Each
figure is the share of the true top ten among the ten with the highest score. In brackets: what a
method that refuses would have found.

The second shows where calibration begins to harm: panels that exchange a share of their ballots.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from tabulate import tabulate

from review.engine.reduce import keys_of, reduce_values
from review.pipeline import round_rules
from review.plugin.manager import Plugins
from review.stats import additive, confounding, mixed, scaled
from review.stats.crossed import Crossed
from review.testing import competition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from review.engine.rules import RoundRules

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Assign = Callable[[Floats, np.random.Generator], Codes]

PROPOSALS, JUDGES, BALLOTS, TOP, PANELS = 40, 12, 3, 10, 4
NOISE = 0.8
CLEAR = 0.05
RUNS = 400
EXCHANGED = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)

MARKED = np.repeat(np.arange(PROPOSALS), BALLOTS)


@dataclass(frozen=True)
class Drawn:
    """True qualities, and the marks that came of them."""

    quality: Floats
    crossed: Crossed

    def recall(self, score: Floats) -> float:
        """Which share of the true top ten has one of the ten highest scores."""
        return len(top(self.quality) & top(score)) / TOP


def top(score: Floats) -> set[int]:
    return set(np.argsort(-score)[:TOP].tolist())


def at_random(_quality: Floats, dice: np.random.Generator) -> Codes:
    """Judges dealt at random, ten proposals each."""
    in_turn = np.tile(np.arange(JUDGES), PROPOSALS * BALLOTS // JUDGES)
    return confounding.deal(crossed(in_turn, np.zeros(len(in_turn))), dice)


def in_panels(quality: Floats, dice: np.random.Generator, exchanged: float = 0.0) -> Codes:
    """Panels of three, the strong proposals together; a share of ballots goes to another judge."""
    panel = np.empty(PROPOSALS, dtype=np.int64)
    panel[np.argsort(-quality)] = np.arange(PROPOSALS) * PANELS // PROPOSALS
    judge = panel[:, None] * (JUDGES // PANELS) + np.arange(BALLOTS)
    for ballot in np.argwhere(dice.random(judge.shape) < exchanged):
        others = np.setdiff1d(np.arange(JUDGES), judge[ballot[0]])
        judge[tuple(ballot)] = dice.choice(others)
    return judge.ravel()


def crossed(judge: Codes, value: Floats) -> Crossed:
    proposals = tuple(f"p{i:02}" for i in range(PROPOSALS))
    return Crossed(proposals, tuple(f"j{j:02}" for j in range(JUDGES)), MARKED, judge, value)


def draw(assign: Assign, severity: float, dice: np.random.Generator) -> Drawn:
    """Qualities, judges and marks; `severity`: the standard deviation of judges."""
    quality = dice.normal(size=PROPOSALS)
    judge = assign(quality, dice)
    effect = severity * dice.normal(size=JUDGES)
    value = quality[MARKED] + effect[judge] + NOISE * dice.normal(size=len(judge))
    return Drawn(quality, crossed(judge, value))


def mean(marks: Crossed) -> Floats:
    return np.bincount(marks.proposal, weights=marks.value) / marks.by_proposal


def z_score(marks: Crossed) -> Floats:
    """Without the refusal of the scorer."""
    centre = np.bincount(marks.judge, weights=marks.value) / marks.by_judge
    apart = marks.value - centre[marks.judge]
    square = np.bincount(marks.judge, weights=apart**2).astype(np.float64)
    spread = np.sqrt(square / (marks.by_judge - 1))
    return np.bincount(marks.proposal, weights=apart / spread[marks.judge]) / marks.by_proposal


def least_squares(marks: Crossed) -> Floats:
    """As `additive`; where that refuses, the smallest of all solutions."""
    if marks.is_connected:
        return additive.fit(marks).quality
    rows = np.arange(len(marks))
    table = np.zeros((len(marks), PROPOSALS + JUDGES))
    table[rows, marks.proposal] = table[rows, PROPOSALS + marks.judge] = 1
    return np.linalg.lstsq(table, marks.value)[0][:PROPOSALS].astype(np.float64)


def with_scale(marks: Crossed) -> Floats:
    return scaled.fit(marks).quality if marks.is_connected else np.full(PROPOSALS, np.nan)


METHODS: dict[str, Callable[[Crossed], Floats]] = {
    "mean": mean,
    "z_score": z_score,
    "additive": least_squares,
    "calibrated": lambda marks: mixed.fit(marks).qualities,
    "least squares, scale": with_scale,
}
REFUSING = ("z_score", "additive", "least squares, scale")
ROWS: tuple[tuple[str, Assign, float], ...] = (
    ("random, connected", at_random, 0.0),
    ("random, connected", at_random, 1.0),
    ("4 panels, strong together", in_panels, 0.0),
    ("4 panels, strong together", in_panels, 1.0),
)


@dataclass(frozen=True)
class Found:
    """Over some runs: the recall by method, the share of runs warned of, and with unlike marks."""

    recall: dict[str, float]
    warned: float
    apart: float
    connected: bool


def simulate(
    assign: Assign,
    severity: float,
    runs: int,
    seed: int,
    methods: Iterable[str] = METHODS,
) -> Found:
    """One row of the table."""
    dice = np.random.default_rng(seed)
    recall: dict[str, list[float]] = {name: [] for name in methods}
    warned, apart, connected = [], [], True
    for _ in range(runs):
        drawn = draw(assign, severity, dice)
        connected &= drawn.crossed.is_connected
        for name, found in recall.items():
            found.append(drawn.recall(METHODS[name](drawn.crossed)))
        test = confounding.confounded(drawn.crossed)
        warned.append(test.found)
        marks = confounding.apart(drawn.crossed, test.groups)
        apart.append(marks.p is not None and marks.p < CLEAR)
    means = {name: float(np.mean(found)) for name, found in recall.items()}
    return Found(means, float(np.mean(warned)), float(np.mean(apart)), connected)


def table(runs: int = RUNS) -> str:
    """The simulation, as a table."""
    rows = []
    for number, (title, assign, severity) in enumerate(ROWS):
        found = simulate(assign, severity, runs, number)
        cells = [_cell(found, name) for name in METHODS]
        rows.append([title, severity, *cells, found.warned, found.apart])
    headers = ["assignment", "judge sd", *METHODS, "warned", "marks unlike"]
    return tabulate(rows, headers, floatfmt=".3f", disable_numparse=[*range(2, 7)])


def _cell(found: Found, name: str) -> str:
    recall = found.recall[name]
    if found.connected or name not in REFUSING:
        return f"{recall:.3f}"
    return "refused" if name == "least squares, scale" else f"({recall:.3f})"


def exchange(runs: int = RUNS // 4) -> str:
    """Where calibration begins to harm, and where it is warned of."""
    rows = []
    for number, share in enumerate(EXCHANGED):
        assign = partial(in_panels, exchanged=share)
        found = simulate(assign, 1.0, runs, number, ("mean", "calibrated"))
        rows.append([share, *found.recall.values(), found.warned])
    headers = ["ballots exchanged", "mean", "calibrated", "warned"]
    return tabulate(rows, headers, floatfmt=".3f")


# ------------------------------------------------------------------------------------------ times


MANY, PANEL, CROWD = 200_000, 5, 2_000


def million() -> pl.DataFrame:
    """A million totals: 200,000 proposals with five judges each, of 2,000."""
    dice = np.random.default_rng(0)
    proposal = np.repeat(np.arange(MANY), PANEL)
    blocks = np.argsort(dice.random((MANY, 40)), axis=1)[:, :PANEL]
    judge = (blocks * (CROWD // 40) + dice.integers(CROWD // 40, size=blocks.shape)).ravel()
    quality, effect = dice.normal(size=MANY), 0.7 * dice.normal(size=CROWD)
    marks = 5 + quality[proposal] + effect[judge] + NOISE * dice.normal(size=len(judge))
    frame = pl.DataFrame(
        {"proposal": proposal, "judge": judge, "value": np.rint(100 * marks).astype(np.int64)}
    )
    named = frame.with_columns(
        proposal=pl.format("p{}", pl.col("proposal").cast(pl.String).str.zfill(6)),
        judge=pl.format("j{}", pl.col("judge").cast(pl.String).str.zfill(4)),
        round=pl.lit("final"),
        group=pl.lit(""),
    )
    return named.sample(fraction=1, shuffle=True, seed=0)


def rules(scorer: str) -> RoundRules:
    """Rules of a round with this scorer."""
    loaded = competition({"p": {"j": 1}}, rubric={"scorer": scorer})
    return round_rules(loaded, Plugins.load(), loaded.competition.rounds[0].id)


def lsqr(frame: pl.DataFrame) -> Floats:
    """The yardstick: scipy's LSQR on proposals and judges as columns of one sparse matrix."""
    from scipy.sparse import coo_array  # noqa: PLC0415 -- counted with the rest
    from scipy.sparse.linalg import lsqr  # noqa: PLC0415 -- counted with the rest

    proposal, judge = (
        frame[name].cast(pl.Categorical).to_physical().to_numpy() for name in ("proposal", "judge")
    )
    rows = np.tile(np.arange(frame.height), 2)
    columns = np.concatenate([proposal, MANY + judge])
    shape = (frame.height, MANY + CROWD)
    design = coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()
    found: Floats = lsqr(design, frame["value"].to_numpy() / 100, atol=1e-10, btol=1e-10)[0]
    return found


def rows(repetitions: int = 3) -> list[list[object]]:
    """A row for each scorer: what, seconds, beside what, seconds, ratio."""
    frame = million()
    ways: dict[str, Callable[[], object]] = {"": partial(lsqr, frame)}
    for scorer in ("additive", "calibrated"):
        ways[scorer] = partial(reduce_values, frame, keys_of(), rules(scorer), {"final": 100}, [])
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repetitions):
        for name, way in ways.items():
            times[name].append(seconds(way))
    beside = median(times.pop(""))
    return [
        [f"1,000,000 totals, {name}", median(taken), "scipy's lsqr", beside, median(taken) / beside]
        for name, taken in times.items()
    ]


def small_rows(repetitions: int = 3) -> list[list[object]]:
    """The mixed model beside statsmodels, which takes crossed effects as long as tables are small.

    200 proposals, 20 judges, 5 ballots each; both must come to the same standard deviations.
    """
    rng = np.random.default_rng(1)
    judge = np.concatenate([rng.permutation(20)[:5] for _ in range(200)])
    proposal = np.repeat(np.arange(200), 5)
    value = rng.normal(size=200)[proposal] + rng.normal(0, 0.5, 20)[judge] + rng.normal(size=1000)
    crossed = Crossed.of(
        [f"p{each:03}" for each in proposal], [f"j{each:02}" for each in judge], value
    )

    def theirs() -> Floats:
        from statsmodels.regression.mixed_linear_model import (  # noqa: PLC0415 -- a peer's
            MixedLM,
            VCSpec,
        )

        random = VCSpec(
            ["judge", "proposal"],
            [[[f"{each}" for each in range(20)]], [[f"{each}" for each in range(200)]]],
            [[np.eye(20)[judge]], [np.eye(200)[proposal]]],
        )
        one = np.ones(len(value))
        found = MixedLM(value, one, groups=one, exog_vc=random).fit(reml=True)
        return np.asarray(found.vcomp)

    ours = mixed.fit(crossed)
    if not np.allclose(theirs(), [ours.sd_judge**2, ours.sd_proposal**2], rtol=0.01):
        raise SystemExit("the variances differ: nothing was measured")
    took = median(seconds(partial(mixed.fit, crossed)) for _ in range(repetitions))
    beside = median(seconds(theirs) for _ in range(repetitions))
    return [["1,000 totals, mixed model", took, "statsmodels MixedLM", beside, took / beside]]


def seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


HEADERS: Sequence[str] = ("what", "seconds", "beside", "seconds", "ratio")
DECIMALS: Sequence[str] = ("", ".2f", "", ".2f", ".2f")


def main() -> None:
    """Print the tables."""
    print(table())
    print("\n" + exchange())
    print("\n" + tabulate(rows(), HEADERS, floatfmt=DECIMALS))


if __name__ == "__main__":
    main()
