"""What a change would do to ranks, shortlists and awards: shown before anybody does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.live.deriving import Derived
    from review.live.event import Event
    from review.store.transfer import Change


@dataclass(frozen=True, slots=True)
class Moved:
    """A proposal in a round before and after: rank, score and place on the shortlist.

    `before` and `after` have the keys `rank`, `score`, `shortlist` (in | reserve | out | undecided
    | ineligible | None) and `reason` (texts by language, why there is no rank, or None).
    """

    round: str
    proposal: str
    title: Mapping[str, str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """Who has a prize before and who after; `tier` from 0, `group` of awards by category."""

    award: str
    title: Mapping[str, str]
    tier: int
    group: str | None
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do: `rows` and `awards` are those that differ, in their order.

    `problems` are those that would be there afterwards and are not now; `before` and `after` are
    the results compared. `seq` is the event that both are as of.
    """

    seq: int
    rows: Sequence[Moved]
    awards: Sequence[Given]
    problems: Sequence[Mapping[str, Any]]
    before: Derived
    after: Derived

    @property
    def is_nothing(self) -> bool:
        """Whether nobody's rank, score, place or prize would be another."""
        return not (self.rows or self.awards or self.problems)


def effect(event: Event, change: Change) -> Effect:
    """What a change would do as things stand."""
    before = event.deriver.latest()
    after = event.deriver.ask(change)
    known = list(before.problems)
    return Effect(
        seq=after.seq,
        rows=_moved(before, after),
        awards=_given(before, after),
        problems=[problem for problem in after.problems if problem not in known],
        before=before,
        after=after,
    )


_NOWHERE: Mapping[str, Any] = {"rank": None, "score": None, "shortlist": None, "reason": None}


def _moved(before: Derived, after: Derived) -> list[Moved]:
    was, now = _lines(before), _lines(after)
    titles = {**_titles(after), **_titles(before)}
    return [
        Moved(*key, titles[key[1]], was.get(key, _NOWHERE), now.get(key, _NOWHERE))
        for key in dict.fromkeys([*was, *now])
        if was.get(key) != now.get(key)
    ]


def _lines(derived: Derived) -> dict[tuple[str, str], Mapping[str, Any]]:
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for round_ in derived.result["rounds"] if derived.result else ():
        listed = {entry["proposal"]: entry["status"] for entry in round_["shortlist"] or ()}
        for line in round_["standings"]:
            found[round_["id"], line["proposal"]] = {
                "rank": line["rank"],
                "score": line["score"],
                "shortlist": listed.get(line["proposal"]),
                "reason": line["reason"],
            }
    return found


def _titles(derived: Derived) -> dict[str, Mapping[str, str]]:
    rounds = derived.result["rounds"] if derived.result else ()
    return {line["proposal"]: line["title"] for r in rounds for line in r["standings"]}


def _given(before: Derived, after: Derived) -> list[Given]:
    was, now = _winners(before), _winners(after)
    titles = {**_award_titles(after), **_award_titles(before)}
    return [
        Given(award, titles[award], tier, group, was.get(key, ()), now.get(key, ()))
        for key in dict.fromkeys([*was, *now])
        if was.get(key) != now.get(key)
        for award, tier, group in [key]
    ]


def _winners(derived: Derived) -> dict[tuple[str, int, str | None], tuple[str, ...]]:
    found: dict[tuple[str, int, str | None], tuple[str, ...]] = {}
    for award in derived.result["awards"] if derived.result else ():
        for winner in award["winners"]:
            key = (award["id"], winner["tier"], winner["group"])
            found[key] = (*found.get(key, ()), winner["proposal"])
    return found


def _award_titles(derived: Derived) -> dict[str, Mapping[str, str]]:
    return {award["id"]: award["title"] for award in (derived.result or {"awards": ()})["awards"]}
