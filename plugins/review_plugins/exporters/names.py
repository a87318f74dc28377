"""File and worksheet names from ids that may hold anything."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_BYTES = 120
_MOST_SHEET = 31


def _fold(name: str) -> str:
    """What file systems that ignore case and composition take for the same name."""
    return unicodedata.normalize("NFKC", name).casefold()


def _safe(text: str) -> str:
    kept = re.sub(r"[^\w.-]", "_", text).strip(".")
    return kept.encode()[:_MOST_BYTES].decode(errors="ignore")


def _candidates(text: str) -> Iterator[str]:
    safe = _safe(text)
    if safe == text:
        yield safe
    yield from (f"{safe}-{_digest(f'{number}:{text}')}" for number in count())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def file_stems(ids: Iterable[str]) -> dict[str, str]:
    """A name for each id that any file system takes; no two are the same, whatever the case.

    Letters of every script, digits, `-`, `_` and inner dots stay; an id that had to be changed, or
    that another one looks like, carries a digest. Ids that can stay as they are come first.
    """
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for text in sorted(ids, key=lambda i: _safe(i) != i):
        stems[text] = next(c for c in _candidates(text) if _fold(c) not in taken)
        taken.add(_fold(stems[text]))
    return stems


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A worksheet name of at most 31 characters that is not in `taken`, to which it is added."""
    safe = re.sub(r"[\[\]:*?/\\\x00-\x1f\U00010000-\U0010ffff]", "_", wanted).strip("' ") or "_"
    name, number = safe[:_MOST_SHEET].rstrip("' "), 1
    while _fold(name) in taken:
        number += 1
        tail = f" ({number})"
        name = safe[: _MOST_SHEET - len(tail)] + tail
    taken.add(_fold(name))
    return name
