from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from review.app import load
from review.errors import DataError
from review.rehearsal.staging import stage

ROOT = Path(__file__).parents[2]
STAR_PLAN = ROOT / "examples/star-plan-2024"
DICE = random.Random(1)  # noqa: S311 -- names, no secrets


def test_stage_copies_the_rules_without_marks_and_rulings(tmp_path: Path) -> None:
    staged = stage(STAR_PLAN, tmp_path, (None, None, None), DICE)
    was = load(STAR_PLAN)
    assert staged.competition.awards == was.competition.awards
    assert staged.loaded.judges.equals(was.loaded.judges)
    assert staged.loaded.conflicts.equals(was.loaded.conflicts)
    assert (staged.loaded.marks.height, staged.loaded.decisions.height) == (0, 0)


def test_stage_makes_up_who_is_lacking(tmp_path: Path) -> None:
    staged = stage(STAR_PLAN, tmp_path, (30, 60, None), DICE).loaded
    was = load(STAR_PLAN).loaded
    judges = staged.judges.sort("judge")
    assert judges.height == 30
    assert set(was.judges["judge"]) < set(judges["judge"])
    assert judges["name"].n_unique() == 30
    assert set(judges["panel"]) == set(was.judges["panel"])
    assert (staged.proposals.height, staged.proposals["title"].n_unique()) == (60, 60)
    assert set(staged.proposals["community"]) == set(was.proposals["community"])


def test_stage_takes_the_first_ones_where_fewer_are_wanted(tmp_path: Path) -> None:
    staged = stage(STAR_PLAN, tmp_path, (5, 20, None), DICE).loaded
    assert list(staged.judges["judge"]) == ["e1", "e2", "e3", "e4", "e5"]
    competing = staged.proposals.filter(staged.proposals["status"].is_null())
    assert competing.height in {19, 20}
    assert staged.proposals.height == 50


def test_stage_makes_a_rubric_up_and_needs_no_marks(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "review/cli/templates/competition", tmp_path / "ideas")
    (folder / "judges.csv").write_text("id\nr0001\n", encoding="utf-8")
    shutil.rmtree(folder / "marks")
    staged = stage(folder, tmp_path / "staged", (3, 4, 3), DICE).loaded
    assert list(staged.judges["judge"]) == ["r0001", "r0002", "r0003"]
    assert list(staged.proposals["status"].drop_nulls()) == ["withdrawn"] * 2
    rubric = staged.rubrics["selection"]
    assert [c.id for c in rubric.criteria] == ["c1", "c2", "c3"]
    assert rubric.places == 3


def test_stage_tells_what_is_wrong_with_the_folder(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "review/cli/templates/competition", tmp_path / "ideas")
    (folder / "judges.csv").write_text("id,name\nj1,A\nj1,B\n", encoding="utf-8")
    with pytest.raises(DataError) as found:
        stage(folder, tmp_path / "staged", (None, None, None), DICE)
    assert any(problem.is_error for problem in found.value.problems)
