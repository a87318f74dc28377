"""Marks brought to one scale by a straight line for each judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field as Limits

from review import FieldScorer, FieldScores, Message, Options
from review_plugins.scorers.calibrating import confounding, disconnected, shortened

if TYPE_CHECKING:
    from review import Field
    from review.stats.crossed import Crossed
    from review.stats.scaled import Scaled

MOST = 1000

_UNDETERMINED = {
    "en": "least_squares_calibration cannot bring the judges to one scale: too few of their marks "
    "are on proposals that others marked too. Use additive or trimmed_mean",
    "zh-Hans": "least_squares_calibration 无法把各位评委换算到同一尺度："
    "他们与其他评委共同评过的项目太少。请改用 additive 或 trimmed_mean",
}
_LARGE = {
    "en": "least_squares_calibration takes at most {most} judges, there are {judges}. "
    "Use calibrated or additive",
    "zh-Hans": "least_squares_calibration 最多支持 {most} 位评委，现有 {judges} 位。"
    "请改用 calibrated 或 additive",
}
_FEW = {
    "en": "the marks of {judges} do not tell their scale: fewer than {least} proposals that others "
    "marked too, or all marks alike; they get the average one",
    "zh-Hans": "评委 {judges} 的打分无法确定其尺度：与他人共同评过的项目不足 {least} 个，"
    "或所给分数全部相同；对他们采用平均尺度",
}
_FLAT = {
    "en": "the marks of {judges} run against those of the others: they count as if all were alike",
    "zh-Hans": "评委 {judges} 的打分与其他评委方向相反，按全部相同处理",
}


class LeastSquaresCalibrationOptions(Options):
    """`least`: who marked fewer proposals that others marked too gets the average scale."""

    least: int = Limits(default=8, ge=2)


class LeastSquaresCalibration(FieldScorer):
    """The mean over judges of slope · mark + offset, with the lines on which judges agree best.

    Least squares with slopes at least 0, of mean 1, and offsets of mean 0: the average judge keeps
    the scale. Held to six decimals before anything is ranked. Refused where no chain of judges
    connects all proposals or the marks do not tell the slopes; a warning where some judges marked
    too little to have a slope of their own, and where judges are confounded with groups of
    proposals.
    """

    id = "least_squares_calibration"
    title = {"en": "Calibrated for severity and scale", "zh-Hans": "按评委宽严与尺度校准"}
    Options = LeastSquaresCalibrationOptions

    def score_field(self, field: Field) -> FieldScores:
        """The quality of least-square calibration in its linear form."""
        from review.stats.scaled import UndeterminedError, fit  # noqa: PLC0415 -- loads numpy

        crossed = field.crossed()
        refusal = disconnected(self.id, crossed) or _too_large(crossed)
        if refusal is not None:
            return FieldScores({}, refusal=refusal)
        try:
            fitted = fit(crossed, least=self.options.least)
        except UndeterminedError:
            refusal = Message("least_squares_calibration_undetermined", {}, _UNDETERMINED)
            return FieldScores({}, refusal=refusal)
        return FieldScores.held(
            crossed.proposals,
            fitted.quality,
            unit=field.unit,
            warnings=self._warnings(crossed, fitted),
        )

    def _warnings(self, crossed: Crossed, fitted: Scaled) -> list[Message]:
        from review.stats.scaled import FLAT  # noqa: PLC0415 -- loads numpy

        told = confounding(self.id, crossed, fitted.quality)
        warnings = [] if told is None else [told]
        few = [j for j, average in zip(crossed.judges, fitted.average, strict=True) if average]
        if few:
            params = {"judges": shortened(few), "least": self.options.least}
            warnings.append(Message("least_squares_calibration_few", params, _FEW))
        slopes = zip(crossed.judges, fitted.slope.tolist(), strict=True)
        flat = [judge for judge, slope in slopes if slope <= FLAT]
        if flat:
            judges = {"judges": shortened(flat)}
            warnings.append(Message("least_squares_calibration_flat", judges, _FLAT))
        return warnings


def _too_large(crossed: Crossed) -> Message | None:
    judges = len(crossed.judges)
    if judges <= MOST:
        return None
    params = {"most": MOST, "judges": judges}
    return Message("least_squares_calibration_large", params, _LARGE)
