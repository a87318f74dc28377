"""What would change a round, in plain words."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from review.analysis.comparing.titles import Proposal, judge_name, with_titles
from review.analysis.percent import percent
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from review.analysis.comparing.bounds import Tried
    from review.analysis.comparing.effects import AwardChange, Effect
    from review.analysis.comparing.influence import Influential
    from review.analysis.comparing.leaving_out import Kind, LeavingOut, Removal
    from review.analysis.comparing.methods import Method
    from review.analysis.comparing.report import Names, RoundComparison
    from review.analysis.comparing.weights import Weights

Thing = TypeVar("Thing")

LISTED = 5
"""So many are told one by one; the tables have all."""


def sentences_of(found: RoundComparison) -> tuple[Message, ...]:
    """The sentences of a round: judges, criteria, proposals, weights, scorers, single marks."""
    sentences = chain(
        _left_out(found, "judges"),
        _left_out(found, "criteria"),
        _withdrawn(found),
        _weights(found),
        _methods(found),
        _influence(found),
    )
    return tuple(with_titles(sentences, found.names.proposals, LISTED))


def goal(found: RoundComparison) -> Message:
    """What is at stake in a round: the shortlist, an award, or who is first."""
    if found.shortlisted is not None and found.awards:
        return Message("goal_both")
    if found.shortlisted is not None:
        return Message("goal_shortlist")
    return Message("goal_award" if found.awards else "goal_first")


def matters(found: RoundComparison, effect: Effect) -> bool:
    """Whether an effect changes what is at stake."""
    at_stake = found.shortlisted is not None or found.awards
    return effect.decides or effect.waits or (not at_stake and bool(effect.leads))


def effect_words(names: Names, effect: Effect) -> Message:
    """What a change does, as one clause."""
    if effect.refusal is not None:
        return Message("effect_refused", {"reason": effect.refusal})
    parts = [
        *_shortlist_words(effect),
        *(w for a in effect.awards for w in award_words(names, a)),
    ]
    if effect.waits:
        parts.append(Message("effect_waits"))
    if effect.leads and not parts:
        parts.append(Message("effect_leads", {"proposals": list(effect.leads)}))
    return Message("effect_all", {"parts": parts})


def _shortlist_words(effect: Effect) -> Iterator[Message]:
    enters, leaves = list(effect.enters), list(effect.leaves)
    if enters and leaves:
        yield Message("effect_swaps", {"enters": enters, "leaves": leaves})
    elif enters:
        yield Message("effect_enters", {"proposals": enters})
    elif leaves:
        yield Message("effect_leaves", {"proposals": leaves})
    if effect.undecided:
        yield Message("effect_undecided", {"proposals": list(effect.undecided)})


def award_words(names: Names, change: AwardChange) -> Iterator[Message]:
    """What changes in an award."""
    award: object = dict(names.awards.get(change.award, {})) or change.award
    enters, leaves = list(change.enters), list(change.leaves)
    if change.waits:
        yield Message("effect_award_waits", {"award": award})
    if enters and leaves:
        yield Message("effect_award_swaps", {"award": award, "enters": enters, "leaves": leaves})
    elif enters:
        yield Message("effect_award_enters", {"award": award, "proposals": enters})
    elif leaves:
        yield Message("effect_award_leaves", {"award": award, "proposals": leaves})
    if change.moves:
        yield Message("effect_award_moves", {"award": award, "proposals": list(change.moves)})


# ----------------------------------------------------------------------------------- left out


def _left_out(found: RoundComparison, kind: Kind) -> Iterator[Message]:
    """Whether a single judge or criterion decides something."""
    out = found.leaving_out[kind]
    if not out.removals:
        return
    deciding = [r for r in out.removals if matters(found, r.effect)]
    worked = _worked_out(out)
    params = {"what": goal(found), "tried": len(worked), "count": len(deciding)}
    if deciding:
        yield Message(_code(f"left_out_{kind}_some", out, worked), params)
        yield from _listed(deciding, lambda r: _without(found, kind, r))
    elif worked:
        yield Message(_code(f"left_out_{kind}_none", out, worked), params)
    yield from _first(found, out)
    yield from _refused(found, out)
    yield from _limit(f"limit_{kind}", out.tried)


def _worked_out(out: LeavingOut) -> list[Removal]:
    """Those that could be left out: without the others the rules give no result."""
    return [r for r in out.removals if r.effect.refusal is None]


def _code(code: str, out: LeavingOut, worked: Sequence[Removal]) -> str:
    """The sentence about all that were tried, or about those that could be worked out."""
    return code if len(worked) == len(out.removals) else f"{code}_worked"


def _without(found: RoundComparison, kind: Kind, removal: Removal) -> Message:
    """One judge, criterion or proposal, and what would be without it."""
    effect = effect_words(found.names, removal.effect)
    who = _who(found, kind, removal)
    return Message(f"without_{kind}", {"who": who, "effect": effect})


def _who(found: RoundComparison, kind: Kind, removal: Removal) -> object:
    """What is left out, as it is called."""
    if kind == "criteria":
        return criterion_name(found, removal.round or found.id, removal.id)
    if kind == "judges":
        return judge_name(found.names.judges, removal.id)
    return Proposal(removal.id)


def criterion_name(found: RoundComparison, round_id: str, criterion: str) -> object:
    """A criterion by its title; of another round with that round's."""
    title: object = dict(found.names.criteria.get((round_id, criterion), {})) or criterion
    if round_id == found.id:
        return title
    round_: object = dict(found.names.rounds.get(round_id, {})) or round_id
    return Message("criterion_of", {"criterion": title, "round": round_})


