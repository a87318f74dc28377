"""What is different in a variant of a competition."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.loaded import LoadedCompetition
    from review.model.rubric import Rubric

MARK = ["round", "proposal", "judge", "criterion"]


@dataclass(frozen=True)
class Change:
    """What is different, and nothing else is.

    `judges`: who is left out, with all they said in any round. `withdrawn`: proposals that are as
    if withdrawn. `rubrics`: round → its rubric. `marks`: (round, proposal, judge, criterion) → the
    mark, an integer × 10^places of the round's rubric.
    """

    judges: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)
    marks: Mapping[tuple[str, str, str, str], int] = field(default_factory=dict)

    def apply(self, loaded: LoadedCompetition) -> LoadedCompetition:
        """The competition with this change."""
        changed: dict[str, Any] = {"rubrics": {**loaded.rubrics, **self.rubrics}, "problems": ()}
        if self.judges:
            gone = pl.col("judge").is_in(sorted(self.judges))
            for each in fields(loaded):
                frame = getattr(loaded, each.name)
                if isinstance(frame, pl.DataFrame) and "judge" in frame.columns:
                    changed[each.name] = frame.filter(~gone)
        if self.withdrawn:
            out = pl.col("proposal").is_in(sorted(self.withdrawn)) & pl.col("status").is_null()
            status = pl.when(out).then(pl.lit("withdrawn")).otherwise("status")
            changed["proposals"] = loaded.proposals.with_columns(status=status)
        if self.marks:
            marks = changed.get("marks", loaded.marks)
            rows = [(*key, value) for key, value in self.marks.items()]
            changed["marks"] = with_marks(marks, pl.DataFrame(rows, [*MARK, "new"], orient="row"))
        return replace(loaded, **changed)


def with_marks(marks: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Marks with the values in `new` (the keys of a mark and `new`) put in place of theirs."""
    return (
        marks.join(new, on=MARK, how="left", maintain_order="left")
        .with_columns(value=pl.coalesce("new", "value"))
        .drop("new")
    )
