"""Folder and tables → checked model and frames, with every problem at its place."""

from __future__ import annotations

from review.load.folder import load_competition

__all__ = ["load_competition"]
