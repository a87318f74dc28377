"""Digests of what a result is a function of: content (data) and rules."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from review.model.canonical import digest

if TYPE_CHECKING:
    import polars as pl

    from review.model.loaded import LoadedCompetition

_NOT_RULES: Any = {
    "title": True, "state": True, "signatures": True,
    "proposals": True, "judges": True, "assignments": True, "decisions": True,
    "conflicts": {"path"},
    "facts": {"__all__": {"path"}},
    "rounds": {"__all__": {"marks", "comparisons", "rankings", "title"}},
}  # fmt: skip


def content_digest(loaded: LoadedCompetition) -> str:
    """SHA-256 over the cells of every table, whatever the order of rows and columns."""
    whole = hashlib.sha256()
    tables = {
        "proposals": loaded.proposals,
        "judges": loaded.judges,
        "marks": loaded.marks,
        "conflicts": loaded.conflicts,
        "assignments": loaded.assignments,
        "decisions": loaded.decisions,
        "facts": loaded.facts,
        "rankings": loaded.rankings,
    }
    for name, frame in sorted(tables.items()):
        if frame is not None:
            whole.update(name.encode() + b"\0")
            whole.update(_cells(frame))
    whole.update(repr(sorted(loaded.fact_places.items())).encode())
    return f"sha256:{whole.hexdigest()}"


def _cells(frame: pl.DataFrame) -> bytes:
    """The rows, sorted, as text whose separators cannot occur in a cell read from a table."""
    columns = sorted(frame.columns)
    ordered = frame.select(columns).sort(columns, nulls_last=True)
    text = ordered.write_csv(
        separator="\x1f", line_terminator="\x1e", quote_style="never", null_value="\x1d"
    )
    return text.encode()


def rules_digest(loaded: LoadedCompetition) -> str:
    """SHA-256 over rounds, rubrics, awards and policy with every default of theirs filled in.

    Titles and paths are no rules.
    """
    rules = loaded.competition.model_dump(by_alias=True, exclude=_NOT_RULES)
    rubrics = {
        r: rubric.model_dump(exclude={"title", "description"})
        for r, rubric in loaded.rubrics.items()
    }
    return digest(_plain({"competition": rules, "rubrics": rubrics}))


def _plain(value: Any) -> Any:
    """Keys sorted, equal numbers alike (0.60 is 0.6)."""
    if isinstance(value, dict):
        return {str(k): _plain(value[k]) for k in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
