"""A competition that was loaded and checked: what the pipeline is a pure function of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from review.model.competition import Competition
    from review.model.problem import Problem
    from review.model.rubric import Rubric


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: its path in the competition and the SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LoadedCompetition:
    """Rules as models, data as frames. Ids and attributes are text, blank cells are null.

    Frames (columns; every row is valid where `problems` has no error):

    - `proposals`: `proposal`, `title`, `title_LANG`…, `team`, `community`, `category`, `amount`,
      `order`, `status` (null | withdrawn | disqualified | absent), `status_reason`, then the other
      attributes; one row per proposal, sorted by `proposal`.
    - `judges`: `judge`, `name`, `organisation`, `community`, `panel`, …, sorted by `judge`.
    - `marks`: `round`, `proposal`, `judge`, `criterion` (text), `value` (Int64: the mark ×
      10^places of the round's rubric; null where there is no number), `state` (null for a number,
      else missing | absent | abstain | recused), `comment`; one row per cell after revisions,
      sorted by its first four columns.
    - `conflicts`: `judge`, `proposal`, `reason`: stated and derived, distinct.
    - `assignments`: `round`, `judge`, `proposal`; None where everybody marks everything.
    - `decisions`: `round`, `proposal`, `what`, `by`, `second`, `why`.
    - `times`: `round`, `proposal`, `judge`, `criterion`, `at` (Datetime, in UTC where the table
      says so): when marks were given, where that is known; None where it is of none. No result
      depends on them, so they are not part of the content that digests are of.
    - `rankings`: `round`, `judge`, `ranking` (Int64: which of this judge in the round, from 1),
      `proposal`, `place` (Int64: 1 is best, equal places are tied, none is left out); a comparison
      of two is a ranking of two. Sorted; None where no round is judged by comparisons or rankings.
    - `facts`: `round` (null: any round), `proposal`, `column`, `value` (Int64 ×
      10^`fact_places[column]`).

    `rubrics` maps the id of each *round* to its resolved rubric.
    """

    competition: Competition
    rubrics: Mapping[str, Rubric]
    proposals: pl.DataFrame
    judges: pl.DataFrame
    marks: pl.DataFrame
    conflicts: pl.DataFrame
    decisions: pl.DataFrame
    facts: pl.DataFrame
    fact_places: Mapping[str, int]
    assignments: pl.DataFrame | None = None
    times: pl.DataFrame | None = None
    rankings: pl.DataFrame | None = None
    problems: Sequence[Problem] = ()
    files: Sequence[FileRead] = field(default_factory=tuple)
