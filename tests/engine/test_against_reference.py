"""The engine says what docs/scoring.md says: on random competitions, to the last digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, settings

from review.errors import HeadroomError
from review.model.competition import Where
from review.pipeline import derive
from review.plugin.manager import Plugins
from tests.engine.reference import Line, reference
from tests.engine.reference_scorers import RefusedError
from tests.engine.strategies import competitions

if TYPE_CHECKING:
    from review.model.loaded import LoadedCompetition
    from review.model.result import Result, Standing

PLUGINS = Plugins.load()
RANDOM = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def entrants(loaded: LoadedCompetition) -> dict[str, list[str]]:
    """Who takes part in each round (communities are written alike, so equality will do)."""
    found = {}
    for declared in loaded.competition.rounds:
        rows = list(loaded.proposals.iter_rows(named=True))
        if isinstance(declared.entrants, Where):
            wanted = declared.entrants.where.items()
            rows = [row for row in rows if all(row[name] == value for name, value in wanted)]
        found[declared.id] = [row["proposal"] for row in rows]
    return found


def line(standing: Standing) -> Line:
    tie = standing.tie
    return Line(
        group=standing.group,
        rank=standing.rank,
        score=standing.score,
        subtotal=standing.subtotal,
        criteria=standing.criteria,
        parts=standing.parts,
        ballots=standing.ballots,
        missing=standing.missing,
        tie=None if tie is None else (tie.with_, tie.by),
    )


def lines(result: Result) -> dict[str, dict[str, Line]]:
    return {r.id: {s.proposal: line(s) for s in r.standings} for r in result.rounds}


def assert_as_the_reference(loaded: LoadedCompetition) -> None:
    try:
        result = derive(loaded, PLUGINS, {})
    except HeadroomError:
        event("refused for lack of room")
        return
    errors = [problem for problem in result.problems if problem.is_error]
    try:
        expected = reference(loaded, entrants(loaded))
    except RefusedError:
        assert errors
    else:
        assert (lines(result), errors) == (expected, [])


@settings(RANDOM, max_examples=80)
@given(competitions())
def test_every_number_place_and_tie_is_that_of_the_reference(loaded: LoadedCompetition) -> None:
    assert_as_the_reference(loaded)


@pytest.mark.slow
@settings(RANDOM, max_examples=500)
@given(competitions())
def test_every_number_is_that_of_the_reference_on_many_competitions(
    loaded: LoadedCompetition,
) -> None:
    assert_as_the_reference(loaded)
