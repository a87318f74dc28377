"""Copies of a round that are scored beside each other: the same round under changed rules or marks.

A copy is a round of its own whose name ends with that of the round it is a copy of.
"""

from __future__ import annotations

SEPARATOR = "\x1f"


def copy_of(round_id: str, number: int) -> str:
    """The name of a copy."""
    return f"{number}{SEPARATOR}{round_id}"


def original(round_id: str) -> str:
    """The round that a round is a copy of, or itself: a copy draws the same lots."""
    return round_id.rpartition(SEPARATOR)[2]
