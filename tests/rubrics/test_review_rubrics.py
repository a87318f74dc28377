from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from review.model.rubric import Rubric
from review_rubrics import register_rubrics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = register_rubrics()
#: Those in which judges give marks.
MARKED = [path for path in FILES if path.stem != "pairwise"]


def read(path: Path) -> Rubric:
    return Rubric.model_validate(tomllib.loads(path.read_text("utf-8")))


def test_rubrics_are_registered_by_name() -> None:
    assert [path.stem for path in FILES] == [
        "community-proposal",
        "community-showcase",
        "grant-application",
        "pairwise",
        "points-100",
        "science-fair",
        "startup-pitch",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rubric_has_the_id_of_its_file(path: Path) -> None:
    assert read(path).id == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rubric_says_everything_in_two_languages(path: Path) -> None:
    rubric = read(path)
    texts: list[Mapping[str, str]] = [rubric.title, rubric.description]
    for criterion in rubric.criteria:
        texts += [criterion.title, *criterion.levels.values()]
    assert [set(text) for text in texts] == [{"en", "zh-Hans"}] * len(texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rubric_adds_up_to_a_hundred(path: Path) -> None:
    rubric = read(path)
    full = [
        rubric.scale_of(c).max * c.weight if rubric.report == "sum" else c.weight
        for c in rubric.criteria
    ]
    assert sum(full) == 100


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_rubric_describes_levels_on_its_scale(path: Path) -> None:
    rubric = read(path)
    for criterion in rubric.criteria:
        scale = rubric.scale_of(criterion)
        assert len(criterion.levels) >= 3
        assert all(scale.min <= int(level) <= scale.max for level in criterion.levels)
