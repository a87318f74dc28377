from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click import unstyle
from wcwidth import wcswidth

from review.cli.problems import count_line, problem_lines, problems_json
from review.text import LANGUAGES, Language, using

if TYPE_CHECKING:
    from collections.abc import Callable

    from review.model.problem import Problem


def shown(problems: tuple[Problem, ...], language: Language) -> str:
    with using(language):
        return unstyle("\n".join([*problem_lines(problems), count_line(problems), ""]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_problems_are_grouped_by_file_and_counted(
    problems: tuple[Problem, ...], language: Language, golden: Callable[[str, str], None]
) -> None:
    text = shown(problems, language)
    assert max(map(wcswidth, text.splitlines())) <= 80
    golden(f"problems.{language}", text)


def test_no_problems_are_said_to_be_none() -> None:
    assert count_line(()) == "no problems"


def test_problems_json_has_the_keys_of_the_format(problems: tuple[Problem, ...]) -> None:
    document = json.loads(problems_json("c", problems))
    assert list(document) == ["schema", "competition", "problems"]
    assert document["problems"] == [problem.to_json() for problem in problems]
