"""What is taken and what is still to come, counted by the keys that quotas stand on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review_plugins.shortlists.quotas import Key, Signature


@dataclass(slots=True)
class Taken:
    """The places left, and how many of each key have one."""

    places: int
    counts: Counter[Key] = field(default_factory=Counter)

    def add(self, signatures: Iterable[Signature]) -> None:
        """Give each of them a place."""
        for signature in signatures:
            self.places -= 1
            for key in signature:
                self.counts[key] += 1

    def with_(self, signatures: Iterable[Signature]) -> Taken:
        """A copy in which each of them has a place."""
        copy = Taken(self.places, self.counts.copy())
        copy.add(signatures)
        return copy


class Pool:
    """The entrants still to come: how many of each signature and of each key."""

    def __init__(self, signatures: Iterable[Signature]) -> None:
        self.signatures = Counter(signatures)
        self.keys: Counter[Key] = Counter()
        for signature, count in self.signatures.items():
            for key in signature:
                self.keys[key] += count

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
