"""What is unusual in a round, in plain words; numbers second, and always what else explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from review.analysis.agreement.words import number
from review.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from review.analysis.unusual.report import (
        Group,
        Kin,
        Mark,
        Odds,
        Pair,
        Returned,
        RoundUnusual,
    )


MOST_OUT_OF_REACH = 3


class Finding(Protocol):
    """Anything that was tested."""

    @property
    def odds(self) -> Odds: ...  # noqa: D102 -- the class says it


def sentences_of(round_: RoundUnusual) -> tuple[Message, ...]:
    """What is said about a round, most important first."""
    return tuple(_all(round_))


def attribute_of(attribute: tuple[str, str]) -> Message:
    """The shared attribute in words: one name where both columns have it."""
    first, second = (Message("unusual_attribute", {"by": name}) for name in attribute)
    if attribute[0] == attribute[1]:
        return first
    return Message("unusual_two_attributes", {"first": first, "second": second})


def points(value: float) -> str:
    """A difference in marks."""
    return number(abs(value), 2 if abs(value) < 10 else 1)  # noqa: PLR2004


def signed(value: float) -> str:
    """Two decimals."""
    return f"{value:.2f}"


def _all(round_: RoundUnusual) -> Iterator[Message]:
    if round_.unlooked is not None:
        yield round_.unlooked
        return
    if round_.found:
        yield Message("unusual_found", {"found": round_.found, "tests": round_.tests})
    elif round_.tests:
        yield Message("unusual_nothing", {"tests": round_.tests})
    yield from _told(round_.affinity, _kin, "unusual_why_affinity")
    yield from _told(round_.favours, _favour, "unusual_why_favours")
    yield from _told(round_.groups, _group, "unusual_why_groups")
    yield from _told(round_.pairs, _pair, "unusual_why_pairs")
    yield from _told(round_.marks, _mark, "unusual_why_marks")
    yield from _out_of_reach(round_)
    if round_.tested:
        chance = number(round_.far_by_chance, 1)
        params = {"far": round_.far, "tested": round_.tested, "chance": chance}
        yield Message("unusual_far", params)
    if round_.detectable is not None and not round_.found:
        yield Message("unusual_detectable", {"size": number(round_.detectable, 1)})


def _told(
    findings: Sequence[Finding], say: Callable[[Any], Message], why: str
) -> Iterator[Message]:
    unusual = [each for each in findings if each.odds.unusual]
    for each in unusual:
        yield say(each)
    if unusual:
        yield Message(why)


def _out_of_reach(round_: RoundUnusual) -> Iterator[Message]:
    """Differences that are as unlikely as they can be, and that few marks keep from being told."""
    every: list[tuple[float, Message]] = [
        *((each.odds.p, _small_kin(each)) for each in round_.affinity if each.odds.out_of_reach),
        *((each.odds.p, _small_favour(each)) for each in round_.favours if each.odds.out_of_reach),
    ]
    for _, sentence in sorted(every, key=lambda each: each[0])[:MOST_OUT_OF_REACH]:
        yield sentence


def _mark(found: Mark) -> Message:
    low, _, high = found.others
    params = {
        "judge": found.called,
        "title": dict(found.title) or found.proposal,
        "proposal": found.proposal,
        "ballot": number(found.ballot, 2),
        "count": found.count,
        "low": number(low, 2),
        "high": number(high, 2),
        "expected": number(found.expected, 1),
    }
    return Message("unusual_mark_high" if found.residual > 0 else "unusual_mark_low", params)


def _pair(found: Pair) -> Message:
    params = {
        "first": found.called[0],
        "second": found.called[1],
        "shared": found.shared,
        "correlation": signed(found.correlation),
        "chance": signed(found.by_chance),
    }
    together = found.correlation > found.by_chance
    return Message("unusual_pair_with" if together else "unusual_pair_against", params)


def _kin(found: Kin) -> Message:
    code = "unusual_affinity_more" if found.effect > 0 else "unusual_affinity_less"
    return Message(code, _kin_params(found))


def _small_kin(found: Kin) -> Message:
    code = "unusual_small_more" if found.effect > 0 else "unusual_small_less"
    return Message(code, _kin_params(found))


def _kin_params(found: Kin) -> dict[str, object]:
    low, high = (found.low, found.high) if found.effect > 0 else (-found.high, -found.low)
    return {
        "judge": found.called or Message("unusual_judges_together"),
        "own": found.own,
        "attribute": found.shared,
        "effect": points(found.effect),
        "low": signed(low),
        "high": signed(high),
    }


def _group(found: Group) -> Message:
    params = {
        "judges": list(found.called),
        "correlation": signed(found.correlation),
        "chance": signed(found.by_chance),
    }
    return Message("unusual_group", params)


def _favour(found: Returned) -> Message:
    return Message("unusual_favours", _favour_params(found))


def _small_favour(found: Returned) -> Message:
    return Message("unusual_small_favours", _favour_params(found))


def _favour_params(found: Returned) -> dict[str, object]:
    return {
        "first": found.called[0],
        "second": found.called[1],
        "to_second": points(found.to_second),
        "to_first": points(found.to_first),
    }
