"""A way to fill the places left so that the minimums are met: looked for at hand, or by HiGHS."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from review_plugins.shortlists.solver import best_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from review_plugins.shortlists.quotas import Key, Signature

_Swap: TypeAlias = "tuple[Signature, Signature | None]"
"""Who comes into a plan for whom; None: for nobody."""


class Pool:
    """The entrants still to come: how many of each signature and of each key."""

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self.signatures = Counter(signatures)
        self.keys: Counter[Key] = Counter()
        # By key, those first who count for most.
        self.having: dict[Key, list[Signature]] = {}
        for signature, count in sorted(self.signatures.items(), key=lambda item: -len(item[0])):
            for key in signature:
                self.keys[key] += count
                self.having.setdefault(key, []).append(signature)

    def take(self, signatures: Iterable[Signature]) -> None:
        """They have had their turn."""
        for signature in signatures:
            self.signatures[signature] -= 1
            for key in signature:
                self.keys[key] -= 1

    def put(self, signatures: Iterable[Signature]) -> None:
        """They are still to come after all."""
        for signature in signatures:
            self.signatures[signature] += 1
            for key in signature:
                self.keys[key] += 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Floors and caps by key."""

    floors: Mapping[Key, int]
    caps: Mapping[Key, int]

    def holds(self, counts: Mapping[Key, int], more: Mapping[Signature, int]) -> bool:
        """Whether the caps let in so many more of each signature on top of `counts`."""
        asked = keys_of(more)
        return all(
            counts.get(key, 0) + n <= self.caps[key] for key, n in asked.items() if key in self.caps
        )


class Plan:
    """How many of each signature to take.

    `filled`: how many of each key have a place when all is done; `spare`: the places left then.
    """

    __slots__ = ("filled", "members", "spare")

    def __init__(self, places: int, counts: Mapping[Key, int]) -> None:
        self.members: dict[Signature, int] = {}
        self.filled = dict(counts)
        self.spare = places

    def copy(self) -> Plan:
        """Its like, to be changed alone."""
        copy = Plan(self.spare, self.filled)
        copy.members = dict(self.members)
        return copy

    def put(self, signature: Signature, count: int = 1) -> None:
        """Plan so many more of them, fewer if negative."""
        self.spare -= count
        for key in signature:
            self.filled[key] = self.filled.get(key, 0) + count
        self.settle(signature, -count)

    def settle(self, signature: Signature, count: int = 1) -> None:
        """So many of those planned have their places: what is filled in the end is the same."""
        self.members[signature] = self.members.get(signature, 0) - count
        if not self.members[signature]:
            del self.members[signature]

    def shortfall(self, floors: Mapping[Key, int]) -> int:
        """How many places that floors ask for stay unfilled."""
        filled = self.filled
        return sum(max(0, floor - filled.get(key, 0)) for key, floor in floors.items())


