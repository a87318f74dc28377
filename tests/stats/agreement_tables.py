"""Small published tables on agreement, each with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.stats.crossed import Crossed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Shrout, P. E. & Fleiss, J. L. (1979), Intraclass correlations: uses in assessing rater
#: reliability, Psychological Bulletin 86: 420-428, table 2: six targets, four judges.
TARGETS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))

#: Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability: four observers, twelve
#: units, 0 where there is no value.
UNITS = ("123321412000", "123322412503", "033323422510", "123324412510")

#: Seven judges' ranks of seven wines.
WINES = ("4213576", "3651274", "5174632", "4371265", "6415327", "6321475", "3614572")


def crossed(table: Iterable[Sequence[float | None]]) -> Crossed:
    """Proposals p00… × judges j00…; None where there is no value."""
    rows = [
        (f"p{i:02}", f"j{j:02}", value)
        for i, row in enumerate(table)
        for j, value in enumerate(row)
        if value is not None
    ]
    proposals, judges, values = zip(*rows, strict=True)
    return Crossed.of(proposals, judges, values)


def by_judge(rows: Sequence[str]) -> Crossed:
    """A string of digits for each judge; 0 where there is no value."""
    return crossed([[int(d) or None for d in column] for column in zip(*rows, strict=True)])
