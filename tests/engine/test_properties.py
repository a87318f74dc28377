"""What holds without any data: who may be exchanged for whom, and what one more point does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.errors import HeadroomError
from review.model.canonical import dumps
from review.pipeline import derive
from review.testing import competition, run
from tests.engine.strategies import JUDGES, PROPOSALS, SCORERS, competitions
from tests.engine.test_against_reference import PLUGINS, RANDOM, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from review.model.loaded import LoadedCompetition
    from review.model.result import Result

EXAMPLE = Path(__file__).parents[2] / "examples" / "star-plan-2024"
MONOTONE = ("weighted_mean", "trimmed_mean", "median", "majority_judgment", "borda")
FRAMES = ("proposals", "judges", "marks", "conflicts", "decisions", "facts", "assignments")
ROUNDING: tuple[dict[str, int], ...] = (
    {},
    {"ballot": 1},
    {"criterion": 1, "weighted": 2},
    {"mark": 0, "subtotal": 1, "total": 0},
)


def result_of(loaded: LoadedCompetition) -> Result | None:
    """The result; None where the numbers do not fit, which is no property of who they belong to."""
    try:
        return derive(loaded, PLUGINS, {})
    except HeadroomError:
        return None


def with_frames(
    loaded: LoadedCompetition, change: Callable[[pl.DataFrame], pl.DataFrame]
) -> LoadedCompetition:
    frames = {name: getattr(loaded, name) for name in FRAMES}
    changed: dict[str, Any] = {n: change(f) for n, f in frames.items() if f is not None}
    return replace(loaded, **changed)


def renamed(loaded: LoadedCompetition, column: str, names: Mapping[str, str]) -> LoadedCompetition:
    """Everybody under another name, in the order of the new names."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        if column not in frame.columns:
            return frame
        keys = [c for c in ("round", "proposal", "judge", "criterion") if c in frame.columns]
        return frame.with_columns(pl.col(column).replace(names)).sort(keys)

    return with_frames(loaded, change)


@settings(RANDOM, max_examples=20)
@given(competitions(rounds=2), st.permutations(JUDGES))
def test_judges_are_anonymous(loaded: LoadedCompetition, others: list[str]) -> None:
    before = result_of(loaded)
    after = result_of(renamed(loaded, "judge", dict(zip(JUDGES, others, strict=True))))
    assert (before and lines(before)) == (after and lines(after))


@settings(RANDOM, max_examples=20)
@given(competitions(rounds=2), st.permutations(PROPOSALS))
def test_proposals_are_treated_alike(loaded: LoadedCompetition, others: list[str]) -> None:
    names = dict(zip(PROPOSALS, others, strict=True))
    rubrics = {
        r: rubric.model_copy(update={"ties": tuple(t for t in rubric.ties if t != "lot")})
        for r, rubric in loaded.rubrics.items()
    }
    loaded = replace(loaded, rubrics=rubrics)
    before, after = result_of(loaded), result_of(renamed(loaded, "proposal", names))
    expected = before and {
        round_id: {
            names[proposal]: replace(
                line,
                tie=line.tie and (tuple(sorted(names[p] for p in line.tie[0])), line.tie[1]),
            )
            for proposal, line in of_round.items()
        }
        for round_id, of_round in lines(before).items()
    }
    assert (after and lines(after)) == expected


