"""Who goes on: the best by number, score or percentage, under quotas; or by lot at the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.shortlists.lottery import Lottery
from review_plugins.shortlists.rules import Share, Threshold, Top

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review import ShortlistRule

SHORTLISTS: Sequence[type[ShortlistRule]] = [Top, Threshold, Share, Lottery]

__all__ = ["SHORTLISTS", "Lottery", "Share", "Threshold", "Top"]
