"""What the scores of a round could be as well: draws of what its ballots measure.

A round's score is own marks × times + the rest. The ballots say how sure the first is; the rest, of
facts and earlier rounds, is kept as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from review.analysis.crossing import ballots
from review.analysis.seeds import seed_of
from review.messages import Message
from review.plugin.kinds import title_of
from review.stats.crossed import Crossed
from review.stats.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from review.model.result import Result
    from review.plugin.manager import Plugins
    from review.plugin.parts import Part

    Floats = NDArray[np.float64]
    Scores = NDArray[np.floating]

#: Draws of small fields, and the least that says anything of large ones.
DRAWS = 4000
LEAST = 2000
#: Numbers that draws of one field may take.
ROOM = 40_000_000
#: The halves of the draws may differ by this many standard errors in a chance.
CHANCE_ERRORS = 5.0
#: And by this factor in the spread of ranks (Vehtari et al. 2021 ask for 1.01 of long chains).
R_HAT = 1.02


class Draw(Protocol):
    """How qualities are drawn: `review.stats.posterior.quality`."""

    def __call__(self, crossed: Crossed, *, draws: int, seed: int) -> Scores | None:
        """Draws × n of what the values measure; None where the calculation did not settle."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """The draws of one field (a round, or a group in it).

    `proposals` sorted by id, as in `crossed`. `own` (draws, n): what ballots measure, in their
    unit; `totals` (draws, n): the score made of it. `left_out`: ranked without a ballot.
    """

    group: str | None
    crossed: Crossed
    own: Scores
    totals: Scores
    ranking: Ranking
    times: float
    rest: Floats
    left_out: tuple[str, ...]

    @property
    def proposals(self) -> tuple[str, ...]:
        """Whose scores were drawn."""
        return self.crossed.proposals

    def score(self, own: Scores) -> Scores:
        """The scores that other own marks (…, n) would make."""
        return total(own, self.times, self.rest)


@dataclass(frozen=True)
class Unknown:
    """A field of which nothing can be said, and why."""

    group: str | None
    reason: Message


def posterior_draws(crossed: Crossed, *, draws: int, seed: int) -> Scores | None:
    """Draws of latent quality, None where their diagnosis says that they are not to be used."""
    from review.stats.posterior import quality  # noqa: PLC0415 -- brings scipy along

    found = quality(crossed, draws=draws, seed=seed)
    return found.draws if found.checked.holds else None


def draw_round(
    result: Result, plugins: Plugins, round_id: str, draw: Draw = posterior_draws
) -> Iterator[Drawn | Unknown]:
    """The draws of each field of a round, in the order of the groups."""
    frame = result.round(round_id).standings.frame.filter(pl.col("rank").is_not_null())
    whole = ballots(result, round_id)
    why = _why_not(result, plugins, round_id)
    for rows in frame.partition_by("group", maintain_order=True) or [frame]:
        group = next(iter(rows["group"].to_list()), None)
        found = why or _crossed(whole, rows["proposal"].to_list())
        if isinstance(found, Crossed):
            yield _drawn(result, _Field(round_id, group, rows, found), draw)
        else:
            yield Unknown(group, found)


@dataclass(frozen=True, eq=False)
class _Field:
    """What is ranked together: lines of the standings, and the ballots on them."""

    round_id: str
    group: str | None
    rows: pl.DataFrame
    crossed: Crossed


def _crossed(whole: Crossed | None, proposals: Sequence[str]) -> Crossed | Message:
    """The ballots on some proposals, or why they say nothing."""
    if whole is None:
        return Message("stability_no_ballots")
    named = np.isin(np.array(whole.proposals, dtype=object), proposals)
    rows = named[whole.proposal]
    if not rows.any():
        return Message("stability_no_ballots")
    mine = whole.take(rows)
    return _too_little(mine) or mine


def _why_not(result: Result, plugins: Plugins, round_id: str) -> Message | None:
    """Why nothing can be said of a whole round."""
    round_ = result.source.competition.round(round_id)
    if not round_.uses_own:
        return Message("stability_no_own")
    if round_.compared:
        return Message("stability_compared")
    if len(round_.made_of) > 1 and not in_marks(result, plugins, round_id):
        title = dict(scorer_title(result, plugins, round_id))
        return Message("stability_points_parts", {"scorer": title})
    return None


def in_marks(result: Result, plugins: Plugins, round_id: str) -> bool:
    """Whether the score of a round is in the unit of its ballots."""
    return getattr(_scorer(result, plugins, round_id), "unit", "points") == "mark"


def scorer_title(result: Result, plugins: Plugins, round_id: str) -> Mapping[str, str]:
    """What people call the scorer of a round, by language."""
    return title_of(_scorer(result, plugins, round_id))


def _scorer(result: Result, plugins: Plugins, round_id: str) -> type[Part] | Path:
    return plugins.scorers()[result.round(round_id).rubric.scorer.name].part


def _too_little(crossed: Crossed) -> Message | None:
    """Why nothing can be said of a field."""
    n = len(crossed.proposals)
    if n == 1:
        return Message("stability_one_proposal")
    if len(crossed) == n:
        return Message("stability_one_ballot")
    if np.ptp(crossed.value) == 0:
        return Message("stability_all_equal")
    if n * LEAST > ROOM:
        return Message("stability_too_many", {"count": n, "most": ROOM // LEAST})
    return None


def _drawn(result: Result, field: _Field, draw: Draw) -> Drawn | Unknown:
    crossed, group = field.crossed, field.group
    draws = max(LEAST, min(DRAWS, ROOM // len(crossed.proposals)))
    own = draw(crossed, draws=draws, seed=seed_of(result, "stability", field.round_id, group))
    if own is None:
        return Unknown(group, Message("stability_unsettled"))
    times, rest = _parts(result, field)
    totals = total(own, times, rest)
    ranking = Ranking.of(totals)
    if not settled(ranking):
        return Unknown(group, Message("stability_unsettled"))
    left_out = tuple(p for p in field.rows["proposal"] if p not in set(crossed.proposals))
    return Drawn(group, crossed, own, totals, ranking, times, rest, left_out)


def total(own: Scores, times: float, rest: Floats) -> Scores:
    """Own marks (…, n) × times + the rest, in the precision of own marks."""
    if times == 1 and not rest.any():
        return own
    found: Scores = own * times + rest.astype(own.dtype)
    return found


def settled(ranking: Ranking, k: int | None = None) -> bool:
    """Whether the halves of the draws agree as well as independent draws must.

    In the spread of every rank, and in the chances of being first, of being in the better half and,
    where there is a line, of being among the best `k`.
    """
    allowed = CHANCE_ERRORS * 0.5 * (4 / ranking.draws) ** 0.5
    worst = max(ranking.split(at) for at in {1, max(1, ranking.n // 2), k or 1})
    return ranking.r_hat <= R_HAT and worst <= allowed


def _parts(result: Result, field: _Field) -> tuple[float, Floats]:
    """How often own marks count, and what the other parts add to the score of each proposal."""
    made_of = result.source.competition.round(field.round_id).made_of
    places: Mapping[str, int] = result.round(field.round_id).standings.places
    times = next(float(part.times) for part in made_of if part.from_ == "own")
    others = [f"part:{p.from_}" for p in made_of if p.from_ != "own"]
    rows = {row["proposal"]: row for row in field.rows.select("proposal", *others).to_dicts()}
    rest = [
        sum((rows[p][c] or 0) / 10 ** places[c] for c in others) for p in field.crossed.proposals
    ]
    return times, np.array(rest, dtype=np.float64)
