"""File names from ids that may hold anything."""

from __future__ import annotations

import hashlib
import re
from itertools import count
from typing import TYPE_CHECKING

from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_BYTES = 120
#: Names that are devices on Windows, whatever their suffix.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def file_stems(ids: Iterable[str]) -> dict[str, str]:
    """A name for each id that any file system takes; no two are the same, whatever the case.

    Letters of every script, digits, `-`, `_` and inner dots stay; an id that had to be changed, or
    that another one looks like, carries a digest. Ids that can stay as they are come first.
    """
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for text in sorted(ids, key=lambda i: (_safe(i) != i, i)):
        stems[text] = next(c for c in _candidates(text) if fold(c) not in taken)
        taken.add(fold(stems[text]))
    return stems


def _candidates(text: str) -> Iterator[str]:
    safe = _safe(text)
    if safe == text:
        yield safe
    yield from (f"{safe}-{_digest(f'{number}:{text}')}" for number in count())


def _safe(text: str) -> str:
    kept = re.sub(r"[^\w.-]", "_", text).strip(".")
    kept = f"_{kept}" if _DEVICES.fullmatch(kept) else kept
    return kept.encode()[:_MOST_BYTES].decode(errors="ignore")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
