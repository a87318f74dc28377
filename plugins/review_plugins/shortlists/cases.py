"""What is taken, what is still to come, and whether the minimums can still be met, exactly.

A case keeps a plan: entrants still to come who, given the places left, would meet every floor that
can be met, within every cap. Somebody fits if some plan has them in it, so that mostly the plan at
hand answers. Where it does not it is mended, and where mending fails HiGHS decides.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from review_plugins.shortlists.plan import Limits, Mender, Plan, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from review_plugins.shortlists.plan import Pool
    from review_plugins.shortlists.quotas import Key, Signature


class Case:
    """The places left and how many of each key have one, with a plan for the floors.

    `short`: how many places floors ask for in vain, whatever is done.
    """

    __slots__ = ("_plan", "_sound", "counts", "limits", "places", "pool", "short")

    def __init__(  # noqa: PLR0913 -- all that a case is
        self,
        limits: Limits,
        pool: Pool,
        places: int,
        counts: dict[Key, int],
        plan: Plan,
        *,
        short: int = 0,
    ) -> None:
        self.limits = limits
        self.pool = pool
        self.places = places
        self.counts = counts
        self._plan = plan
        self._sound = False
        self.short = short

    @classmethod
    def start(cls, quotas: Limits, pool: Pool, places: int, counts: Mapping[Key, int]) -> Case:
        """The case when rulings have their places; each floor lowered to what can be had of it."""
        lowered = {}
        for key, floor in quotas.floors.items():
            has = counts.get(key, 0)
            more = min(pool.keys[key], max(0, quotas.caps.get(key, floor) - has))
            lowered[key] = min(floor, has + more)
        limits = Limits(lowered, quotas.caps)
        case = cls(limits, pool, places, dict(counts), Plan(places, counts))
        case.come_closest()
        return case

    # ------------------------------------------------------------------------------- what is true

    def full(self, key: Key) -> bool:
        """Whether the cap of `key` is reached."""
        return key in self.limits.caps and self.counts.get(key, 0) >= self.limits.caps[key]

    def opens(self, key: Key) -> bool:
        """Whether `key` has a floor that is not met and that somebody to come could fill."""
        floor = self.limits.floors.get(key, 0)
        return floor > self.counts.get(key, 0) and self.pool.keys[key] > 0

    def open_floors(self) -> list[Key]:
        """The floors not met that somebody to come could fill."""
        return [key for key in self.limits.floors if self.opens(key)]

    def binding(self, among: Iterable[Signature] | None = None) -> set[Key]:
        """The keys on which it can matter who of several entrants is taken.

        A cap matters if it cannot hold all who are to come (or all of `among`), a floor while it is
        open.
        """
        ahead = self.pool.keys if among is None else Counter(key for s in among for key in s)
        caps = self.limits.caps
        tight = {k for k, n in ahead.items() if k in caps and self.counts.get(k, 0) + n > caps[k]}
        return tight.union(self.open_floors())

    def fits(self, signatures: Sequence[Signature]) -> bool:
        """Whether all of them, who are still to come, may have a place.

        True only if places and caps let them in and the floors can still be met afterwards. What
        fits also fits in part: the sets that fit are closed under leaving somebody out.
        """
        if len(signatures) > self.places or not (self._sound or self._mend({})):
            return False
        asked = _tally(signatures)
        members = self._plan.members
        new = {s: n - members.get(s, 0) for s, n in asked.items() if n > members.get(s, 0)}
        if sum(new.values()) <= self._plan.spare and self.limits.holds(self._plan.filled, new):
            return True
        if not self.limits.holds(self.counts, asked) or self._counted(asked) > self.short:
            return False
        kept = self._plan
        self._plan = kept.copy()
        for signature, count in new.items():
            self._plan.put(signature, count)
        if self._mend(asked):
            return True
        self._plan, self._sound = kept, True
        return False

    # ------------------------------------------------------------------------------- what changes

    def add(self, signatures: Iterable[Signature]) -> None:
        """Give each of them a place."""
        plan = self._plan
        for signature in signatures:
            planned = signature in plan.members
            room = planned or (plan.spare > 0 and self.limits.holds(plan.filled, {signature: 1}))
            if not planned:
                plan.put(signature)
            plan.settle(signature)
            self.places -= 1
            for key in signature:
                self.counts[key] = self.counts.get(key, 0) + 1
            if not room:
                self._mender({}).shrink(self.counts, signature)
                self._sound = False

    def gone(self, signatures: Iterable[Signature]) -> None:
        """They are no longer in the pool."""
        for signature in signatures:
            if self._plan.members.get(signature, 0) > self.pool.signatures[signature]:
                self._plan.put(signature, -1)
                self._sound = False

    def with_(self, signatures: Iterable[Signature], places: int | None = None) -> Case:
        """A copy in which each of them has a place, and that has so many `places` left."""
        plan = self._plan.copy()
        copy = Case(self.limits, self.pool, self.places, dict(self.counts), plan, short=self.short)
        copy.add(signatures)
        if places is not None:
            plan.spare += places - copy.places
            copy.places = places
        return copy

    def come_closest(self) -> None:
        """Plan for the least shortfall there can be; so much floors may lack from now on."""
        least = max(self.short, self._counted({}))
        self.short = self._mender({}).mend(self.counts, least)
        if self.short > least:
            self.short = self._solve({})

    def widen(self) -> None:
        """Add the fewest places with which the floors can be met."""
        most = self.pool.signatures.total()
        while self.places < most and not self.fits(()):
            self.places += 1
            self._plan.spare += 1

    def only(self, keys: Iterable[Key], least: int) -> Case:
        """A view of the case, until it changes, with no other floors than those of `keys`.

        They are known to stay `least` places short.
        """
        limits = Limits({key: self.limits.floors[key] for key in keys}, self.limits.caps)
        view = Case(limits, self.pool, self.places, self.counts, self._plan.copy(), short=least)
        view.come_closest()
        return view

    # ----------------------------------------------------------------------------------- the plan

    def _mend(self, asked: Mapping[Signature, int]) -> bool:
        """Whether the plan holds, or can be mended, with those who are `asked`."""
        short = self._counted(asked)
        if short <= self.short:
            short = self._mender(asked).mend(self.counts, self.short)
            if short > self.short:
                short = self._solve(asked)
        self._sound = short <= self.short
        return self._sound

    def _solve(self, asked: Mapping[Signature, int]) -> int:
        self._plan = Plan(self.places, self.counts)
        for signature, count in asked.items():
            self._plan.put(signature, count)
        return self._mender(asked).solve()

    def _mender(self, asked: Mapping[Signature, int]) -> Mender:
        return Mender(self._plan, self.limits, self.pool, asked)

    def _counted(self, asked: Mapping[Signature, int]) -> int:
        """The shortfall at least, as if other attributes had no quotas; exact if they have none."""
        caps, keys = self.limits.caps, keys_of(asked)
        places = self.places - sum(asked.values())
        unmet = 0
        fillable: dict[str, int] = {}
        for key, floor in self.limits.floors.items():
            more = keys.get(key, 0)
            has = self.counts.get(key, 0) + more
            if has < floor:
                # A ruling may have let in more than the cap.
                room = max(0, caps.get(key, floor) - has)
                can = min(floor - has, self.pool.keys[key] - more, room)
                unmet += floor - has - can
                fillable[key[0]] = fillable.get(key[0], 0) + can
        return unmet + sum(max(0, can - places) for can in fillable.values())


def _tally(signatures: Iterable[Signature]) -> dict[Signature, int]:
    """How many there are of each; for the one that it mostly is, faster than a Counter."""
    tally: dict[Signature, int] = {}
    for signature in signatures:
        tally[signature] = tally.get(signature, 0) + 1
    return tally
