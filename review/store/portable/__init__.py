"""A competition as a folder in canonical form, whatever its files were: what an export is."""

from __future__ import annotations

from review.store.portable.folder import definition, marks_paths, portable
from review.store.portable.grids import Grid
from review.store.portable.marks import HEADER, Ballot, Row, ballots, marks_csv, written

__all__ = [
    "HEADER",
    "Ballot",
    "Grid",
    "Row",
    "ballots",
    "definition",
    "marks_csv",
    "marks_paths",
    "portable",
    "written",
]
