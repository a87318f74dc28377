"""Scorers: how the marks of a panel become one score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.scorers.borda import Borda
from review_plugins.scorers.majority_judgment import MajorityJudgment
from review_plugins.scorers.median import Median
from review_plugins.scorers.trimmed_mean import TrimmedMean
from review_plugins.scorers.weighted_mean import WeightedMean
from review_plugins.scorers.z_score import ZScore

if TYPE_CHECKING:
    from review import FieldScorer, Scorer

SCORERS: list[type[Scorer | FieldScorer]] = [
    Borda,
    MajorityJudgment,
    Median,
    TrimmedMean,
    WeightedMean,
    ZScore,
]
