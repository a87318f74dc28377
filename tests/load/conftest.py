"""A good competition to load, and what was found in it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from review.errors import DataError
from review.load import load_competition
from tests.load import corpus, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from review.model.loaded import LoadedCompetition
    from review.model.problem import Problem
    from review.plugin.manager import Plugins

    Load = Callable[..., LoadedCompetition]
    Found = Callable[..., list[str]]


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    """The parts that the good competition names."""
    return parts.plugins()


@pytest.fixture
def load(tmp_path: Path, plugins: Plugins) -> Load:
    """Load the good competition, changed as the text of a case says."""

    def loaded(case: str = "", using: Plugins | None = None) -> LoadedCompetition:
        corpus.build(case, tmp_path)
        return load_competition(tmp_path, using or plugins)

    return loaded


@pytest.fixture
def found(load: Load) -> Found:
    """What is told about the changed competition, a line for each problem."""

    def told(case: str = "", using: Plugins | None = None) -> list[str]:
        try:
            problems: Sequence[Problem] = load(case, using).problems
        except DataError as error:
            problems = error.problems
        return [line(problem) for problem in problems]

    return told


def line(problem: Problem) -> str:
    """`pitch.csv:3 need: error mark_too_fine 8.25`."""
    place = problem.place
    parts_ = [place.file or "", f"[{place.sheet}]" if place.sheet else ""]
    where = "".join(parts_) + ("" if place.row is None else f":{place.row}")
    told = [where, place.column, f"{problem.severity}", problem.code, problem.value]
    hint = problem.hint.render("en") if problem.hint else None
    return " ".join(str(part) for part in (*told, f"({hint})" if hint else None) if part)


def accepted(path: Path, problems: Sequence[Problem]) -> list[object]:
    """The problems a golden file expects; `ACCEPT=1` writes it first: look at the difference."""
    if os.environ.get("ACCEPT"):
        told = [problem.to_json() for problem in problems]
        text = json.dumps(told, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    expected: list[object] = json.loads(path.read_text(encoding="utf-8"))
    return expected
