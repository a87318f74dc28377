"""Marks less what their judges add to every proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review import FieldScorer, FieldScores
from review_plugins.scorers.calibrating import confounding, disconnected

if TYPE_CHECKING:
    from review import Field


class Additive(FieldScorer):
    """The quality in mark = quality + judge, by least squares; the judges' effects sum to 0.

    Nothing is shrunk: the mean over a proposal's judges of mark - judge's effect. Where all judges
    marked all proposals it is the plain mean. Held to six decimals before anything is ranked.
    Refused where no chain of judges connects all proposals; a warning where judges are confounded
    with groups of proposals.
    """

    id = "additive"
    title = {"en": "Less the judges' effects", "zh-Hans": "扣除评委效应"}

    def score_field(self, field: Field) -> FieldScores:
        """The least-squares quality."""
        from review.stats.additive import fit  # noqa: PLC0415 -- loads numpy

        crossed = field.crossed()
        refusal = disconnected(self.id, crossed)
        if refusal is not None:
            return FieldScores({}, refusal=refusal)
        quality = fit(crossed).quality
        told = confounding(self.id, crossed, quality)
        return FieldScores.held(
            crossed.proposals, quality, unit=field.unit, warnings=[] if told is None else [told]
        )
