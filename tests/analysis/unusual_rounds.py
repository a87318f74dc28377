"""Results of one round from arrays of marks, and from people who belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from review.testing import competition, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model.result import Result
    from review.stats.crossed import Crossed


def at(crossed: Crossed, judge: int, *proposals: int) -> np.ndarray:
    """1 for the ballots of a judge on proposals, else 0."""
    found = (crossed.judge == judge) & np.isin(crossed.proposal, proposals)
    return np.where(found, 1.0, 0.0)


def result_of(
    crossed: Crossed,
    proposals: Mapping[str, Mapping[str, str]] | None = None,
    judges: Mapping[str, Mapping[str, str]] | None = None,
    **rules: Any,
) -> Result:
    """What a competition with these ballots, to two decimals, comes to."""
    marks: dict[str, dict[str, str]] = {p: {} for p in crossed.proposals}
    for p, j, value in zip(crossed.proposal, crossed.judge, crossed.value, strict=True):
        marks[crossed.proposals[p]][crossed.judges[j]] = f"{np.clip(value, 0, 20):.2f}"
    loaded = competition(marks, proposals=proposals or {}, **rules)
    if judges is not None:
        columns = sorted({column for attributes in judges.values() for column in attributes})
        rows = [
            {"judge": judge, **{column: judges.get(judge, {}).get(column) for column in columns}}
            for judge in crossed.judges
        ]
        schema = dict.fromkeys(("judge", *columns), pl.String)
        loaded = replace(loaded, judges=pl.DataFrame(rows, schema=schema))
    return run(loaded)
