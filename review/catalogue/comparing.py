"""Texts about what would change a result."""

from __future__ import annotations

COMPARING: dict[str, str] = {}
