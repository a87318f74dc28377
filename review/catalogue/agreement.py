"""Texts about how far judges agree."""

from __future__ import annotations

AGREEMENT: dict[str, str] = {}
