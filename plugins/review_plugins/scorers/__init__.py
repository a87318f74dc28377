"""Scorers: how the marks of a panel become one score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review_plugins.scorers.additive import Additive
from review_plugins.scorers.borda import Borda
from review_plugins.scorers.bradley_terry import BradleyTerry
from review_plugins.scorers.calibrated import Calibrated
from review_plugins.scorers.copeland import Copeland
from review_plugins.scorers.crowd_bt import CrowdBT
from review_plugins.scorers.davidson import Davidson
from review_plugins.scorers.kemeny import Kemeny
from review_plugins.scorers.least_squares_calibration import LeastSquaresCalibration
from review_plugins.scorers.majority_judgment import MajorityJudgment
from review_plugins.scorers.median import Median
from review_plugins.scorers.plackett_luce import PlackettLuce
from review_plugins.scorers.schulze import Schulze
from review_plugins.scorers.trimmed_mean import TrimmedMean
from review_plugins.scorers.weighted_mean import WeightedMean
from review_plugins.scorers.z_score import ZScore

if TYPE_CHECKING:
    from review import FieldScorer, RankingScorer, Scorer

SCORERS: list[type[Scorer | FieldScorer | RankingScorer]] = [
    Additive,
    Borda,
    BradleyTerry,
    Calibrated,
    Copeland,
    CrowdBT,
    Davidson,
    Kemeny,
    LeastSquaresCalibration,
    MajorityJudgment,
    Median,
    PlackettLuce,
    Schulze,
    TrimmedMean,
    WeightedMean,
    ZScore,
]
