"""What would be if the criteria were weighed a little differently.

The weights of each rubric are drawn anew from a Dirichlet distribution around the declared ones, so
that their sum stays what it is; the competition is run again with each draw.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import numpy as np

from review.analysis.comparing.bounds import affordable
from review.analysis.comparing.changes import Change
from review.analysis.comparing.effects import IN, UNDECIDED
from review.analysis.seeds import seed_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.comparing.beside import Beside
    from review.analysis.comparing.effects import Effects, Picture
    from review.model.rubric import Rubric

SPREAD = Decimal("0.2")
DRAWS = 100
PLACES = 4
SHARE_PLACES = 4


@dataclass(frozen=True)
class Shares:
    """In what share of the draws something holds for a proposal."""

    proposal: str
    rank: int | None
    shortlisted: float | None
    undecided: float | None
    first: float


@dataclass(frozen=True)
class WonShare:
    """In what share of the draws a proposal wins an award."""

    award: str
    proposal: str
    wins: bool
    share: float


@dataclass(frozen=True)
class Weights:
    """What draws of weights do to a round; shares are of the `draws` that could be run.

    `spread`: the relative standard deviation of a weight, as a root mean square over criteria in
    proportion to their weights. `concentration`: round → the Dirichlet's. `failed`: draws that
    could not be run; `waiting`: draws in which the round or one of its awards waits for a decision.
    """

    draws: int
    asked: int
    failed: int
    waiting: int
    seed: int
    concentration: Mapping[str, float]
    proposals: tuple[Shares, ...]
    awards: tuple[WonShare, ...]
    spread: Decimal = SPREAD
    places: int = PLACES

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "draws": self.draws,
            "asked": self.asked,
            "failed": self.failed,
            "waiting": self.waiting,
            "relative_sd": float(self.spread),
            "concentration": {r: round(a, SHARE_PLACES) for r, a in self.concentration.items()},
            "decimals": self.places,
            "seed": self.seed,
            "proposals": [
                {
                    "proposal": s.proposal,
                    "rank": s.rank,
                    "shortlisted": s.shortlisted,
                    "undecided": s.undecided,
                    "first": s.first,
                }
                for s in self.proposals
            ],
            "awards": [
                {"award": a.award, "proposal": a.proposal, "wins": a.wins, "share": a.share}
                for a in self.awards
            ],
        }


@dataclass
class _Tally:
    """What was counted in one round over the draws."""

    draws: int = 0
    waiting: int = 0
    in_: Counter[int] = field(default_factory=Counter)
    undecided: Counter[int] = field(default_factory=Counter)
    first: Counter[int] = field(default_factory=Counter)
    wins: Counter[tuple[str, str]] = field(default_factory=Counter)


def weights(
    beside: Beside, effects: Effects, rounds: Sequence[str], draws: int = DRAWS
) -> dict[str, Weights]:
    """What draws of weights do to each of these rounds, where any weight reaches it.

    Rounds that are judged by the same rubric are weighed alike; all rubrics are drawn at once.
    """
    varied = {
        r.id: beside.loaded.rubrics[r.id]
        for r in beside.loaded.competition.rounds
        if r.uses_own and not r.compared and len(beside.loaded.rubrics[r.id].counting) > 1
    }
    reach = {r: beside.reach(Change(rubrics={r: rubric})) for r, rubric in varied.items()}
    varied = {r: rubric for r, rubric in varied.items() if reach[r] & set(rounds)}
    if not varied:
        return {}
    seed = seed_of(beside.official, "weights")
    tried = affordable(beside, Change(rubrics=varied), draws)
    changes = _changes(varied, seed, tried)
    tallies = {r: _Tally() for r in rounds if any(r in reach[v] for v in varied)}
    failed = 0
    for variant in beside.run(changes):
        picture = effects.picture(variant)
        if picture.refusal is not None:
            failed += 1
            continue
        for round_id, tally in tallies.items():
            _count(tally, picture, effects, round_id)
    return {
        r: _shares(
            tally,
            effects,
            r,
            Weights(
                draws=tried - failed,
                asked=draws,
                failed=failed,
                waiting=tally.waiting,
                seed=seed,
                concentration={
                    v: concentration(len(rubric.counting))
                    for v, rubric in varied.items()
                    if r in reach[v]
                },
                proposals=(),
                awards=(),
            ),
        )
        for r, tally in tallies.items()
    }


def concentration(criteria: int) -> float:
    """The sum of the Dirichlet's parameters at which weights have the relative `SPREAD`.

    A weight of share p has the variance p(1 - p) ÷ (a + 1); relative to p² and averaged in
    proportion to p that is (k - 1) ÷ (a + 1) for k criteria.
    """
    return (criteria - 1) / float(SPREAD) ** 2 - 1


def drawn(rubric: Rubric, generator: np.random.Generator) -> Rubric:
    """The rubric with weights drawn around its own, at `PLACES` decimals of a share.

    Their sum is that of the declared weights as nearly as decimals allow; none is 0.
    """
    declared = [c.weight for c in rubric.counting]
    total = sum(declared, Decimal(0))
    parameters = [float(w / total) * concentration(len(declared)) for w in declared]
    unit = Decimal(1).scaleb(-PLACES)
    new = iter(
        max(unit, Decimal(repr(float(share))).quantize(unit, ROUND_HALF_UP)) * total
        for share in generator.dirichlet(parameters)
    )
    criteria = tuple(
        c.model_copy(update={"weight": next(new)}) if c.counts else c for c in rubric.criteria
    )
    return rubric.model_copy(update={"criteria": criteria})


def _changes(varied: Mapping[str, Rubric], seed: int, draws: int) -> list[Change]:
    generator = np.random.Generator(np.random.PCG64(seed))
    changes = []
    for _ in range(draws):
        by_rubric: dict[str, Rubric] = {}
        for rubric in varied.values():
            if rubric.id not in by_rubric:
                by_rubric[rubric.id] = drawn(rubric, generator)
        changes.append(Change(rubrics={r: by_rubric[rubric.id] for r, rubric in varied.items()}))
    return changes


def _count(tally: _Tally, picture: Picture, effects: Effects, round_id: str) -> None:
    tally.draws += 1
    placed = picture.rounds.get(round_id)
    mine = [award for award, where in effects.rounds_of.items() if where == round_id]
    tally.waiting += placed is None or any(
        award not in picture.awards for award in mine if award in effects.official.awards
    )
    if placed is not None:
        tally.in_.update(np.flatnonzero(placed.status == IN).tolist())
        tally.undecided.update(np.flatnonzero(placed.status == UNDECIDED).tolist())
        tally.first.update(np.flatnonzero(placed.rank == 1).tolist())
    for award in mine:
        tally.wins.update((award, p) for _, p in picture.awards.get(award, ()))


def _shares(tally: _Tally, effects: Effects, round_id: str, found: Weights) -> Weights:
    draws = max(1, tally.draws)

    def share(count: int) -> float:
        return round(count / draws, SHARE_PLACES)

    official = effects.official.rounds.get(round_id)
    listed = official is not None and bool((official.status > 0).any())
    ranks = {} if official is None else dict(enumerate(official.rank.tolist()))
    known = {i for i, rank in ranks.items() if rank}
    seen = sorted(
        known | set(tally.in_) | set(tally.first), key=lambda i: (ranks.get(i) or len(ranks) + 1, i)
    )
    official_awards = effects.official.awards
    return replace(
        found,
        proposals=tuple(
            Shares(
                effects.proposals[i],
                ranks.get(i) or None,
                share(tally.in_[i]) if listed else None,
                share(tally.undecided[i]) if listed else None,
                share(tally.first[i]),
            )
            for i in seen
        ),
        awards=tuple(
            WonShare(award, p, any(p == q for _, q in official_awards.get(award, ())), share(n))
            for award in effects.rounds_of
            for (a, p), n in sorted(
                {**dict.fromkeys(_official(effects, round_id), 0), **tally.wins}.items(),
                key=lambda item: (-item[1], item[0]),
            )
            if a == award
        ),
    )


def _official(effects: Effects, round_id: str) -> list[tuple[str, str]]:
    """Each official winner of the round's awards: a share of 0 is told, too."""
    return [
        (award, p)
        for award, where in effects.rounds_of.items()
        if where == round_id
        for _, p in effects.official.awards.get(award, ())
    ]