@dataclass(frozen=True, slots=True)
class Mender:
    """Changes a plan, within places, caps and pool, until floors are met; keeps who is `asked`."""

    plan: Plan
    limits: Limits
    pool: Pool
    asked: Mapping[Signature, int]

    def shortfall(self) -> int:
        """As of the plan."""
        return self.plan.shortfall(self.limits.floors)

    def mend(self, counts: Mapping[Key, int], enough: int) -> int:
        """The shortfall reached: at most `enough`, if there is a way."""
        self.shrink(counts, keys_of(self.asked))
        self._fill()
        short = self.shortfall()
        if short > enough:
            self._prune()
        while short > enough and self._exchange():
            short = self.shortfall()
        return short

    def solve(self) -> int:
        """The least shortfall there can be, for a plan of only those who are `asked`."""
        plan, caps, to_come = self.plan, self.limits.caps, self.pool.signatures
        lacking = {k: n - plan.filled.get(k, 0) for k, n in self.limits.floors.items()}
        needs = {k: n for k, n in lacking.items() if n > 0 and self.pool.keys[k] > 0}
        useful = dict.fromkeys(s for key in needs for s in self.pool.having[key])
        pool = {s: to_come[s] - plan.members.get(s, 0) for s in useful}
        keys = dict.fromkeys(key for s in useful for key in s if key in caps)
        rooms = {key: max(0, caps[key] - plan.filled.get(key, 0)) for key in keys}
        for signature, count in best_plan(pool, needs, rooms, plan.spare):
            # In whole numbers and within every cap: what the plan reaches is no rounding.
            self._put_up_to(signature, count)
        return self.shortfall()

    def shrink(self, counts: Mapping[Key, int], keys: Iterable[Key]) -> None:
        """Drop what is over the caps of `keys` or the places, whom floors miss least first.

        `counts` may be over a cap by rulings, which no plan changes.
        """
        caps, filled = self.limits.caps, self.plan.filled
        for key in keys:
            while filled[key] > max(caps.get(key, filled[key]), counts.get(key, 0)):
                self.plan.put(self._dispensable(key), -1)
        while self.plan.spare < 0:
            self.plan.put(self._dispensable(None), -1)

    def _dispensable(self, key: Key | None) -> Signature:
        """Of those who may be dropped (and count for `key`), one whom floors miss least."""
        best: Signature = ()
        least = None
        for signature, count in self.plan.members.items():
            if count > self.asked.get(signature, 0) and (key is None or key in signature):
                missed = len(self._missed(signature))
                if least is None or missed < least:
                    best, least = signature, missed
                    if not missed:
                        break
        return best

    def _missed(self, signature: Signature) -> list[Key]:
        """The floors that one such fewer leaves short."""
        floors, filled = self.limits.floors, self.plan.filled
        return [key for key in signature if filled[key] <= floors.get(key, 0)]

    def _prune(self) -> None:
        """Drop whom no floor misses: their places may serve others."""
        floors, filled = self.limits.floors, self.plan.filled
        for signature, count in list(self.plan.members.items()):
            over = (filled[key] - floors[key] for key in signature if key in floors)
            spared = min([count - self.asked.get(signature, 0), *over])
            if spared > 0:
                self.plan.put(signature, -spared)

    def _fill(self) -> None:
        """Plan whom open floors ask for, as far as there are some to come and room for them."""
        for key, floor in self.limits.floors.items():
            for signature in self.pool.having.get(key, ()):
                need = floor - self.plan.filled.get(key, 0)
                if need <= 0 or self.plan.spare <= 0:
                    break
                self._put_up_to(signature, need)

    def _put_up_to(self, signature: Signature, most: int) -> None:
        caps, filled = self.limits.caps, self.plan.filled
        rooms = (caps[key] - filled.get(key, 0) for key in signature if key in caps)
        count = min(most, self.plan.spare, self._to_come(signature), *rooms)
        if count > 0:
            self.plan.put(signature, count)

    def _to_come(self, signature: Signature) -> int:
        return self.pool.signatures[signature] - self.plan.members.get(signature, 0)

    def _exchange(self) -> bool:
        """Fill one place more by a chain of swaps; whether there was one.

        Breadth first from the floors that are short: who fills one comes for somebody in the way,
        and if that leaves another floor short, that one is filled in its turn.
        """
        droppable = self._droppable()
        cleared: set[Key | None] = set()
        filled = self.plan.filled
        chains: dict[Key, list[_Swap]] = {
            key: [] for key, floor in self.limits.floors.items() if floor > filled.get(key, 0)
        }
        queue = list(chains)
        for key in queue:
            for comes, goes in self._swaps(key, droppable, cleared):
                missed = [k for k in self._missed(goes or ()) if k not in comes]
                if not missed:
                    return self._carry_out([*chains[key], (comes, goes)])
                if len(missed) == 1 and missed[0] not in chains:
                    chains[missed[0]] = [*chains[key], (comes, goes)]
                    queue.append(missed[0])
        return False

    def _swaps(
        self,
        key: Key,
        droppable: Mapping[Key | None, Sequence[Signature]],
        cleared: set[Key | None],
    ) -> Iterator[_Swap]:
        """The swaps that plan one more who counts for `key`; what is in the way, only once."""
        for comes in self.pool.having.get(key, ()):
            if self._to_come(comes) <= 0:
                continue
            ways = self._in_the_way(comes)
            if not ways:
                yield comes, None
            elif len(ways) == 1 and ways[0] not in cleared:
                cleared.add(ways[0])
                for goes in droppable.get(ways[0], ()):
                    if key not in goes:
                        yield comes, goes

    def _droppable(self) -> dict[Key | None, list[Signature]]:
        """Those planned who are not `asked`, by key, and all of them."""
        droppable: dict[Key | None, list[Signature]] = {}
        for signature, count in self.plan.members.items():
            if count > self.asked.get(signature, 0):
                for key in (*signature, None):
                    droppable.setdefault(key, []).append(signature)
        return droppable

    def _in_the_way(self, signature: Signature) -> list[Key | None]:
        """The caps that are reached, and None if the places are."""
        caps, filled = self.limits.caps, self.plan.filled
        reached = [k for k in signature if k in caps and filled.get(k, 0) >= caps[k]]
        return [*reached, None] if self.plan.spare <= 0 else [*reached]

    def _carry_out(self, swaps: Sequence[_Swap]) -> bool:
        """Carry the chain out; False if swaps that are fine one by one are not so together."""
        before = self.shortfall()
        for comes, goes in swaps:
            self.plan.put(comes)
            if goes is not None:
                self.plan.put(goes, -1)
        return self.shortfall() < before and all(self._allowed(*swap) for swap in swaps)

    def _allowed(self, comes: Signature, goes: Signature | None) -> bool:
        caps, filled, members = self.limits.caps, self.plan.filled, self.plan.members
        left = goes is None or members.get(goes, 0) >= self.asked.get(goes, 0)
        within = all(filled[key] <= caps.get(key, filled[key]) for key in comes)
        return left and within and self._to_come(comes) >= 0


def keys_of(signatures: Mapping[Signature, int]) -> dict[Key, int]:
    """How many of each key there are among so many of each signature."""
    keys: dict[Key, int] = {}
    for signature, count in signatures.items():
        for key in signature:
            keys[key] = keys.get(key, 0) + count
    return keys
