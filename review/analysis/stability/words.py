"""How sure the places of a field are, in sentences: plain words first."""

from __future__ import annotations

from math import ceil, floor
from statistics import median
from typing import TYPE_CHECKING

from review.analysis.percent import percent
from review.messages import Message
from review.stats.bootstrap import PLENTY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.analysis.stability.places import Checks, FieldStability, Line, ProposalStability

#: A chance of being above the line between this and 1 - this is doubt.
DOUBT = 0.1
#: From here on, or up to 1 less this, a chance says something of a proposal: it is not a toss.
LIKELY = 0.75
#: What one more ballot must bring to be worth a word, and as a share of the wrong decisions.
WORTH, WORTH_SHARE = 0.02, 0.05
#: Fewer wrong decisions than this are none.
FEW_WRONG = 0.05
#: What a chance in percent may be off by as a float.
NOISE = 1e-9
#: Places between official and expected rank that are worth a word.
FAR = 3
#: Names in one sentence.
NAMED = 20
#: Fewer ballots than this make the bootstrap coarse.
COARSE = 4


def told(field: FieldStability) -> tuple[Message, ...]:
    """All sentences about one field."""
    if field.reason is not None:
        return (Message("stability_unknown", {"reason": field.reason}),)
    return tuple(_sentences(field))


def _sentences(field: FieldStability) -> Iterator[Message]:
    by_id = {p.proposal: p for p in field.proposals}
    if field.line is not None:
        yield from _line(field.line, by_id)
    elif field.size is not None:
        yield Message("stability_everybody" if field.size else "stability_nobody")
    best = field.proposals[0]
    params = {"proposal": best.proposal, "title": dict(best.title)}
    yield Message("stability_first", {**params, "percent": percent(best.p_first)})
    half = median((p.interval_90[1] - p.interval_90[0]) / 2 for p in field.proposals)
    yield (
        Message("stability_spread", {"places": ceil(half)})
        if half
        else Message("stability_spread_none")
    )
    if field.line is not None and field.line.among is not None:
        yield _among(field.line, field.line.among, len(field.proposals))
    assert field.checks is not None  # noqa: S101 -- told of fields that are known
    yield from _official(field, field.checks)
    yield from _reach(field, field.checks)


def _line(line: Line, by_id: dict[str, ProposalStability]) -> Iterator[Message]:
    yield _clear(line) if line.first is None else _blurred(line)
    if line.also:
        yield Message("stability_also", {"proposals": _few(line.also)})
    if line.wrong < FEW_WRONG:
        yield Message("stability_wrong_none", {"size": line.size})
    else:
        yield Message("stability_wrong", {"wrong": f"{line.wrong:.1f}", "size": line.size})
        yield _one_more(line, by_id)
    if not line.by_rank:
        yield Message("stability_line_not_rank")


def _clear(line: Line) -> Message:
    low, high = floor(line.low * 100 + NOISE), ceil(line.high * 100 - NOISE)
    return Message("stability_clear", {"low": low, "high": high, "size": line.size})


def _blurred(line: Line) -> Message:
    """Places in doubt: alike as far as ballots tell, or at least open."""
    likely = line.high >= LIKELY or line.low <= 1 - LIKELY
    run = {"first": line.first, "last": line.last, "proposals": _few(line.proposals)}
    ends = {"low": percent(line.low), "high": percent(line.high), "size": line.size}
    return Message("stability_open" if likely else "stability_blurred", {**run, **ends})


def _one_more(line: Line, by_id: dict[str, ProposalStability]) -> Message:
    """Where one more ballot would help most, if anywhere."""
    if not line.one_more or line.one_more[0][1] < max(WORTH, WORTH_SHARE * line.wrong):
        return Message("stability_one_more_little")
    proposal, fewer = line.one_more[0]
    params = {"proposal": proposal, "title": dict(by_id[proposal].title)}
    return Message("stability_one_more", {**params, "fewer": f"{fewer:.2f}"})


def _few(names: tuple[str, ...]) -> list[str]:
    return [*names[:NAMED], *(["…"] if len(names) > NAMED else [])]


def _among(line: Line, among: tuple[str, ...], everybody: int) -> Message:
    params = {"level": 90, "size": line.size, "count": len(among)}
    if len(among) > NAMED:
        return Message("stability_best_among_many", {**params, "all": everybody})
    return Message("stability_best_among", {**params, "proposals": list(among)})


def _official(field: FieldStability, checks: Checks) -> Iterator[Message]:
    if checks.correlation is not None:
        yield Message("stability_official", {"correlation": _below_one(checks.correlation)})
    if not checks.is_mean:
        yield Message("stability_not_mean", {"scorer": dict(field.scorer_title) or field.scorer})
    far = max(field.proposals, key=lambda p: (abs(p.rank - p.expected_rank), p.proposal))
    if abs(far.rank - far.expected_rank) >= FAR:
        params = {"proposal": far.proposal, "title": dict(far.title), "rank": far.rank}
        yield Message("stability_moved", {**params, "expected": round(far.expected_rank)})


def _below_one(correlation: float) -> str:
    """With two decimals, 1.00 only where there is nothing that differs."""
    return f"{floor(round(correlation, 9) * 100) / 100:.2f}"


def _reach(field: FieldStability, checks: Checks) -> Iterator[Message]:
    """How far all this goes."""
    if checks.parts:
        yield Message("stability_parts")
    if not checks.connected:
        yield Message("stability_disconnected")
    if checks.left_out:
        yield Message("stability_left_out", {"proposals": _few(checks.left_out)})
    if field.line is not None and checks.difference is not None:
        params = {"size": field.line.size, "difference": round(checks.difference * 100)}
        yield Message("stability_bootstrap", params)
        if checks.ballots < COARSE and checks.different < PLENTY:
            few = {"ballots": checks.ballots, "different": checks.different}
            share = {"percent": round(checks.too_small * 100)}
            yield Message("stability_bootstrap_few", {**few, **share})
