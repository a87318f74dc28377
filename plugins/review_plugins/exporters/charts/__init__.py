"""Charts of a report as inline SVG: no script, no style attribute, nothing from elsewhere.

Colours, type and dark and printed pages come from report.css by class; shapes, hatching and printed
numbers say everything that colours say. Each chart has a title and a description in its language.
"""

from __future__ import annotations

from review_plugins.exporters.charts.intervals import RankInterval, rank_intervals
from review_plugins.exporters.charts.matrix import ScoreMatrix, score_matrix
from review_plugins.exporters.charts.methods import Method, MethodComparison, method_comparison
from review_plugins.exporters.charts.severity import JudgeSeverity, judge_severity

__all__ = [
    "JudgeSeverity",
    "Method",
    "MethodComparison",
    "RankInterval",
    "ScoreMatrix",
    "judge_severity",
    "method_comparison",
    "rank_intervals",
    "score_matrix",
]
