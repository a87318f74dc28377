"""Whole rehearsals: a real server process, killed, on a database of each kind, one restarted.

Three hundred judges, fifty proposals and five criteria: the size that docs/reliability.md tells of.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from review.rehearsal.ledger import Balance
from review.rehearsal.play import Plan, rehearse

if TYPE_CHECKING:
    from tests.services import PostgreSQL

TEMPLATE = Path(__file__).parents[2] / "review/cli/templates/competition"
STAR_PLAN = Path(__file__).parents[2] / "examples/star-plan-2024"
#: Judges, proposals, criteria: 75,000 marks.
SIZE = (300, 50, 5)


@pytest.fixture
def ideas(tmp_path: Path) -> Path:
    return shutil.copytree(TEMPLATE, tmp_path / "ideas")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_is_lost_when_everything_is_killed(
    ideas: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    database, restart = None, None
    if engine == "postgresql":
        cluster: PostgreSQL = request.getfixturevalue("postgresql")
        database = request.getfixturevalue("postgresql_url")

        def restart() -> bool:
            cluster.restart("immediate")
            return True

    report = rehearse(Plan(ideas, SIZE, "fast", 2, 3, database, restart))
    told = report.balance
    assert told == Balance(told.stored, told.stored, 0, [], [], [], [])
    assert told.stored > 70_000
    assert report.is_clean, report.to_json()
    assert (report.played["kills"], len(report.down)) == (2, 2)
    assert report.played.get("restarts", 0) == (engine == "postgresql")
    assert report.faults["no_answer"] > 0
    assert report.latency["shown"].count > 0
    assert report.asked > 100


@pytest.mark.slow
def test_two_rounds_with_a_shortlist_between_them_are_played() -> None:
    report = rehearse(Plan(STAR_PLAN, pace="fast", kills=0, listeners=0))
    assert report.is_clean, report.to_json()
    assert report.size.rounds == ["selection", "showcase"]
