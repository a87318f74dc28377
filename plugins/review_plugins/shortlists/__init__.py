"""Who goes on: the best by number, by score or by percentage, under quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.shortlists.rules import Share, Threshold, Top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import ShortlistRule

SHORTLISTS: Sequence[type[ShortlistRule]] = [Top, Threshold, Share]

__all__ = ["SHORTLISTS", "Share", "Threshold", "Top"]
