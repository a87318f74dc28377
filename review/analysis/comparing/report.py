"""What would change a result: `review compare`.

Every variant goes through the rules of the competition as they are: rounding, ties, quotas, award
policy. Nothing is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.analysis.comparing.beside import Beside
from review.analysis.comparing.effects import Effects
from review.analysis.comparing.influence import influence
from review.analysis.comparing.leaving_out import leaving_out
from review.analysis.comparing.methods import methods
from review.analysis.comparing.variant import in_
from review.analysis.comparing.weights import DRAWS, weights
from review.analysis.comparing.words import sentences_of
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.comparing.influence import Influence
    from review.analysis.comparing.leaving_out import Kind, LeavingOut
    from review.analysis.comparing.methods import Methods
    from review.analysis.comparing.weights import Weights
    from review.messages import Message
    from review.model.result import Result
    from review.plugin.manager import Plugins

SCHEMA = 1


@dataclass(frozen=True)
class Names:
    """What things are called: awards, criteria by round and id, judges, proposals."""

    awards: Mapping[str, Mapping[str, str]]
    criteria: Mapping[tuple[str, str], Mapping[str, str]]
    rounds: Mapping[str, Mapping[str, str]]
    judges: Mapping[str, str]
    proposals: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class RoundComparison:
    """What would change one round: its order, its shortlist, its awards.

    `shortlisted`: who is in officially, by rank; None where the round has no shortlist.
    `awards`: those given on the round. What is None does not apply: no weights to vary, no marks.
    """

    id: str
    title: Mapping[str, str]
    ranked: int
    leader: tuple[str, ...]
    shortlisted: tuple[str, ...] | None
    awards: tuple[str, ...]
    leaving_out: Mapping[Kind, LeavingOut]
    weights: Weights | None
    methods: Methods | None
    influence: Influence | None
    names: Names

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What it comes to, in plain words."""
        return sentences_of(self)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "ranked": self.ranked,
            "shortlisted": None if self.shortlisted is None else list(self.shortlisted),
            "sentences": [s.to_json() for s in self.sentences],
            "leaving_out": {kind: found.to_json() for kind, found in self.leaving_out.items()},
            "weights": None if self.weights is None else self.weights.to_json(),
            "methods": None if self.methods is None else self.methods.to_json(),
            "influence": None if self.influence is None else self.influence.to_json(),
        }


@dataclass(frozen=True)
class Comparison:
    """What would change a result, round by round."""

    competition: str
    title: Mapping[str, str]
    content: str
    rules: str
    rounds: tuple[RoundComparison, ...]

    def to_json(self) -> dict[str, object]:
        """As `review compare --json` prints it."""
        return {
            "schema": SCHEMA,
            "competition": self.competition,
            "title": dict(self.title),
            "content": self.content,
            "rules": self.rules,
            "rounds": [r.to_json() for r in self.rounds],
        }


@on_one_thread
def comparing(
    result: Result,
    plugins: Plugins,
    round_id: str | None = None,
    *,
    scorers: Sequence[str] | None = None,
    draws: int | None = None,
) -> Comparison:
    """What would change every round or one (KeyError where it was not run).

    `scorers`: to lay beside the official one, default the usual ones that are installed. `draws`:
    of weights. Raises ReviewError where there is no scorer of a name.
    """
    rounds = [r.id for r in result.rounds] if round_id is None else [result.round(round_id).id]
    beside, effects = Beside(result, plugins), Effects(result)
    by_scorer = methods(beside, effects, rounds, scorers)  # first: it may refuse a name
    left_out = leaving_out(beside, effects, rounds)
    weighed = weights(beside, effects, rounds, draws or DRAWS)
    influenced = influence(beside, effects, rounds)
    names = _names(result)
    return Comparison(
        result.competition,
        result.title,
        result.content,
        result.rules,
        tuple(
            RoundComparison(
                id=r,
                title=result.round(r).title,
                ranked=result.round(r).standings.frame["rank"].count(),
                leader=_leader(result, r),
                shortlisted=_shortlisted(result, r),
                awards=tuple(a.id for a in result.awards if a.round == r),
                leaving_out=left_out[r],
                weights=weighed.get(r),
                methods=by_scorer.get(r),
                influence=influenced.get(r),
                names=names,
            )
            for r in rounds
        ),
    )


def _leader(result: Result, round_id: str) -> tuple[str, ...]:
    frame = result.round(round_id).standings.frame
    return tuple(frame.filter(frame["rank"] == 1)["proposal"])


def _shortlisted(result: Result, round_id: str) -> tuple[str, ...] | None:
    round_ = result.round(round_id)
    if round_.shortlist is None:
        return None
    chosen = in_(round_)
    return tuple(p for p in round_.standings.frame["proposal"] if p in chosen)


def _names(result: Result) -> Names:
    rubrics = result.source.rubrics
    judges = result.source.judges
    return Names(
        awards={a.id: a.title for a in result.awards},
        criteria={(r, c.id): c.title for r, rubric in rubrics.items() for c in rubric.criteria},
        rounds={r.id: r.title for r in result.source.competition.rounds},
        judges={j: name or j for j, name in judges.select("judge", "name").iter_rows()},
        proposals={p: t for r in result.rounds for p, t in r.standings.titles.items()},
    )
