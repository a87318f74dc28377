"""Whether the minimums can still be met, exactly.

The question is put as a shortfall: how many places that minimums ask for must stay unfilled, even
when the remaining places are filled for them alone. With quotas on one attribute counting answers
it; with several it is an integer problem, solved by HiGHS where counting leaves it open.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from review_plugins.shortlists.solver import best_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from review_plugins.shortlists.quotas import Key, Signature
    from review_plugins.shortlists.tally import Pool, Taken


Plan: TypeAlias = "list[tuple[Signature, int]]"
"""How many of each signature to give places."""


class Limits:
    """Floors and caps by key."""

    def __init__(self, floors: Mapping[Key, int], caps: Mapping[Key, int]) -> None:
        self.floors = floors
        self.caps = caps
        # Quotas on one attribute never meet in an entrant: counting decides.
        self._single = len({by for by, _ in (*floors, *caps)}) <= 1
        # What filled the floors last time mostly does so again; the field may be a million.
        self._plan: Plan = []

    @classmethod
    def attainable(
        cls, floors: Mapping[Key, int], caps: Mapping[Key, int], taken: Taken, pool: Pool
    ) -> Limits:
        """Each floor lowered to what the candidates and the cap of its own key allow."""
        lowered = {}
        for key, floor in floors.items():
            more = pool.keys[key]
            if key in caps:
                more = min(more, max(0, caps[key] - taken.counts[key]))
            lowered[key] = min(floor, taken.counts[key] + more)
        return cls(lowered, caps)

    def only(self, keys: Iterable[Key]) -> Limits:
        """With no other floors than those of `keys`."""
        return Limits({key: self.floors[key] for key in keys}, self.caps)

    def room(self, taken: Taken, key: Key) -> int:
        """How many more the cap of `key` lets in, at most the places left."""
        cap = self.caps.get(key)
        room = taken.places if cap is None else min(taken.places, cap - taken.counts[key])
        # A ruling may have let in more than the cap.
        return max(0, room)

    def open(self, taken: Taken, pool: Pool) -> dict[Key, int]:
        """How many more each floor asks for, of those that somebody to come could fill."""
        needs = {key: floor - taken.counts[key] for key, floor in self.floors.items()}
        return {key: need for key, need in needs.items() if need > 0 and pool.keys[key] > 0}

    def shortfall(self, taken: Taken, pool: Pool) -> int:
        """The least number of places asked for by floors that cannot be filled."""
        short = 0
        while (bound := self._bound(taken, pool, short)) > short:
            short = bound
        return short

    def within(self, taken: Taken, pool: Pool, short: int) -> bool:
        """Whether the floors can still be met but for `short` places."""
        return self._bound(taken, pool, short) <= short

    def _bound(self, taken: Taken, pool: Pool, enough: int) -> int:
        """A shortfall that can be reached where one of at most `enough` can; else a lower bound."""
        least = self._counted(taken, pool)
        if self._single or least > enough:
            return least
        if self._reaches(taken, enough, [(s, min(n, pool.signatures[s])) for s, n in self._plan]):
            return enough
        needs = self.open(taken, pool)
        useful = {
            signature: count
            for signature, count in pool.signatures.items()
            if count and any(key in needs for key in signature)
        }
        greedy = sorted(useful, key=lambda s: (-sum(key in needs for key in s), s))
        if self._reaches(taken, enough, [(signature, useful[signature]) for signature in greedy]):
            return enough
        rooms = {key: self.room(taken, key) for key in self.caps if pool.keys[key]}
        # Filled in whole numbers within every cap: what the plan reaches is no rounding.
        return self._filled(taken, best_plan(useful, needs, rooms, taken.places))[0]

    def _reaches(self, taken: Taken, enough: int, plan: Plan) -> bool:
        """Whether a plan is good enough; if so, it is the first to be tried next time."""
        short, used = self._filled(taken, plan)
        if short > enough:
            return False
        self._plan = used
        return True

    def _counted(self, taken: Taken, pool: Pool) -> int:
        """The shortfall of each attribute as if the others had no quotas."""
        unmet = 0
        fillable: Counter[str] = Counter()
        for key, floor in self.floors.items():
            need = floor - taken.counts[key]
            if need > 0:
                can = min(need, pool.keys[key], self.room(taken, key))
                unmet += need - can
                fillable[key[0]] += can
        return unmet + sum(max(0, can - taken.places) for can in fillable.values())

    def _filled(self, taken: Taken, plan: Plan) -> tuple[int, Plan]:
        """The shortfall after filling places by `plan`, never over a cap or beyond a need.

        Also what was used of the plan.
        """
        after, used = taken.with_(()), []
        for signature, count in plan:
            wanted = max(self.floors.get(key, 0) - after.counts[key] for key in signature)
            room = min(self.room(after, key) for key in signature)
            filled = min(count, wanted, room)
            if filled > 0:
                after.add([signature] * filled)
                used.append((signature, filled))
        short = sum(max(0, floor - after.counts[key]) for key, floor in self.floors.items())
        return short, used
