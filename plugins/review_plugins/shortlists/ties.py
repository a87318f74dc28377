"""Who of a block of equal rank is in whatever the order, who is not, and for whom it matters.

A proposal is taken in its turn if it fits, and what fits also fits in part. So the outcomes of all
orders are the largest sets that fit: a member is in if it is in all of them, out if it does not
even fit alone. Members alike to the quotas are counted instead of named, which keeps this exact
for any six and for most blocks of hundreds; a block with more than `MOST` sets is bounded instead.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from review_plugins.shortlists.cases import Case
    from review_plugins.shortlists.quotas import Key, Signature

MOST = 2000
"""More sets than this are not gone through."""

_Vector: TypeAlias = tuple[int, ...]
"""How many of each group of members that are alike."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the orders of a block come to; members are told by their index.

    `rivals`: those for whom the order matters, each with those who compete for its place. `after`:
    what may be taken when the block is done, depending on the order. Not `exact`: some of `rivals`
    may be in whatever the order, and `after` is one case of many.
    """

    sure: frozenset[int]
    rivals: Mapping[int, frozenset[int]]
    after: Sequence[Case]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Explored:
    """By index of group: which are sure, who competes with whom, and the largest sets."""

    groups: Sequence[Sequence[int]]
    sure: Sequence[int]
    rivals: Mapping[int, Iterable[int]]
    largest: Sequence[_Vector]

    def members(self, groups: Iterable[int]) -> frozenset[int]:
        return frozenset(member for group in groups for member in self.groups[group])


def settle(case: Case, signatures: Sequence[Signature]) -> Settled:
    """Go through the orders of a block whose members have these `signatures`."""
    fitting = {s: case.fits([s]) for s in set(signatures)}
    alone = [i for i, signature in enumerate(signatures) if fitting[signature]]
    chosen = [signatures[i] for i in alone]
    if case.fits(chosen):
        return Settled(frozenset(alone), {}, [case.with_(chosen)])
    return _Block(case, signatures, alone).settled()


@dataclass(frozen=True, slots=True)
class _Block:
    """A block in which the order matters; `alone`: the members who fit when they come first."""

    case: Case
    signatures: Sequence[Signature]
    alone: Sequence[int]

    def settled(self) -> Settled:
        floors_open = bool(self.case.open_floors())
        chosen = self._of(self.alone)
        # While a floor is open, a cap that only those after the block can reach matters as well.
        groups = self._alike(self.case.binding(None if floors_open else chosen))
        explored = self._explore(groups)
        if explored is None:
            return self._bounded([] if floors_open else groups.get((), []))
        sure = explored.members(explored.sure)
        rivals: dict[int, frozenset[int]] = {}
        for group, others in explored.rivals.items():
            rivals.update(dict.fromkeys(explored.groups[group], explored.members(others)))
        if floors_open:
            return Settled(sure, rivals, self._after(explored))
        if all(sum(vector) == self.case.places for vector in explored.largest):
            # Nothing is left in any order, so that it no longer matters who of them is in.
            return Settled(sure, rivals, [self._case(sure, 0)])
        # Who is sure is in every largest set; which of the others is decides what comes after.
        rest = _Block(self.case.with_(self._of(sure)), self.signatures, sorted(rivals))
        explored = rest._explore(rest._alike(rest.case.binding()))
        if explored is None:
            return Settled(sure, rivals, [self._one_case(sure)], exact=False)
        return Settled(sure, rivals, rest._after(explored))

    def _alike(self, keys: AbstractSet[Key]) -> dict[Signature, list[int]]:
        """The members by the part of their signature that matters."""
        groups: dict[Signature, list[int]] = {}
        for member in self.alone:
            part = tuple(key for key in self.signatures[member] if key in keys)
            groups.setdefault(part, []).append(member)
        return groups

    def _explore(self, alike: Mapping[Signature, Sequence[int]]) -> _Explored | None:
        groups = list(alike.values())
        if len(groups) == 1:
            # Not all of them fit, but each does: the order matters for every one.
            size = bisect_left(
                range(len(groups[0])), x=True, key=lambda n: not self._fit(groups, (n,))
            )
            return _Explored(groups, [], {0: [0]}, [(size - 1,)])
        found = self._sets(groups)
        return None if found is None else _compared(groups, found)

    def _sets(self, groups: Sequence[Sequence[int]]) -> set[_Vector] | None:
        """All sets that fit, each grown by adding to its last group or one behind it."""
        queue = [(0,) * len(groups)]
        for vector in queue:
            last = max((i for i, n in enumerate(vector) if n), default=0)
            longer = (
                _plus(vector, i) for i in range(last, len(groups)) if vector[i] < len(groups[i])
            )
            queue.extend(candidate for candidate in longer if self._fit(groups, candidate))
            if len(queue) > MOST:
                return None
        return set(queue)

    def _fit(self, groups: Sequence[Sequence[int]], vector: _Vector) -> bool:
        return self.case.fits(self._picked(groups, vector))

    def _picked(self, groups: Sequence[Sequence[int]], vector: _Vector) -> list[Signature]:
        return [
            self.signatures[member]
            for group, n in zip(groups, vector, strict=True)
            for member in group[:n]
        ]

    def _after(self, explored: _Explored) -> list[Case]:
        return [self.case.with_(self._picked(explored.groups, v)) for v in explored.largest]

    def _bounded(self, loose: Sequence[int]) -> Settled:
        """Too many sets: sure are only the `loose` (no quota bears on them), if places suffice."""
        sure = frozenset(loose if len(self.alone) <= self.case.places else ())
        everybody = frozenset(self.alone)
        rivals = dict.fromkeys(sorted(everybody - sure), everybody - sure)
        return Settled(sure, rivals, [self._one_case(sure)], exact=False)

    def _one_case(self, sure: frozenset[int]) -> Case:
        """As many places used as the order by id uses, but only the `sure` counted under quotas."""
        case, pool = self.case.with_(()), self.case.pool
        filled: list[Signature] = []
        for signature in self._of(self.alone):
            if case.fits([signature]):
                case.add([signature])
                pool.take([signature])
                filled.append(signature)
        pool.put(filled)
        return self._case(sure, case.places)

    def _case(self, sure: frozenset[int], places: int) -> Case:
        return self.case.with_(self._of(sure), places)

    def _of(self, members: Iterable[int]) -> list[Signature]:
        return [self.signatures[member] for member in members]


def _compared(groups: Sequence[Sequence[int]], found: set[_Vector]) -> _Explored:
    rivals: dict[int, set[int]] = {}
    largest = []
    for vector in sorted(found):
        waiting = [i for i, n in enumerate(vector) if n < len(groups[i])]
        blocked = [i for i in waiting if _plus(vector, i) not in found]
        for i in blocked:
            rivals.setdefault(i, set()).update(
                j for j, n in enumerate(vector) if n and _plus(_plus(vector, i), j, -1) in found
            )
        if len(blocked) == len(waiting):
            largest.append(vector)
    sure = [i for i in range(len(groups)) if i not in rivals]
    return _Explored(groups, sure, rivals, largest)


def _plus(vector: _Vector, group: int, by: int = 1) -> _Vector:
    return (*vector[:group], vector[group] + by, *vector[group + 1 :])
