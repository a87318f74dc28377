"""How sure a ranking is: chances, intervals, and where one more ballot would help."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from review.analysis.certainty import told
from review.analysis.drawing import Drawn, Unknown, draw_round, posterior_draws
from review.analysis.places import FieldStability
from review.analysis.placing import place
from review.analysis.winning import AwardChances, Giving
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.drawing import Draw
    from review.model.result import Result, RoundResult
    from review.plugin.manager import Plugins

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
    wanted = {r.id for r in asked} | {a.round for a in result.awards}
    drawn = {r.id: tuple(draw_round(result, plugins, r.id, draw))
             for r in result.rounds if r.id in wanted}  # fmt: skip
    placed = {r.id: _placed(result, r, drawn[r.id]) for r in result.rounds
              if r.id in wanted}  # fmt: skip
    sizes = {
        (r, f.group): f.line.size for r, found in placed.items() for f in found
        if f.line is not None
    }  # fmt: skip
    awards = list(Giving(result, plugins, drawn, sizes, draw).all())
    listed = {award.id: award for award in awards}
    in_order = [listed[a.id] for a in result.awards]
    return Stability(
        result.competition,
        result.title,
        result.content,
        result.rules,
        tuple(
            RoundStability(
                r.id, r.title, placed[r.id], tuple(a for a in in_order if a.round == r.id)
            )
            for r in asked
        ),
    )


def _placed(
    result: Result, round_: RoundResult, fields: Sequence[Drawn | Unknown]
) -> tuple[FieldStability, ...]:
    return tuple(
        _unknown(round_, field) if isinstance(field, Unknown) else place(result, round_, field)
        for field in fields
    )


def _unknown(round_: RoundResult, field: Unknown) -> FieldStability:
    found = FieldStability(field.group, round_.rubric.scorer.name, field.reason)
    return replace(found, sentences=told(found))
