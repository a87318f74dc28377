"""The corpus: every bad input with the problems it must give, in both languages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from review.catalogue.problems import PROBLEMS
from review.errors import DataError
from review.load import load_competition
from tests.load import corpus
from tests.load.conftest import accepted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from review.model.loaded import LoadedCompetition
    from review.plugin.manager import Plugins

AT_LEAST = 60


@pytest.mark.parametrize("path", corpus.CASES, ids=lambda path: path.stem)
def test_bad_input_is_told_as_expected(path: Path, tmp_path: Path, plugins: Plugins) -> None:
    corpus.build(path.read_text(encoding="utf-8"), tmp_path)
    try:
        problems = load_competition(tmp_path, plugins).problems
    except DataError as error:
        problems = error.problems
    expected = accepted(path.with_suffix(".json"), problems)
    assert [problem.to_json() for problem in problems] == expected
    assert expected, "a bad input has a problem"


def test_corpus_is_large_enough() -> None:
    assert len(corpus.CASES) >= AT_LEAST


def test_good_competition_has_no_problem(load: Callable[..., LoadedCompetition]) -> None:
    assert load().problems == ()


def test_cells_of_spreadsheets_are_named() -> None:
    """Every problem at a cell of a spreadsheet says which, as a spreadsheet does."""
    told = [
        problem
        for path in corpus.CASES
        for problem in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if problem["sheet"] and problem["row"] and problem["column"]
    ]
    assert told
    assert [
        problem["message"]["en"]
        for problem in told
        if not re.search(r"\(cell [A-Z]+\d+\)", problem["message"]["en"])
    ] == []


def test_every_text_of_a_cell_has_room_for_its_place() -> None:
    """A text that quotes a cell ends with `{at}`, unless it is about a table or a key."""
    at_cells = ("mark_", "proposal_", "judge_by_name", "judge_unknown", "cell_", "fact_not")
    assert [
        code
        for code, text in PROBLEMS.items()
        if code.startswith(at_cells) and "{at}" not in text and "attribute" not in code
    ] == []


def test_every_value_stands_in_quotes() -> None:
    """But for signs of TOML, which may be quotes, and what is to be written."""
    bare = {code for code, text in PROBLEMS.items() if "{value}" in text.replace("“{value}”", "")}
    hints = {code for code in bare if code.startswith("hint_")}
    assert bare - hints == {"part_id", "rubric_twice", "toml_wide_sign"}
