"""Marks corrected for severe and lenient judges, as far as the marks tell them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import FieldScorer, FieldScores, Message
from review_plugins.scorers.calibrating import confounding, parts

if TYPE_CHECKING:
    from review import Field
    from review.stats.crossed import Crossed
    from review.stats.mixed import Mixed

_PARTS = {
    "en": "no chain of judges connects all proposals: {parts}. calibrated compares them as if each "
    "part had been given equally good proposals and equally severe judges",
    "zh-Hans": "没有评委能把所有项目联系起来：{parts}。calibrated 比较它们时，"
    "假定各部分分到的项目水平和评委宽严都相当",
}
_SINGLE = {
    "en": "every proposal has one ballot: how much of the spread is quality and how much is noise "
    "cannot be told; calibrated takes half of it to be each",
    "zh-Hans": "每个项目都只有一份评分：无法分辨差异中有多少是水平、多少是偶然；"
    "calibrated 按各占一半处理",
}
_UNKNOWN = {
    "en": "the marks say nothing of how severe a judge is: there is one judge, or each judge "
    "marked one proposal. calibrated corrects nothing",
    "zh-Hans": "这些打分无法说明评委的宽严：只有一位评委，或每位评委只评了一个项目。"
    "calibrated 未作任何校正",
}


class Calibrated(FieldScorer):
    """Mean + the proposal's effect in the mixed model mark = mean + proposal + judge + noise.

    Effects are predicted (BLUP) with standard deviations estimated from the marks of the field
    (REML). Where judges do not differ this orders as the plain mean does if all have equally many
    ballots; a proposal with few ballots is drawn to the mean more than one with many. Held to six
    decimals before anything is ranked. Warns where parts of the field share no judge, and where
    judges are confounded with groups of proposals: then it takes from a group of strong proposals
    what makes them strong.
    """

    id = "calibrated"
    title = {"en": "Calibrated for severity", "zh-Hans": "按评委宽严校准"}

    def score_field(self, field: Field) -> FieldScores:
        """μ + q of the mixed model."""
        from review.stats.mixed import fit  # noqa: PLC0415 -- loads numpy

        crossed = field.crossed()
        fitted = fit(crossed)
        return FieldScores.held(
            crossed.proposals,
            fitted.qualities,
            unit=field.unit,
            warnings=_warnings(crossed, fitted),
        )


def _warnings(crossed: Crossed, fitted: Mixed) -> list[Message]:
    warnings = []
    confounded = confounding(Calibrated.id, crossed, fitted.qualities)
    if confounded is not None:
        warnings.append(confounded)
    elif fitted.parts > 1:
        warnings.append(Message("calibrated_parts", {"parts": parts(crossed)}, _PARTS))
    if "proposal" in fitted.assumed:
        warnings.append(Message("calibrated_single", {}, _SINGLE))
    if "judge" in fitted.assumed:
        warnings.append(Message("calibrated_unknown", {}, _UNKNOWN))
    return warnings
