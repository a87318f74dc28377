"""Texts about unusual marks."""

from __future__ import annotations

UNUSUAL: dict[str, str] = {}
