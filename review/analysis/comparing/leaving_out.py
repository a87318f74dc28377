"""What would be if one judge, one criterion or one proposal had not been there.

Each is left out in turn and the competition run again. For proposals that tells whether the order
of two depends on a third (independence of irrelevant alternatives, Arrow 1951).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from review.analysis.comparing.bounds import Tried, affordable, nearest, nearness
from review.analysis.comparing.changes import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.analysis.comparing.beside import Beside
    from review.analysis.comparing.effects import Effect, Effects
    from review.model.rubric import Rubric

Kind = Literal["judges", "criteria", "proposals"]
KINDS: tuple[Kind, ...] = ("judges", "criteria", "proposals")
MOST = 200
"""So many of a kind are left out in turn, at most."""


@dataclass(frozen=True)
class Removal:
    """One that is left out, and what that does to the round it is told of.

    `id` of the judge, criterion or proposal; `round`: whose criterion it is. `beyond`: the
    withdrawal of a proposal does more than free its own place.
    """

    id: str
    effect: Effect
    round: str | None = None
    beyond: bool = False


@dataclass(frozen=True)
class LeavingOut:
    """Those of one kind that reach a round, left out one at a time."""

    kind: Kind
    tried: Tried
    removals: tuple[Removal, ...]

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        name = {"judges": "judge", "criteria": "criterion", "proposals": "proposal"}[self.kind]
        return {
            "tried": self.tried.tried,
            "of": self.tried.of,
            "variants": [
                {
                    name: removal.id,
                    **({"round": removal.round} if self.kind == "criteria" else {}),
                    **({"beyond": removal.beyond} if self.kind == "proposals" else {}),
                    **removal.effect.to_json(),
                }
                for removal in self.removals
            ],
        }


@dataclass(frozen=True)
class _Candidate:
    id: str
    change: Change
    round: str | None = None


def leaving_out(
    beside: Beside, effects: Effects, rounds: Sequence[str]
) -> dict[str, dict[Kind, LeavingOut]]:
    """round → kind → what leaving out each of that kind does to the round, for these rounds."""
    found: dict[str, dict[Kind, LeavingOut]] = {r: {} for r in rounds}
    candidates = {
        "judges": _judges(beside),
        "criteria": _criteria(beside),
        "proposals": _proposals(beside),
    }
    for kind in KINDS:
        reached = [
            (c, reach) for c in candidates[kind] if (reach := beside.reach(c.change) & set(rounds))
        ]
        chosen = _chosen(beside, kind, [c for c, _ in reached])
        pictures = {
            c.id if c.round is None else (c.round, c.id): effects.picture(variant)
            for c, variant in zip(chosen, beside.run(c.change for c in chosen), strict=True)
        }
        for round_id in rounds:
            here = [c for c, reach in reached if round_id in reach]
            removals = tuple(
                _removal(c, effects.effect(pictures[key], round_id, c.change.withdrawn), kind)
                for c in here
                if (key := c.id if c.round is None else (c.round, c.id)) in pictures
            )
            found[round_id][kind] = LeavingOut(kind, Tried(len(removals), len(here)), removals)
    return found


def without_criterion(rubric: Rubric, criterion: str) -> Rubric:
    """The rubric in which a criterion neither counts nor breaks ties; its marks stay."""
    criteria = tuple(
        c.model_copy(update={"counts": False}) if c.id == criterion else c for c in rubric.criteria
    )
    ties = tuple(t for t in rubric.ties if t != f"criterion:{criterion}")
    return rubric.model_copy(update={"criteria": criteria, "ties": ties})


def _removal(candidate: _Candidate, effect: Effect, kind: Kind) -> Removal:
    beyond = kind == "proposals" and bool(
        effect.moved or effect.leaves or any(a.leaves for a in effect.awards)
    )
    return Removal(candidate.id, effect, candidate.round, beyond)


def _judges(beside: Beside) -> list[_Candidate]:
    said = [beside.loaded.marks.filter(pl.col("value").is_not_null()).select("judge")]
    if beside.loaded.rankings is not None:
        said.append(beside.loaded.rankings.select("judge"))
    judges = pl.concat(said)["judge"].unique().sort().to_list()
    return [_Candidate(j, Change(judges=frozenset({j}))) for j in judges]


def _criteria(beside: Beside) -> list[_Candidate]:
    return [
        _Candidate(c.id, Change(rubrics={r.id: without_criterion(rubric, c.id)}), r.id)
        for r in beside.loaded.competition.rounds
        for rubric in [beside.loaded.rubrics[r.id]]
        if r.uses_own and not r.compared and len(rubric.counting) > 1
        for c in rubric.counting
    ]


def _proposals(beside: Beside) -> list[_Candidate]:
    return [
        _Candidate(p, Change(withdrawn=frozenset({p})))
        for p, status in beside.loaded.proposals.select("proposal", "status").iter_rows()
        if status is None
    ]


def _chosen(beside: Beside, kind: Kind, candidates: list[_Candidate]) -> list[_Candidate]:
    """As many as can be tried: judges with the most marks, proposals nearest to a line."""
    if not candidates:
        return []
    most = min(affordable(beside, c.change, MOST) for c in candidates)
    if len(candidates) <= most:
        return candidates
    if kind == "proposals":
        kept = set(nearest([c.id for c in candidates], nearness(beside.official), most))
        return [c for c in candidates if c.id in kept]
    if kind == "judges":
        counts = dict(beside.loaded.marks.group_by("judge").len().iter_rows())
        busiest = sorted(candidates, key=lambda c: (-counts.get(c.id, 0), c.id))[:most]
        return sorted(busiest, key=lambda c: c.id)
    return candidates[:most]
