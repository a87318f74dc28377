"""What would be if the same marks were scored in another way.

Each scorer takes the place of a round's own, the rest of the rules stays as it is, and the
competition is run again. This is no advice: the official scorer was declared before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from review.analysis.comparing.changes import Change
from review.analysis.comparing.effects import IN, STATUSES
from review.errors import ReviewError
from review.messages import Message
from review.model.rubric import PartUse
from review.plugin.comparing import RankingScorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.analysis.comparing.beside import Beside
    from review.analysis.comparing.effects import AwardChange, Effect, Effects, Picture
    from review.analysis.comparing.variant import Variant

USUAL = (
    "weighted_mean", "trimmed_mean", "median", "majority_judgment", "z_score", "additive",
    "calibrated", "borda", "copeland", "schulze", "bradley_terry",
)  # fmt: skip
"""What is laid beside the official scorer where nobody names others: of each family one or two."""


@dataclass(frozen=True)
class Method:
    """A way of scoring a round, and what it comes to.

    `rank` and `status` by proposal. `awards`: what changes in awards anywhere; None where they
    cannot be compared, for the reason in `awards_reason`. `refusal`: why it cannot be used.
    """

    id: str
    title: Mapping[str, str]
    official: bool
    rank: Mapping[str, int]
    status: Mapping[str, str]
    effect: Effect | None
    awards: tuple[AwardChange, ...] | None
    awards_reason: Message | None = None
    refusal: Message | None = None
    warnings: tuple[Message, ...] = ()

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        effect = self.effect
        return {
            "id": self.id,
            "title": dict(self.title),
            "official": self.official,
            "effect": None if effect is None or self.refusal is not None else effect.to_json(),
            "awards": None if self.awards is None else [a.to_json() for a in self.awards],
            "awards_reason": None if self.awards_reason is None else self.awards_reason.to_json(),
            "refusal": None if self.refusal is None else self.refusal.to_json(),
            "warnings": [w.to_json() for w in self.warnings],
        }


@dataclass(frozen=True)
class Depends:
    """A proposal whose shortlist place depends on the scorer: its status by each scorer's id."""

    proposal: str
    status: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """As it stands in the report."""
        return {"proposal": self.proposal, "status": dict(self.status)}


@dataclass(frozen=True)
class Methods:
    """Ways of scoring a round side by side, the official one first."""

    methods: tuple[Method, ...]
    proposals: tuple[str, ...]  # by official rank
    depends: tuple[Depends, ...]

    @property
    def official(self) -> Method:
        """The declared way."""
        return self.methods[0]

    @property
    def others(self) -> tuple[Method, ...]:
        """The other ways that could be used."""
        return tuple(m for m in self.methods[1:] if m.refusal is None)

    def to_json(self) -> dict[str, object]:
        """As it stands in the report: the matrix has one row per proposal."""
        usable = [self.official, *self.others]
        return {
            "official": self.official.id,
            "methods": [m.to_json() for m in self.methods],
            "matrix": [
                {
                    "proposal": p,
                    "ranks": {m.id: m.rank.get(p) for m in usable},
                    "statuses": {m.id: m.status.get(p) for m in usable},
                }
                for p in self.proposals
            ],
            "depends": [d.to_json() for d in self.depends],
        }


def methods(
    beside: Beside, effects: Effects, rounds: Sequence[str], scorers: Sequence[str] | None = None
) -> dict[str, Methods]:
    """Each of these rounds that has marks or rankings, scored by each of the scorers.

    Raises ReviewError where there is no scorer of a name.
    """
    known = beside.plugins.scorers()
    for name in scorers or ():
        if name not in known:
            params = {"scorer": name, "scorers": sorted(known)}
            raise ReviewError(Message("compare_no_scorer", params))
    wanted = [name for name in (scorers or USUAL) if name in known]
    competition = beside.loaded.competition
    return {
        r.id: _of_round(beside, effects, r.id, wanted, named=scorers is not None)
        for r in competition.rounds
        if r.id in rounds and r.uses_own and r.id in effects.official.rounds
    }


