"""Who goes on: the best by number, by score or by percentage, under quotas."""

from __future__ import annotations

from review_plugins.shortlists.rules import Share, Threshold, Top

SHORTLISTS = [Top, Threshold, Share]

__all__ = ["SHORTLISTS", "Share", "Threshold", "Top"]
