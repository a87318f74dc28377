"""Scores that are asked for, held against the highest score that a round can give."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from review.plugin.parts import Scorer

if TYPE_CHECKING:
    from review.load.report import Report
    from review.model.competition import Round
    from review.model.problem import Place
    from review.model.rubric import Rubric
    from review.plugin.manager import Plugins


def tell_unreachable(score: object, highest: Decimal | None, place: Place, report: Report) -> None:
    """A warning where no proposal can have a score; `highest` None: that is not known."""
    if isinstance(score, Decimal) and highest is not None and score > highest:
        report.warning(
            "score_unreachable", place, value=f"{score:f}", most=f"{highest.normalize():f}"
        )


def highest_score(round_: Round, rubric: Rubric | None, plugins: Plugins) -> Decimal | None:
    """The highest score of a round that is made of its own marks; None where that is not known."""
    times = sum(part.times for part in round_.made_of)
    scorer = None if rubric is None else plugins.scorers().get(rubric.scorer.name)
    own = all(part.from_ == "own" for part in round_.made_of) and times > 0
    # A scorer that iterates may leave the scale of the marks.
    if rubric is None or scorer is None or not own or not issubclass(scorer.part, Scorer):
        return None
    if scorer.part.unit != "mark":
        return None
    tops = [(criterion.weight, rubric.scale_of(criterion).max) for criterion in rubric.counting]
    match rubric.report:
        case "own":
            most = max(top for _, top in tops)
        case "sum":
            most = sum((weight * top for weight, top in tops), Decimal(0))
        case _:
            most = Decimal(100)
    return (most * times).quantize(Decimal(1).scaleb(-rubric.decimals), ROUND_HALF_UP)
