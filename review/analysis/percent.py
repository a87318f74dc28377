"""Chances as people read them."""

from __future__ import annotations

LEAST = 0.01
"""What is less is said to be less, not 1 or 0."""


def percent(chance: float) -> str:
    """A chance in whole percent; never 0 or 100 where it is neither."""
    if 0 < chance < LEAST:
        return "<1"
    if 1 - LEAST < chance < 1:
        return ">99"
    return str(round(chance * 100))
