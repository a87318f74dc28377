"""Scores, rankings, shortlists and awards of competitions, exact and explained.

These are the public names, on which every plugin is written; they are loaded when first used, so
that importing `review` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from review.analysis.whole import Analysis
    from review.engine.column import Column
    from review.engine.exact import half_up_div
    from review.engine.standings import StandingsView
    from review.errors import DataError, HeadroomError, OutputError, PluginError, ReviewError
    from review.messages import Message
    from review.model.problem import Place, Problem, Severity
    from review.model.result import (
        AwardResult,
        Result,
        RoundResult,
        RoundTrace,
        ShortlistEntry,
        Standing,
    )
    from review.model.types import Exact, Title
    from review.plugin.comparing import Ranking, RankingScorer
    from review.plugin.markers import hookimpl
    from review.plugin.parts import (
        Award,
        Choice,
        Entrant,
        Exporter,
        Field,
        FieldScorer,
        FieldScores,
        Keys,
        OptionError,
        Options,
        Reader,
        ReadError,
        RoundContext,
        Scorer,
        Selection,
        Sheet,
        ShortlistRule,
    )

_PARTS = "review.plugin.parts"
_COMPARING = "review.plugin.comparing"
_HOME = {
    "Analysis": "review.analysis.whole",
    "Award": _PARTS,
    "AwardResult": "review.model.result",
    "Choice": _PARTS,
    "Column": "review.engine.column",
    "DataError": "review.errors",
    "Entrant": _PARTS,
    "Exact": "review.model.types",
    "Exporter": _PARTS,
    "Field": _PARTS,
    "FieldScorer": _PARTS,
    "FieldScores": _PARTS,
    "HeadroomError": "review.errors",
    "Keys": _PARTS,
    "Message": "review.messages",
    "OptionError": _PARTS,
    "Options": _PARTS,
    "OutputError": "review.errors",
    "Place": "review.model.problem",
    "PluginError": "review.errors",
    "Problem": "review.model.problem",
    "Ranking": _COMPARING,
    "RankingScorer": _COMPARING,
    "ReadError": _PARTS,
    "Reader": _PARTS,
    "Result": "review.model.result",
    "ReviewError": "review.errors",
    "RoundContext": _PARTS,
    "RoundResult": "review.model.result",
    "RoundTrace": "review.model.result",
    "Scorer": _PARTS,
    "Selection": _PARTS,
    "Severity": "review.model.problem",
    "Sheet": _PARTS,
    "ShortlistEntry": "review.model.result",
    "ShortlistRule": _PARTS,
    "Standing": "review.model.result",
    "StandingsView": "review.engine.standings",
    "Title": "review.model.types",
    "half_up_div": "review.engine.exact",
    "hookimpl": "review.plugin.markers",
}

__all__ = [
    "Analysis",
    "Award",
    "AwardResult",
    "Choice",
    "Column",
    "DataError",
    "Entrant",
    "Exact",
    "Exporter",
    "Field",
    "FieldScorer",
    "FieldScores",
    "HeadroomError",
    "Keys",
    "Message",
    "OptionError",
    "Options",
    "OutputError",
    "Place",
    "PluginError",
    "Problem",
    "Ranking",
    "RankingScorer",
    "ReadError",
    "Reader",
    "Result",
    "ReviewError",
    "RoundContext",
    "RoundResult",
    "RoundTrace",
    "Scorer",
    "Selection",
    "Severity",
    "Sheet",
    "ShortlistEntry",
    "ShortlistRule",
    "Standing",
    "StandingsView",
    "Title",
    "half_up_div",
    "hookimpl",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
