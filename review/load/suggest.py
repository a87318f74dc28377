"""Hints that name what may have been meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from review.messages import Message
from review.model.types import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# Comparing with more names than this would take longer than the answer is worth.
MOST_NAMES = 5_000
LISTED = 12


def did_you_mean(
    word: str, known: Iterable[str], listed: Iterable[str] | None = None
) -> Message | None:
    """A hint naming the known word that comes closest, or all of them where they are few.

    `listed`: those to list, where some of `known` are other names of the same things.
    """
    names = list(dict.fromkeys(known))
    close = closest(word, names)
    if close is not None:
        return Message("hint_did_you_mean", {"name": close})
    names = names if listed is None else list(listed)
    if not 0 < len(names) <= LISTED:
        return None
    return Message("hint_known", {"count": len(names), "names": names})


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that comes closest, if any comes close."""
    by_fold: dict[str, str] = {}
    for name in known:
        by_fold.setdefault(fold(name), name)
    if len(by_fold) > MOST_NAMES:
        start = fold(word)[:1]
        by_fold = {key: name for key, name in by_fold.items() if key[:1] == start}
        by_fold = by_fold if len(by_fold) <= MOST_NAMES else {}
    found = get_close_matches(fold(word), by_fold, n=1)
    return by_fold[found[0]] if found else None
