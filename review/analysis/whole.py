"""All that is said about one result, for a report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from review.analysis.agreement.measuring import agreement
from review.analysis.comparing.report import comparing
from review.analysis.crossing import ballots
from review.analysis.stability.report import stability
from review.analysis.unusual.finding import unusual

if TYPE_CHECKING:
    from review.analysis.agreement.report import Agreement
    from review.analysis.comparing.report import Comparison
    from review.analysis.stability.report import Stability
    from review.analysis.unusual.report import Unusual
    from review.model.result import Result
    from review.plugin.manager import Plugins
    from review.stats.crossed import Crossed

#: What a report takes a few seconds for; beyond, the commands are there.
MOST_ENTRANTS, MOST_BALLOTS = 400, 10_000


@dataclass(frozen=True)
class Analysis:
    """The parts of an analysis, each computed when it is first asked for."""

    result: Result
    plugins: Plugins

    @cached_property
    def is_too_large(self) -> bool:
        """Whether the whole would take too long beside a report."""
        entrants = sum(len(round_.standings) for round_ in self.result.rounds)
        return (
            entrants > MOST_ENTRANTS
            or sum(r.standings.frame["ballots"].sum() for r in self.result.rounds) > MOST_BALLOTS
        )

    @cached_property
    def agreement(self) -> Agreement:
        """How far the judges agree and how each of them marks."""
        return agreement(self.result)

    @cached_property
    def stability(self) -> Stability:
        """How sure each place and each award is."""
        return stability(self.result, self.plugins)

    @cached_property
    def comparison(self) -> Comparison:
        """What would change the result."""
        return comparing(self.result, self.plugins)

    @cached_property
    def unusual(self) -> Unusual:
        """What is unusual and worth a question."""
        return unusual(self.result)

    def ballots(self, round_id: str) -> Crossed | None:
        """What each judge gave each ranked proposal in all; None where nobody gave anything."""
        return ballots(self.result, round_id)
