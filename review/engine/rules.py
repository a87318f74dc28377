"""What the chain needs to know of each round, beside its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.model.competition import Round
    from review.model.rubric import Rubric
    from review.plugin.comparing import RankingScorer
    from review.plugin.manager import PluginInfo
    from review.plugin.parts import FieldScorer, Scorer


@dataclass(frozen=True)
class RoundRules:
    """A round with its resolved rubric and the scorer that its rubric names."""

    round: Round
    rubric: Rubric
    scorer: Scorer | FieldScorer | RankingScorer
    plugin: PluginInfo

    @property
    def id(self) -> str:
        """The round's id."""
        return self.round.id

    @property
    def shape(self) -> tuple[object, ...]:
        """Rounds of one shape are scored in one query; everything else is a column."""
        rubric = self.rubric
        options = sorted(rubric.scorer.options.items(), key=repr)
        order = "compared" if self.round.compared else rubric.order
        return (rubric.scorer.name, repr(options), order, repr(rubric.rounding))

    @property
    def criterion_places(self) -> int:
        """Decimals at which criterion scores are published (and compared in ties)."""
        stage = self.rubric.rounding.criterion
        return self.rubric.decimals if stage is None else stage

    @property
    def subtotal_places(self) -> int:
        """Decimals at which the subtotal is published."""
        stage = self.rubric.rounding.subtotal
        return self.rubric.decimals if stage is None else stage

    @property
    def ballot_places(self) -> int:
        """Decimals at which ballots are shown."""
        stage = self.rubric.rounding.ballot
        return max(self.rubric.decimals, self.rubric.places) if stage is None else stage
