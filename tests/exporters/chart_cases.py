"""What charts are drawn of in tests: fifty proposals, seven judges, five methods."""

from __future__ import annotations

from review_plugins.exporters.charts import (
    JudgeSeverity,
    Method,
    MethodComparison,
    RankInterval,
    ScoreMatrix,
    judge_severity,
    method_comparison,
    rank_intervals,
    score_matrix,
)

TITLES = ("Story Hour with Grandparents & <Friends>", "楼道消防季季练：人人会用灭火器", "Fair")
PROPOSALS = [(f"p{i:02}", TITLES[i % 3]) for i in range(1, 51)]
JUDGES = [f"e{j} Judge Somebody 评委" for j in range(1, 8)]


def intervals(count: int = 50) -> list[RankInterval]:
    return [
        RankInterval(
            proposal,
            title,
            rank,
            max(1, rank - 2),
            min(count, rank + 2),
            max(1, rank - 7),
            min(count, rank + 6),
            rank <= 14,
        )
        for rank, (proposal, title) in enumerate(PROPOSALS[:count], 1)
    ]


def severity() -> list[JudgeSeverity]:
    values = (-0.62, 0.41, 0.0, -0.004, 0.2, 1.2, -0.1)
    return [JudgeSeverity(j, v, v - 0.3, v + 0.3) for j, v in zip(JUDGES, values, strict=True)]


def matrix(judges: int = 7) -> ScoreMatrix:
    names = [f"e{j} Judge Somebody 评委" for j in range(1, judges + 1)]
    scores = [
        [None if (i * 7 + j) % 11 == 0 else 5 + (i * 3 + j * 5) % 46 / 10 for j in range(judges)]
        for i in range(50)
    ]
    return ScoreMatrix(PROPOSALS, names, scores, 2, frozenset({(0, 1), (3, 2)}))


def comparison(methods: int = 5) -> MethodComparison:
    names = ("Trimmed mean", "Mean", "Median", "校准平均", "Bradley-Terry", "Kemeny", "Borda")
    made = []
    for k, name in enumerate(names[:methods]):
        ranks = [1 + (i + k * (i % 3)) % 50 for i in range(50)]
        made.append(Method(name, [*ranks[:-1], None], [rank <= 14 for rank in ranks]))
    return MethodComparison(PROPOSALS, made)


def charts(language: str) -> dict[str, str]:
    """Every chart there is, and those that are wider than a phone."""
    return {
        "intervals": rank_intervals(intervals(), identity="a", language=language, line=14),
        "severity": judge_severity(severity(), identity="b", language=language),
        "matrix": score_matrix(matrix(), identity="c", language=language),
        "methods": method_comparison(comparison(), identity="d", language=language),
        "wide matrix": score_matrix(matrix(16), identity="e", language=language),
        "wide methods": method_comparison(comparison(7), identity="f", language=language),
    }
