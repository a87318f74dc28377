"""Rounds that are judged by comparisons or rankings: what their rules may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.load.files import COMPETITION
from review.messages import Message
from review.model.problem import Place
from review.plugin.comparing import RankingScorer

if TYPE_CHECKING:
    from review.load.report import Report
    from review.model.competition import Competition, Round
    from review.model.rubric import Rubric
    from review.plugin.manager import Plugins

#: Tie-breaks that look at marks.
OF_MARKS = frozenset(("median", "top_marks"))


def check_compared(round_: Round, rubric: Rubric | None, plugins: Plugins, report: Report) -> None:
    """Marks beside comparisons, and a rubric that needs marks."""
    key = f"rounds.{round_.id}"
    if round_.marks:
        report.error("marks_beside_comparisons", Place(COMPETITION, column=key), value=round_.id)
    if rubric is None:
        return  # which was told
    place = Place(COMPETITION, column=f"{key}.rubric")
    scorers = plugins.scorers()
    scorer = scorers.get(rubric.scorer.name)
    if scorer is not None and not issubclass(scorer.part, RankingScorer):
        able = sorted(n for n, known in scorers.items() if issubclass(known.part, RankingScorer))
        hint = Message("hint_scorers_of_comparisons", {"names": able})
        told = {"value": rubric.scorer.name, "round": round_.id}
        report.error("scorer_needs_marks", place, hint=hint, **told)
    if len(rubric.criteria) > 1:
        criteria = [criterion.id for criterion in rubric.criteria]
        hint = Message("hint_one_criterion")
        report.error("compared_by_criteria", place, value=round_.id, criteria=criteria, hint=hint)
    for token in sorted(OF_MARKS & set(rubric.ties)):
        report.error("tie_needs_marks", place, value=token, round=round_.id)


def refuse_live(competition: Competition, report: Report) -> None:
    """An error for each round that cannot be judged live, since judges give marks there."""
    for round_ in competition.rounds:
        if round_.compared:
            place = Place(COMPETITION, column=f"rounds.{round_.id}")
            report.error("compared_not_live", place, value=round_.id)