@settings(RANDOM, max_examples=20)
@given(competitions(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_byte(loaded: LoadedCompetition, random: Any) -> None:
    def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
        order = random.sample(range(frame.height), frame.height)
        columns = random.sample(frame.columns, frame.width)
        return frame[order].select(columns) if frame.height else frame

    marks = loaded.marks
    before, after = result_of(loaded), result_of(with_frames(loaded, shuffled))
    assert (before and dumps(before.to_json())) == (after and dumps(after.to_json()))
    assert loaded.marks is marks


@settings(RANDOM, max_examples=20)
@given(competitions())
def test_rounds_alone_come_out_as_rounds_together(loaded: LoadedCompetition) -> None:
    rounds = tuple(r.model_copy(update={"parts": ()}) for r in loaded.competition.rounds)
    rubrics = {
        r: rubric.model_copy(
            update={"ties": tuple(t for t in rubric.ties if not t.startswith("score:"))}
        )
        for r, rubric in loaded.rubrics.items()
    }
    whole_rules = loaded.competition.model_copy(update={"rounds": rounds})
    together = replace(loaded, competition=whole_rules, rubrics=rubrics)
    whole = result_of(together)
    for declared in rounds:
        only = loaded.competition.model_copy(update={"rounds": (declared,)})
        alone = result_of(replace(together, competition=only))
        if whole is not None and alone is not None:
            assert lines(whole)[declared.id] == lines(alone)[declared.id]


@pytest.mark.parametrize("order", ["judge-first", "criterion-first"])
@pytest.mark.parametrize("scorer", SCORERS)
def test_identical_judges_give_their_own_order(scorer: str, order: str) -> None:
    marks = {p: {j: {"a": 9 - n, "b": 8 - n} for j in JUDGES} for n, p in enumerate(PROPOSALS)}
    (found,) = run(competition(marks, rubric={"scorer": scorer, "order": order})).rounds
    ranks = [(n, p) for n, p in enumerate(PROPOSALS, 1)]
    assert [(s.rank, s.proposal) for s in found.standings] == ranks


MARKS = st.lists(st.integers(0, 10), min_size=40, max_size=40)


def ranks(marks: Mapping[str, Any], rubric: Mapping[str, Any]) -> dict[str, int | None]:
    scale = {"min": 0, "max": 10, "decimals": 0}
    found = run(competition(marks, rubric={"scale": scale, **rubric}))
    return {s.proposal: s.rank for s in found.rounds[0].standings}


def sheet(values: list[int]) -> dict[str, dict[str, dict[str, int]]]:
    """Four proposals by five judges on two criteria."""
    rest = iter(values)
    return {p: {j: {c: next(rest) for c in "ab"} for j in JUDGES} for p in PROPOSALS[:4]}


@pytest.mark.parametrize("order", ["judge-first", "criterion-first"])
@pytest.mark.parametrize("scorer", MONOTONE)
@settings(RANDOM, max_examples=10)
@given(
    MARKS, st.sampled_from(PROPOSALS[:4]), st.sampled_from(JUDGES), st.sampled_from("ab"),
    st.integers(1, 10), st.sampled_from(ROUNDING),
)  # fmt: skip
def test_a_higher_mark_never_lowers_the_rank(  # noqa: PLR0913, PLR0917 -- what is drawn
    scorer: str, order: str, values: list[int], proposal: str, judge: str, criterion: str, up: int,
    rounding: dict[str, int],
) -> None:  # fmt: skip
    rubric = {
        "scorer": scorer, "order": order, "rounding": rounding,
        "criteria": [{"id": "a", "weight": "2.5"}, {"id": "b", "weight": 1}],
        "ties": ["criterion:a", "median", "top_marks", "share"],
    }  # fmt: skip
    marks = sheet(values)
    before = ranks(marks, rubric)[proposal]
    ballot = marks[proposal][judge]
    ballot[criterion] = min(10, ballot[criterion] + up)
    after = ranks(marks, rubric)[proposal]
    assert before is not None
    assert after is not None
    assert after <= before


def test_a_higher_mark_may_lower_the_rank_under_z_score() -> None:
    """It widens the spread of its judge, and with it shrinks every lead that this judge gave."""
    marks = {"p1": {"j1": 0, "j2": 9}, "p2": {"j1": 7, "j2": 7}, "p3": {"j1": 3, "j2": 8}}
    before = ranks(marks, {"scorer": "z_score"})
    marks["p1"]["j2"] = 10
    after = ranks(marks, {"scorer": "z_score"})
    assert (before["p1"], after["p1"]) == (1, 2)


@pytest.mark.slow
def test_number_of_threads_changes_no_byte() -> None:
    command = [sys.executable, "-c", "from review.cli import main; main()"]
    found = {
        subprocess.run(
            [*command, "run", EXAMPLE, "--json"],
            env={**os.environ, "POLARS_MAX_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "7")
    }
    assert len(found) == 1
