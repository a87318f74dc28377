"""What a field still allows under its quotas, given what is taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review_plugins.shortlists.floors import Limits
from review_plugins.shortlists.tally import Pool

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from review_plugins.shortlists.quotas import Key, Quotas, Signature
    from review_plugins.shortlists.tally import Taken


@dataclass(frozen=True, slots=True)
class Need:
    """Open floors of one attribute and one minimum, and how short they stay at best."""

    by: str
    least: int
    keys: Sequence[Key]
    limits: Limits
    short: int


class Board:
    """Caps, floors and those still to come, from the moment when rulings have their places.

    `short`: how many places the floors ask for that cannot be filled whatever is done.
    """

    def __init__(self, quotas: Quotas, start: Taken, to_come: Iterable[Signature]) -> None:
        self._free = not quotas.caps and not quotas.floors
        self.pool = Pool(() if self._free else to_come)
        self.limits = Limits.attainable(quotas.floors, quotas.caps, start, self.pool)
        self.short = self.limits.shortfall(start, self.pool)

    def fits(self, taken: Taken, signatures: Sequence[Signature]) -> bool:
        """Whether all of them, who are still to come, may have a place on top of `taken`.

        True only if places and caps let them in and the floors can still be met afterwards. What
        fits also fits in part: the sets that fit are closed under leaving somebody out.
        """
        if len(signatures) > taken.places:
            return False
        if self._free:
            return True
        asked = Counter(key for signature in signatures for key in signature)
        caps = self.limits.caps
        if any(key in caps and taken.counts[key] + n > caps[key] for key, n in asked.items()):
            return False
        return not self.open(taken) or self._leaves_enough(taken, signatures)

    def _leaves_enough(self, taken: Taken, signatures: Sequence[Signature]) -> bool:
        self.pool.take(signatures)
        enough = self.limits.within(taken.with_(signatures), self.pool, self.short)
        self.pool.put(signatures)
        return enough

    def kept_for(self, taken: Taken, signature: Signature, need: Need) -> bool:
        """Whether taking one such leaves floors short that otherwise would not be."""
        self.pool.take([signature])
        enough = need.limits.within(taken.with_([signature]), self.pool, need.short)
        self.pool.put([signature])
        return not enough

    def needs(self, taken: Taken, floors: Mapping[Key, int]) -> list[Need]:
        """The floors still open, together by attribute and by the minimum declared in `floors`."""
        together: dict[tuple[str, int], list[Key]] = {}
        for key in self.open(taken):
            together.setdefault((key[0], floors[key]), []).append(key)
        needs = []
        for (by, least), keys in together.items():
            limits = self.limits.only(keys)
            needs.append(Need(by, least, keys, limits, limits.shortfall(taken, self.pool)))
        return needs

    def places_needed(self, taken: Taken, gone: Sequence[Signature]) -> int:
        """The fewest places from `taken.places` on with which floors can still be met.

        `gone`: those to come who will have had their turn.
        """
        self.gone(gone)
        needed = taken.with_(())
        most = self.pool.signatures.total()
        while needed.places < most and not self.limits.within(needed, self.pool, self.short):
            needed.places += 1
        self.back(gone)
        return needed.places

    def gone(self, signatures: Iterable[Signature]) -> None:
        """They have had their turn, with or without a place."""
        if not self._free:
            self.pool.take(signatures)

    def full(self, taken: Taken, key: Key) -> bool:
        """Whether the cap of `key` is reached."""
        return key in self.limits.caps and taken.counts[key] >= self.limits.caps[key]

    def back(self, signatures: Iterable[Signature]) -> None:
        """They are still to come after all."""
        if not self._free:
            self.pool.put(signatures)

    def open(self, taken: Taken) -> dict[Key, int]:
        """How many more each floor asks for, of those that somebody to come could fill."""
        return self.limits.open(taken, self.pool)

    def binding(self, taken: Taken, among: Iterable[Signature] | None = None) -> set[Key]:
        """The keys on which it can matter who of several entrants is taken.

        A cap matters if it cannot hold all who are to come (or all of `among`), a floor while it is
        open.
        """
        ahead = self.pool.keys if among is None else Counter(key for s in among for key in s)
        caps = self.limits.caps
        tight = {
            key for key, n in ahead.items() if key in caps and taken.counts[key] + n > caps[key]
        }
        return tight | self.open(taken).keys()
