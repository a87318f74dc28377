"""Seeds of what is drawn: the same content gives the same draws."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.model.result import Result


def seed_of(result: Result, *names: object) -> int:
    """A seed that follows from that of the competition (0 without one) and from names."""
    seed = result.source.competition.seed
    text = "\0".join(map(str, (seed or 0, *names)))
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")