def _first(found: RoundComparison, out: LeavingOut) -> Iterator[Message]:
    """Whether who is first depends on a single judge."""
    at_stake = found.shortlisted is not None or found.awards
    if out.kind != "judges" or not at_stake or not found.leader:
        return
    turning = [r.id for r in out.removals if r.effect.leads]
    leader = list(found.leader)
    worked = [r for r in _worked_out(out) if not r.effect.waits]
    if turning:
        judges = [judge_name(found.names.judges, j) for j in turning]
        yield Message("first_depends", {"leader": leader, "judges": judges, "count": len(turning)})
    elif worked:
        params = {"leader": leader, "tried": len(worked)}
        yield Message(_code("first_stands", out, worked), params)


def _withdrawn(found: RoundComparison) -> Iterator[Message]:
    """Whether a withdrawal would do more than free a place."""
    out = found.leaving_out["proposals"]
    if not out.removals:
        return
    beyond = [r for r in out.removals if r.beyond]
    telling = [r for r in beyond if r.effect.leaves or any(a.leaves for a in r.effect.awards)]
    waiting = [r for r in out.removals if _waits(r.effect) and r not in telling]
    worked = [r for r in _worked_out(out) if r.beyond or not _waits(r.effect)]
    params = {"tried": len(worked), "count": len(beyond)}
    if beyond:
        yield Message(_code("withdrawn_some", out, worked), params)
    elif worked:
        yield Message(_code("withdrawn_none", out, worked), params)
    yield from _listed([*telling, *waiting], lambda r: _without(found, "proposals", r))
    yield from _refused(found, out)
    yield from _limit("limit_proposals", out.tried)


def _waits(effect: Effect) -> bool:
    """Whether the round or one of its awards would wait, so that its outcome is not known."""
    return effect.waits or any(a.waits for a in effect.awards)


def _refused(found: RoundComparison, out: LeavingOut) -> Iterator[Message]:
    """Without whom there is no result, and why; where the reasons differ, that of the first."""
    refused = [r for r in out.removals if r.effect.refusal is not None]
    if not refused:
        return
    who = [_who(found, out.kind, r) for r in refused]
    params = {"who": who, "first": who[0], "reason": refused[0].effect.refusal}
    alike = len({repr(r.effect.refusal) for r in refused}) == 1
    yield Message("left_out_refused" if alike else "left_out_refused_each", params)


def _limit(code: str, tried: Tried) -> Iterator[Message]:
    if not tried.is_all:
        yield Message(code, {"tried": tried.tried, "of": tried.of})


def _listed(things: Sequence[Thing], words: Callable[[Thing], Message]) -> Iterator[Message]:
    """The first of them in words, and how many more there are."""
    for thing in things[:LISTED]:
        yield words(thing)
    if len(things) > LISTED:
        yield Message("and_more", {"count": len(things) - LISTED})


# ------------------------------------------------------------------------------------- weights


def _weights(found: RoundComparison) -> Iterator[Message]:
    weights = found.weights
    if weights is None:
        return
    params = {"draws": weights.draws, "percent": int(weights.spread * 100)}
    if not weights.draws:
        yield Message("weights_failed", {"asked": weights.asked})
        return
    if found.shortlisted is not None:
        yield from _weights_shortlist(found, weights, params)
    elif not found.awards and (firsts := _firsts(weights)):
        yield Message("weights_first", {**params, "shares": firsts})
    for award in found.awards:
        shares = [
            _share(a.proposal, a.share) for a in weights.awards if a.award == award and a.share
        ]
        name: object = dict(found.names.awards[award]) or award
        if shares:
            yield Message("weights_award", {**params, "award": name, "shares": shares})
    if weights.waiting:
        yield Message("weights_waiting", {"count": weights.waiting, "draws": weights.draws})
    if weights.failed:
        yield Message("weights_some_failed", {"count": weights.failed})
    if weights.draws + weights.failed < weights.asked:
        tried = weights.draws + weights.failed
        yield Message("limit_draws", {"tried": tried, "of": weights.asked})


