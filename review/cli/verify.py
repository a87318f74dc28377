"""`review verify`: the same content and rules must give the same result."""

from __future__ import annotations
