"""Texts about how sure a ranking is."""

from __future__ import annotations

STABILITY: dict[str, str] = {}