def _weights_shortlist(
    found: RoundComparison, weights: Weights, params: Mapping[str, object]
) -> Iterator[Message]:
    shares = {s.proposal: s.shortlisted or 0.0 for s in weights.proposals}
    listed = found.shortlisted or ()
    unsure = [_share(p, shares.get(p, 0.0)) for p in listed if shares.get(p, 0.0) < 1]
    others = [
        _share(s.proposal, s.shortlisted)
        for s in sorted(weights.proposals, key=lambda s: -(s.shortlisted or 0))
        if s.shortlisted and s.proposal not in listed
    ]
    told = {**params, "size": len(listed), "sure": len(listed) - len(unsure)}
    if not unsure:
        yield Message("weights_all", told)
    else:
        yield Message("weights_some", {**told, "shares": unsure})
    if others:
        yield Message("weights_others", {**params, "shares": others})


def _firsts(weights: Weights) -> list[Message]:
    ordered = sorted(weights.proposals, key=lambda s: -s.first)
    return [_share(s.proposal, s.first) for s in ordered if s.first]


def _share(proposal: str, share: float) -> Message:
    return Message("share_of_draws", {"proposal": proposal, "share": percent(share)})


# ------------------------------------------------------------------------------------- methods


def _methods(found: RoundComparison) -> Iterator[Message]:
    compared = found.methods
    if compared is None:
        return
    others = compared.others
    official: object = dict(compared.official.title)
    if others:
        params: dict[str, object] = {"count": len(others), "official": official}
        if found.shortlisted is not None:
            yield from _methods_shortlist(found, params)
        yield from _methods_awards(found, others, params)
        if found.shortlisted is None and not found.awards:
            yield from _methods_first(others, params)
    refused = [m for m in compared.methods if m.refusal is not None]
    for reason in dict.fromkeys(repr(m.refusal) for m in refused):
        alike = [m for m in refused if repr(m.refusal) == reason]
        names = [dict(m.title) for m in alike]
        yield Message("method_refused", {"methods": names, "reason": alike[0].refusal})
    if others:
        yield Message("methods_no_advice", {"official": official})


def _methods_shortlist(found: RoundComparison, params: dict[str, object]) -> Iterator[Message]:
    assert found.methods is not None  # noqa: S101 -- the caller looked
    depends = found.methods.depends
    if not depends:
        yield Message("methods_same", params)
        return
    listed = found.shortlisted or ()
    unsure = [d.proposal for d in depends]
    sure = sum(p not in unsure for p in listed)
    told = {**params, "sure": sure, "size": len(listed), "proposals": unsure}
    yield Message("methods_differ", told)


def _methods_awards(
    found: RoundComparison, others: Iterable[Method], params: dict[str, object]
) -> Iterator[Message]:
    """Awards that depend on the scorer; how many could be compared."""
    able = [m for m in others if m.awards is not None]
    differing = [m for m in able if m.awards]
    if able and not differing and (found.awards or found.names.awards):
        yield Message("methods_awards_same", {**params, "count": len(able)})
    for method in differing:
        parts = [w for a in method.awards or () for w in award_words(found.names, a)]
        effect = Message("effect_all", {"parts": parts})
        yield Message("methods_award", {"method": dict(method.title), "effect": effect})
    unable = [m for m in others if m.awards_reason is not None]
    if unable:
        names = [dict(m.title) for m in unable]
        params = {"methods": names, "count": len(unable), "reason": unable[0].awards_reason}
        yield Message("methods_awards_apart", params)


def _methods_first(others: Sequence[Method], params: dict[str, object]) -> Iterator[Message]:
    differing = [m for m in others if m.effect is not None and m.effect.leads]
    if not differing:
        yield Message("methods_first_same", params)
    for method in differing:
        leads = [] if method.effect is None else list(method.effect.leads)
        yield Message("methods_first", {"method": dict(method.title), "proposals": leads})


# ----------------------------------------------------------------------------------- influence


def _influence(found: RoundComparison) -> Iterator[Message]:
    influence = found.influence
    if influence is None:
        return
    deciding = [m for m in influence.marks if matters(found, m.effect)]
    refused = [m for m in influence.marks if m.effect.refusal is not None]
    known = influence.tried.tried + influence.ruled_out
    worked = known - len(refused)
    params = {"what": goal(found), "tried": worked, "count": len(deciding)}
    if deciding:
        yield Message("influence_some", params)
        yield from _listed(deciding, lambda m: _mark_words(found, m))
    elif worked:
        yield Message("influence_none_worked" if refused else "influence_none", params)
    if refused:
        reason = refused[0].effect.refusal
        yield Message("influence_refused", {"count": len(refused), "reason": reason})
    if known < influence.tried.of:
        yield Message("limit_marks", {"tried": known, "of": influence.tried.of})


def _mark_words(found: RoundComparison, mark: Influential) -> Message:
    return Message(
        "influential",
        {
            "judge": judge_name(found.names.judges, mark.judge),
            "proposal": mark.proposal,
            "criterion": criterion_name(found, mark.round, mark.criterion),
            "mark": f"{mark.mark:f}",
            "median": f"{mark.median:f}",
            "effect": effect_words(found.names, mark.effect),
        },
    )
