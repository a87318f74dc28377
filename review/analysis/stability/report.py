"""How sure a ranking is: chances, intervals, and where one more ballot would help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.analysis.stability.drawing import (
    Unknown,
    draw_round,
    posterior_draws,
    scorer_title,
)
from review.analysis.stability.placing import place, unknown
from review.analysis.stability.winning import AwardChances, Giving
from review.messages import Message
from review.stats.threads import on_one_thread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.stability.drawing import Draw, Drawn
    from review.analysis.stability.places import FieldStability
    from review.model.result import Result, RoundResult
    from review.plugin.manager import Plugins

    Look = tuple[Drawn | Unknown, FieldStability]

SCHEMA = 1


@dataclass(frozen=True)
class RoundStability:
    """One round: each of its fields by itself (a group, or the whole round), and its awards."""

    id: str
    title: Mapping[str, str]
    fields: tuple[FieldStability, ...]
    awards: tuple[AwardChances, ...]

    @property
    def sentences(self) -> tuple[Message, ...]:
        """All that is said of the round, by group where it has groups; then of its awards."""
        told = [
            s if f.group is None else Message("stability_group", {"group": f.group, "sentence": s})
            for f in self.fields
            for s in f.sentences
        ]
        return (*told, *(s for award in self.awards for s in award.sentences))

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "sentences": [s.to_json() for s in self.sentences],
            "fields": [f.to_json() for f in self.fields],
            "awards": [a.to_json() for a in self.awards],
        }


@dataclass(frozen=True)
class Stability:
    """The whole report on one result; `content` and `rules` are the digests it belongs to."""

    competition: str
    title: Mapping[str, str]
    content: str
    rules: str
    rounds: tuple[RoundStability, ...]

    def to_json(self) -> dict[str, object]:
        """The report as `review stability --json` prints it, schema version 1."""
        return {
            "schema": SCHEMA,
            "competition": self.competition,
            "title": dict(self.title),
            "content": self.content,
            "rules": self.rules,
            "rounds": [r.to_json() for r in self.rounds],
        }


@on_one_thread
def stability(
    result: Result, plugins: Plugins, round_id: str | None = None, *, draw: Draw = posterior_draws
) -> Stability:
    """How sure each round and award is, or one round (KeyError where it was not run).

    Awards are given in the order of the policy whichever round is asked for. `draw` says how
    qualities are drawn.
    """
    asked = [r for r in result.rounds if round_id in (None, r.id)]
    if not asked:
        raise KeyError(round_id)
    looks = {r.id: _look(result, plugins, r, draw) for r in _needed(result, asked)}
    awards = _awards(result, plugins, asked, looks, draw)
    return Stability(
        result.competition,
        result.title,
        result.content,
        result.rules,
        tuple(
            RoundStability(
                r.id,
                r.title,
                tuple(placed for _drawn, placed in looks[r.id]),
                tuple(a for a in awards if a.round == r.id),
            )
            for r in asked
        ),
    )


def _needed(result: Result, asked: Sequence[RoundResult]) -> list[RoundResult]:
    """The rounds to look at: those asked for and, if they give an award, all that give one."""
    ids = {r.id for r in asked}
    giving = {a.round for a in result.awards}
    wanted = ids | giving if ids & giving else ids
    return [r for r in result.rounds if r.id in wanted]


def _look(result: Result, plugins: Plugins, round_: RoundResult, draw: Draw) -> list[Look]:
    """The draws of each field of a round and what they say; draws that say nothing are left out."""
    looks: list[Look] = []
    for field in draw_round(result, plugins, round_.id, draw):
        if isinstance(field, Unknown):
            looks.append((field, unknown(round_, field)))
            continue
        placed = place(result, round_, field, scorer_title(result, plugins, round_.id))
        refused = placed.reason and Unknown(field.group, placed.reason)
        looks.append((refused or field, placed))
    return looks


def _awards(
    result: Result,
    plugins: Plugins,
    asked: Sequence[RoundResult],
    looks: Mapping[str, Sequence[Look]],
    draw: Draw,
) -> list[AwardChances]:
    """The awards in the order of the competition, if one was asked for."""
    if not {r.id for r in asked} & {a.round for a in result.awards}:
        return []
    drawn = {r: [field for field, _placed in found] for r, found in looks.items()}
    sizes = {
        (r, placed.group): placed.line.size
        for r, found in looks.items()
        for _drawn, placed in found
        if placed.line is not None
    }
    listed = {award.id: award for award in Giving(result, plugins, drawn, sizes, draw).all()}
    return [listed[a.id] for a in result.awards]