def _of_round(
    beside: Beside, effects: Effects, round_id: str, wanted: Sequence[str], *, named: bool
) -> Methods:
    own = beside.loaded.rubrics[round_id].scorer.name
    compared = beside.loaded.competition.round(round_id).compared
    scorers = beside.plugins.scorers()
    names = [
        name
        for name in dict.fromkeys(wanted)
        if name != own and (named or not compared or issubclass(scorers[name].part, RankingScorer))
    ]
    refusals = {name: _refusal(beside, round_id, name) for name in names}
    able = [name for name in names if refusals[name] is None]
    variants = dict(zip(able, beside.run(_change(beside, round_id, n) for n in able), strict=True))
    found = [_official(beside, effects, round_id)]
    for name in names:
        variant = variants.get(name)
        if variant is None or variant.refusal is not None:
            refusal = refusals[name] if variant is None else variant.refusal
            found.append(_refused(beside, name, refusal))
        else:
            found.append(_method(beside, effects, round_id, name, variant))
    official = effects.official.rounds[round_id].rank
    ranked = {p: int(rank) for p, rank in zip(effects.proposals, official, strict=True) if rank}
    seen = {p for method in found for p in method.rank}
    proposals = tuple(sorted(seen, key=lambda p: (ranked.get(p, len(official) + 1), p)))
    return Methods(tuple(found), proposals, _depends(found, proposals))


def _change(beside: Beside, round_id: str, scorer: str) -> Change:
    rubric = beside.loaded.rubrics[round_id]
    other = rubric.model_copy(update={"scorer": PartUse(name=scorer)})
    return Change(rubrics={round_id: other})


def _refusal(beside: Beside, round_id: str, name: str) -> Message | None:
    """Why a scorer cannot take the place of the official one, as far as rules say."""
    part = beside.plugins.scorers()[name].part
    round_ = beside.loaded.competition.round(round_id)
    try:
        part({})
    except ValidationError:
        return Message("method_options")
    if round_.compared and not issubclass(part, RankingScorer):
        return Message("method_needs_marks")
    if _same_scale(beside, round_id, name):
        return None
    if any(p.from_ != "own" for p in round_.made_of):
        return Message("method_parts")
    rule = round_.shortlist and beside.plugins.shortlists()[round_.shortlist.rule].part
    if rule and not rule.in_order:
        return Message("method_shortlist")
    return None


def _same_scale(beside: Beside, round_id: str, name: str) -> bool:
    """Whether scores are on the same scale as official ones: that of the marks, or points both."""
    scorers = beside.plugins.scorers()
    own = beside.loaded.rubrics[round_id].scorer.name
    return name == own or (scorers[name].part.unit == scorers[own].part.unit == "mark")


def _awards_reason(beside: Beside, round_id: str, name: str) -> Message | None:
    """Why awards cannot be compared: they, or a later round, take the score for one of marks."""
    if _same_scale(beside, round_id, name):
        return None
    competition = beside.loaded.competition
    later = [r.title or r.id for r in competition.rounds if beside.hears_score(r, round_id)]
    least = [u for u in competition.awards if u.round == round_id and u.min_score is not None]
    if later:
        return Message("method_later", {"rounds": later})
    return Message("method_least") if least else None


def _official(beside: Beside, effects: Effects, round_id: str) -> Method:
    name = beside.loaded.rubrics[round_id].scorer.name
    rank, status = _columns(effects, effects.official, round_id)
    return Method(name, _title(beside, name), True, rank, status, None, ())  # noqa: FBT003 -- as the fields are


def _refused(beside: Beside, name: str, refusal: Message | None) -> Method:
    return Method(name, _title(beside, name), False, {}, {}, None, None, refusal=refusal)  # noqa: FBT003 -- as the fields are


def _method(beside: Beside, effects: Effects, round_id: str, name: str, variant: Variant) -> Method:
    picture = effects.picture(variant)
    rank, status = _columns(effects, picture, round_id)
    reason = _awards_reason(beside, round_id, name)
    return Method(
        id=name,
        title=_title(beside, name),
        official=False,
        rank=rank,
        status=status,
        effect=effects.effect(picture, round_id),
        awards=None if reason else effects.award_changes(picture),
        awards_reason=reason,
        warnings=tuple(variant.warnings),
    )


def _columns(
    effects: Effects, picture: Picture, round_id: str
) -> tuple[dict[str, int], dict[str, str]]:
    """proposal → rank, and proposal → status on the shortlist."""
    placed = picture.rounds[round_id]
    rank = {p: r for p, r in zip(effects.proposals, placed.rank.tolist(), strict=True) if r}
    status = {
        p: STATUSES[s] for p, s in zip(effects.proposals, placed.status.tolist(), strict=True) if s
    }
    return rank, status


def _title(beside: Beside, name: str) -> Mapping[str, str]:
    return dict(beside.plugins.scorers()[name].part.title)


def _depends(found: Sequence[Method], proposals: Sequence[str]) -> tuple[Depends, ...]:
    """The proposals that are in by some and not by others."""
    usable = [m for m in found if m.refusal is None]
    depends = []
    for p in proposals:
        by = {m.id: m.status[p] for m in usable if p in m.status}
        if len({status == STATUSES[IN] for status in by.values()}) > 1:
            depends.append(Depends(p, by))
    return tuple(depends)
